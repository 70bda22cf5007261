namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>
/// Random numbers from a seed, at the edges more often than not: small ones, powers of two, their
/// neighbours, all bits set, and numbers that were given before.
/// </summary>
internal sealed class RandomWords(ulong seed)
{
    private readonly ulong[] _recent = new ulong[4];
    private ulong _state = seed;

    public ulong Next()
    {
        // SplitMix64. Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
        _state += 0x9E37_79B9_7F4A_7C15;
        ulong word = (_state ^ _state >> 30) * 0xBF58_476D_1CE4_E5B9;
        word = (word ^ word >> 27) * 0x94D0_49BB_1331_11EB;
        return word ^ word >> 31;
    }

    public ulong Next(ulong mask)
    {
        ulong word = Next();
        ulong drawn = (word & 15) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 or 3 => Next() & 7,
            4 => Next() & 63,
            5 => 1UL << (int)(Next() & 63),
            6 => (1UL << (int)(Next() & 63)) - 1,
            7 => ulong.MaxValue << (int)(Next() & 63),
            8 => mask >> 1,
            9 => (mask >> 1) + 1 + (Next() & 1),
            10 => 0 - (Next() & 7),
            11 or 12 => _recent[Next() & 3],
            _ => Next(),
        };
        _recent[word >> 62] = drawn;
        return drawn & mask;
    }
}

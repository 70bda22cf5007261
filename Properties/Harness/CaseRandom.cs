using System.Numerics;

namespace PageProof.Properties.Harness;

/// <summary>
/// The random numbers of one case: they depend on the seed and the number of the case alone, so that
/// a case is the same whoever runs it, and after whatever other. SplitMix64.
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// </summary>
public struct CaseRandom(ulong seed, long index)
{
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15;

    private ulong _state = Mix(seed + Gamma) ^ Mix((ulong)index * Gamma + 1);

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += Gamma);

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>True in one of <paramref name="times"/> cases.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    /// <summary>One of the items, each as likely.</summary>
    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A word biased to its edges: none, all, one bit, few bits, or any.</summary>
    public ulong Edgy() => Below(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << Below(64),
        3 => Next() & Next() & Next(),
        4 => BitOperations.RotateLeft(ulong.MaxValue >> Below(64), Below(64)),
        _ => Next(),
    };

    private static ulong Mix(ulong word)
    {
        word = (word ^ word >> 30) * 0xBF58_476D_1CE4_E5B9;
        word = (word ^ word >> 27) * 0x94D0_49BB_1331_11EB;
        return word ^ word >> 31;
    }
}

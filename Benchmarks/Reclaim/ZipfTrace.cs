using PageProof.Implementation.Reclaim;

namespace PageProof.Benchmarks.Reclaim;

/// <summary>References to pages by Zipf's law with exponent 1, the same on every machine; one in four
/// writes.</summary>
internal static class ZipfTrace
{
    /// <summary>How many references there are.</summary>
    public const int Length = 10_000_000;

    private const int Pages = 1_000_000;
    private const uint Read = 2;
    private const uint Write = 4;

    /// <summary>The records, their pages numbered as they are first seen; and how many pages there are.</summary>
    public static (uint[] Records, int Pages) Make()
    {
        var sums = new double[Pages];
        double sum = 0;
        for (int rank = 0; rank < Pages; rank++)
        {
            sums[rank] = sum += 1.0 / (rank + 1);
        }

        PageNumbering numbers = new();
        var records = new uint[Length];
        ulong state = 1;
        for (int place = 0; place < Length; place++)
        {
            ulong drawn = Next(ref state);
            int found = Array.BinarySearch(sums, (drawn >> 11) * (sum / (1UL << 53)));
            // Ranks are scattered over addresses, as hot pages are.
            ulong page = (ulong)(found < 0 ? ~found : found) * 0x9E37_79B9_7F4A_7C15 >> 12;
            records[place] = (uint)numbers.NumberOf(page) << ReplacementMemory.MaskBits
                | ((drawn & 3) == 0 ? Write : Read);
        }

        return (records, numbers.Count);
    }

    // SplitMix64.
    private static ulong Next(ref ulong state)
    {
        ulong word = state += 0x9E37_79B9_7F4A_7C15;
        word = (word ^ word >> 30) * 0xBF58_476D_1CE4_E5B9;
        word = (word ^ word >> 27) * 0x94D0_49BB_1331_11EB;
        return word ^ word >> 31;
    }
}

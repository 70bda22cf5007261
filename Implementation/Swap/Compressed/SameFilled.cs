using System.Runtime.InteropServices;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>Pages of one word over and over: one vectorised scan, which the first other word ends.</summary>
internal static class SameFilled
{
    public static bool TryFind(ReadOnlySpan<byte> page, out ulong word)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(page);
        word = words[0];
        // Most pages that are not of one word end with another than they begin with.
        return words[^1] == word && words.IndexOfAnyExcept(word) < 0;
    }

    public static void Fill(Span<byte> page, ulong word) => MemoryMarshal.Cast<byte, ulong>(page).Fill(word);
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>
/// What may be said of a page's content without compressing it.
/// Source: Linux 6.11, Documentation/admin-guide/mm/zswap.rst, on same-value filled pages, and
/// Documentation/admin-guide/blockdev/zram.rst, on same_pages; the LZ4 block format description and RFC 8878, by
/// both of which a repetition, however long, takes few bytes.
/// </summary>
public static class CompressionSpec
{
    private const int LengthOfRepetitionMost = SizeClassSpec.PageSize / 8;

    /// <summary>The word of 64 bits that a page is, over and over; null when there is none.</summary>
    public static ulong? WordOf(ImmutableArray<byte> page)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(page.AsSpan());
        foreach (ulong word in words)
        {
            if (word != words[0])
            {
                return null;
            }
        }

        return words[0];
    }

    /// <summary>Why a page cannot have this length when it is compressed; null when it can.</summary>
    public static string? Refusal(ImmutableArray<byte> page, int length) =>
        length is <= 0 or > SizeClassSpec.PageSize ? "a compressed page is between one byte and a page long"
        : length > LengthOfRepetitionMost && IsOneWordButForOne(page)
            ? "what repeats one word, but for once, becomes an eighth at most"
        : null;

    private static bool IsOneWordButForOne(ImmutableArray<byte> page)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(page.AsSpan());
        ulong common = words[0] == words[1] ? words[0] : words[2];
        return words.Count(common) == words.Length - 1;
    }
}

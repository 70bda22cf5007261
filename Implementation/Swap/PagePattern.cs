using System.Runtime.InteropServices;
using PageProof.Contract.Swap;

namespace PageProof.Implementation.Swap;

/// <summary>
/// Pages in two halves, each filled with words that follow from one number and their place, so that no byte can be
/// another without being noticed.
/// </summary>
internal static class PagePattern
{
    private const int HalfBytes = 2048;

    /// <summary>Fills a half, 0 or 1, for a number; zeros for 0.</summary>
    public static void Fill(Span<byte> page, int half, uint value)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(page.Slice(half * HalfBytes, HalfBytes));
        for (int index = 0; index < words.Length; index++)
        {
            words[index] = WordOf(value, index);
        }
    }

    /// <summary>What both halves were filled for.</summary>
    public static PageContent Read(ReadOnlySpan<byte> page)
    {
        uint first = NumberOf(page[..HalfBytes], out bool isFirst);
        uint second = NumberOf(page[HalfBytes..], out bool isSecond);
        return new(first, second, isFirst && isSecond);
    }

    private static uint NumberOf(ReadOnlySpan<byte> half, out bool isWhole)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(half);
        uint value = (uint)(words[0] >> 32);
        isWhole = true;
        for (int index = 0; index < words.Length; index++)
        {
            isWhole &= words[index] == WordOf(value, index);
        }

        return value;
    }

    private static ulong WordOf(uint value, int index) => value == 0 ? 0
        : (ulong)value << 32 | value * 0x9E37_79B1 + (uint)index * 0x85EB_CA77;
}

using PageProof.Contract;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Swap;

/// <summary>
/// From the leaf of a page in a frame to that of a page in swap, and back: the mark of a page that was stored to
/// moves by ten places, and what belongs to one process alone may be written at once.
/// </summary>
internal static class SwapLeaf
{
    private const int MarkShift = 10;
    private const ulong Mark = 1UL << 1;
    private const ulong LeafMark = Mark << MarkShift;
    private const ulong Exclusive = 1UL << 3;

    /// <summary>The leaf of a page that goes to a slot.</summary>
    [Lifted("swap.out")]
    public static ulong Out(ulong leaf, ulong area, ulong slot, bool isExclusive) =>
        AbsentLeaf.Of(area, slot, isExclusive) | leaf >> MarkShift & Mark;

    /// <summary>The leaf of a page that has come back to a frame; rights are those of the page.</summary>
    [Lifted("swap.in")]
    public static ulong In(ulong entry, ulong frame, ulong rights) =>
        frame | rights & ~(~entry >> 2 & EntryBits.Writable) | (entry & Mark) << MarkShift;

    /// <summary>The leaf of a page in swap after a fork, on both sides.</summary>
    [Lifted("swap.forked")]
    public static ulong Forked(ulong entry) => entry & ~Exclusive;

    /// <summary>The leaf of a page in swap that does not count as stored to any more.</summary>
    [Lifted("swap.unmarked")]
    public static ulong Unmarked(ulong entry) => entry & ~Mark;

    [Lifted("swap.isMarked")]
    public static bool IsMarked(ulong entry) => (entry & Mark) != 0;

    [Lifted("swap.isLeafMarked")]
    public static bool IsLeafMarked(ulong leaf) => (leaf & LeafMark) != 0;

    /// <summary>The leaf of a page in a frame that counts as stored to, or does not.</summary>
    public static ulong WithLeafMark(ulong leaf, bool isMarked) => isMarked ? leaf | LeafMark : leaf & ~LeafMark;
}

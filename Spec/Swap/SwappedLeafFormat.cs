using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Swap;

namespace PageProof.Spec.Swap;

/// <summary>
/// What the entry of a swapped page keeps of its leaf, and gives back: that the page was stored to since somebody
/// last asked (soft-dirty), which is bit 11 of a leaf and bit 1 of an entry in swap; and that its process has it
/// alone, which stands in bit 3 (<see cref="AbsentEntryFormat"/>). A fork makes it shared, for both sides.
/// Source: Linux, Documentation/admin-guide/mm/soft-dirty.rst; arch/x86/include/asm/pgtable_types.h on soft-dirty,
/// pgtable_64.h on the layout of swap entries; mm/memory.c (6.12) on copy_nonpresent_pte and do_swap_page.
/// </summary>
public static class SwappedLeafFormat
{
    private const ulong InLeaf = 1UL << 11, InSwap = 1UL << 1, Exclusive = 1UL << 3;
    private const ulong Write = (ulong)EntryBit.Writable;

    /// <summary>The entry of a page that goes to a slot.</summary>
    [Lifted("swap.spec.out")]
    public static PagingEntry Out(PagingEntry leaf, SwapPlace place, bool isExclusive) =>
        new(AbsentEntryFormat.Swapped(place, isExclusive).Value | ((leaf.Value & InLeaf) != 0 ? InSwap : 0));

    /// <summary>
    /// The leaf of a page that has come back to the frame at an address; it can be stored to at once only where its
    /// process has it alone.
    /// </summary>
    /// <param name="entry">The entry of the page in swap.</param>
    /// <param name="frame">Where the page is now.</param>
    /// <param name="rights">What a leaf of this page has besides, in bits 0 to 8 and 63.</param>
    [Lifted("swap.spec.in")]
    public static PagingEntry In(PagingEntry entry, PhysicalAddress frame, PagingEntry rights) => new(
        frame.Value | (rights.Value & ~((entry.Value & Exclusive) == 0 ? Write : 0))
            | ((entry.Value & InSwap) != 0 ? InLeaf : 0));

    /// <summary>The entry after a fork, of the parent as of the child.</summary>
    [Lifted("swap.spec.forked")]
    public static PagingEntry Forked(PagingEntry entry) => new(entry.Value & ~Exclusive);

    /// <summary>The entry of a page that does not count as stored to any more.</summary>
    [Lifted("swap.spec.unmarked")]
    public static PagingEntry Unmarked(PagingEntry entry) => new(entry.Value & ~InSwap);

    /// <summary>Whether a page in swap counts as stored to.</summary>
    [Lifted("swap.spec.isMarked")]
    public static bool IsMarked(PagingEntry entry) => (entry.Value & InSwap) != 0;

    /// <summary>Whether a page in a frame does.</summary>
    [Lifted("swap.spec.isLeafMarked")]
    public static bool IsLeafMarked(PagingEntry leaf) => (leaf.Value & InLeaf) != 0;

    /// <summary>The entry in swap, all in all.</summary>
    public static PagingEntry Of(SwapPlace place, bool isExclusive, bool isMarked) =>
        Out(new(isMarked ? InLeaf : 0), place, isExclusive);
}

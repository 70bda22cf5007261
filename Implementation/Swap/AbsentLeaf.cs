using PageProof.Contract;
using PageProof.Contract.Swap;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Swap;

/// <summary>
/// Leaves without P: packed and unpacked by two shifts, the slot inverted on the way. A leaf that holds nothing,
/// a hidden one and one in a swap area are told apart by three tests of bits.
/// </summary>
internal static class AbsentLeaf
{
    private const ulong Exclusive = 1UL << 3;
    private const ulong Marks = EntryBits.Accessed | EntryBits.Dirty;
    private const ulong Special = 31UL << AreaShift;
    private const ulong KindBits = 3UL << KindShift;
    private const int AreaShift = 59;
    private const int KindShift = 57;
    private const int PageShift = 12;

    // A slot lies between the area and the nine lowest bits: it is pushed against the top, then down to its place.
    private const int AboveSlot = 14;
    private const int BelowSlot = 9;

    /// <summary>How many slots an area can have where physical addresses have this width.</summary>
    [Lifted("swap.slots")]
    public static ulong SlotsMax(int width) => 1UL << width - 10;

    [Lifted("swap.entry")]
    public static ulong Of(ulong area, ulong slot, bool isExclusive) =>
        area << AreaShift | ~slot << AboveSlot >> AboveSlot - BelowSlot | (isExclusive ? Exclusive : 0);

    [Lifted("swap.area")]
    public static ulong AreaOf(ulong entry) => entry >> AreaShift;

    [Lifted("swap.slot")]
    public static ulong SlotOf(ulong entry) => ~entry << AboveSlot - BelowSlot >> AboveSlot;

    [Lifted("swap.isExclusive")]
    public static bool IsExclusive(ulong entry) => (entry & Exclusive) != 0;

    /// <summary>The leaf of a page on its way from the frame at an address; of kind 0, of one that is lost.</summary>
    [Lifted("swap.moving")]
    public static ulong Moving(ulong kind, ulong frame) => Of(31, kind << 48 | frame >> PageShift, false);

    [Lifted("swap.movingFrame")]
    public static ulong FrameOf(ulong entry) => ~entry << 7 >> 16 << PageShift;

    [Lifted("swap.movingKind")]
    public static ulong MigrationOf(ulong entry) => ~entry >> KindShift & 3;

    [Lifted("swap.kind")]
    public static LeafKind KindOf(ulong entry) =>
        entry.IsPresent ? LeafKind.Present
        : (entry & ~Marks) == 0 ? LeafKind.None
        : (entry & EntryBits.Global) != 0 ? LeafKind.Hidden
        : entry < Special ? LeafKind.Swap
        : (entry & KindBits) == KindBits ? LeafKind.Lost
        : LeafKind.Migration;
}

using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Swap;

namespace PageProof.Spec.Swap;

/// <summary>
/// What a leaf says while P is clear, when the processor reads none of it, or should not.
/// <code>
///  63   59 58                                          9  8  7 6 5 4 3 2  0
///  +------+---------------------------------------------+--+--+---+-+-+----+
///  | area |                  ~slot                      | 0| 0|   | |E|  0 |  in a swap area
///  +------+------+--------------------------------------+--+--+---+-+-+----+
///  |  31  | ~kind|                 ~frame               | 0| 0|   | |0|  0 |  on its way, or lost (kind 0)
///  +------+------+--------------------------------------+--+--+---+-+-+----+
///  | XD …        | ~frame (51..12)      |   as it was   | 1| as it was | 0 |  may not be touched
///  +-------------+----------------------+---------------+--+-----------+---+
/// </code>
/// What names memory, or could be taken to, is inverted, so that a processor which goes on past P finds addresses
/// beyond all memory. A and D (bits 6 and 5) count for nothing: some processors set them in a leaf without P.
/// Source: Linux, arch/x86/include/asm/pgtable_64.h on the layout of swap entries, pgtable-invert.h,
/// include/linux/swapops.h, and Documentation/admin-guide/hw-vuln/l1tf.rst; Intel Xeon Phi x200 specification
/// update, KNL4.
/// </summary>
public static class AbsentEntryFormat
{
    /// <summary>The number, in the place of a swap area's, of entries that name none.</summary>
    public const ulong Special = 31;

    private const ulong Present = (ulong)EntryBit.Present;
    private const ulong Mark = (ulong)EntryBit.Global;
    private const ulong Accessed = (ulong)EntryBit.Accessed, Dirty = (ulong)EntryBit.Dirty;
    private const ulong Exclusive = 1UL << 3;
    private const ulong Frame = 0x000F_FFFF_FFFF_F000;
    private const ulong SlotLimit = 1UL << 50, KindUnit = 1UL << 48;
    private const int AreaPlace = 59, SlotPlace = 9;

    /// <summary>
    /// How many slots an area can have, so that no inverted slot looks like memory that a processor with physical
    /// addresses of this width could have, in its lower half.
    /// </summary>
    [Lifted("swap.spec.slots")]
    public static ulong SlotsMax(PhysicalAddressWidth width) => 1UL << (width.Bits - 10);

    /// <summary>The page is in a swap area; it was its process's alone, or was not.</summary>
    [Lifted("swap.spec.entry")]
    public static PagingEntry Swapped(SwapPlace place, bool isExclusive) =>
        new(Word(place.Area.Value, place.Slot.Value) | (isExclusive ? Exclusive : 0));

    /// <summary>Where an entry of a swap area says that the page is.</summary>
    [Lifted("swap.spec.place")]
    public static SwapPlace PlaceOf(PagingEntry entry) =>
        new(new((byte)(entry.Value >> AreaPlace)), new(Offset(entry.Value)));

    /// <summary>Whether it was its process's alone.</summary>
    [Lifted("swap.spec.isExclusive")]
    public static bool IsExclusive(PagingEntry entry) => (entry.Value & Exclusive) != 0;

    /// <summary>The page is on its way from the frame at an address.</summary>
    [Lifted("swap.spec.moving")]
    public static PagingEntry Moving(MigrationKind kind, PhysicalAddress frame) =>
        new(Word(Special, ((ulong)kind * KindUnit) + (frame.Value >> 12)));

    /// <summary>The content of the page is lost.</summary>
    [Lifted("swap.spec.lost")]
    public static PagingEntry Lost() => new(Word(Special, 0));

    /// <summary>From which frame a page is on its way.</summary>
    [Lifted("swap.spec.movingFrame")]
    public static PhysicalAddress FrameOf(PagingEntry entry) => new(Offset(entry.Value) % KindUnit << 12);

    /// <summary>What a page that is on its way permitted.</summary>
    [Lifted("swap.spec.movingKind")]
    public static MigrationKind MigrationOf(PagingEntry entry) => (MigrationKind)(Offset(entry.Value) / KindUnit);

    /// <summary>A present leaf that is not global, as it stands while nothing may touch the page.</summary>
    [Lifted("swap.spec.hidden")]
    public static PagingEntry Hidden(PagingEntry leaf) => new(((leaf.Value ^ Frame) & ~Present) | Mark);

    /// <summary>The leaf that was hidden.</summary>
    [Lifted("swap.spec.shown")]
    public static PagingEntry Shown(PagingEntry hidden) => new(((hidden.Value ^ Frame) & ~Mark) | Present);

    /// <summary>What an entry says.</summary>
    [Lifted("swap.spec.kind")]
    public static LeafKind KindOf(PagingEntry entry) =>
        (entry.Value & Present) != 0 ? LeafKind.Present
        : (entry.Value & ~(Accessed | Dirty)) == 0 ? LeafKind.None
        : (entry.Value & Mark) != 0 ? LeafKind.Hidden
        : entry.Value >> AreaPlace != Special ? LeafKind.Swap
        : Offset(entry.Value) / KindUnit == 0 ? LeafKind.Lost
        : LeafKind.Migration;

    private static ulong Word(ulong area, ulong offset) =>
        (area << AreaPlace) | ((SlotLimit - 1 - (offset % SlotLimit)) << SlotPlace);

    private static ulong Offset(ulong entry) => SlotLimit - 1 - ((entry >> SlotPlace) % SlotLimit);
}

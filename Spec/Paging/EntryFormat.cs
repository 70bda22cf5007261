using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Spec.Paging;

/// <summary>
/// What the bits of an entry mean at each level: 5 is the PML5, 4 the PML4, 3 the PDPT, 2 the page
/// directory, 1 the page table.
/// <code>
/// level        6         5         4         3    2         2         1
///              3        2 1        0         0    1         1         2 1     7      0
/// 5, 4 table  |XD| ign. |rsvd|  address of the next table            | ign.   | 0 |...|
/// 3 table     |XD| ign. |rsvd|  address of the next table            | ign.   | 0 |...|
/// 3 page 1G   |XD| key  |rsvd|  frame    |         reserved      |PAT| ign. G | 1 |...|
/// 2 table     |XD| ign. |rsvd|  address of the next table            | ign.   | 0 |...|
/// 2 page 2M   |XD| key  |rsvd|  frame              |  reserved   |PAT| ign. G | 1 |...|
/// 1 page 4K   |XD| key  |rsvd|  frame                                | ign. G |PAT|...|
/// </code>
/// The address bits from MAXPHYADDR to 51 are reserved everywhere.
/// Source: Intel SDM vol. 3A, 4.5.5, tables 4-15 to 4-20.
/// </summary>
public static class EntryFormat
{
    /// <summary>How many levels a walk has. Source: Intel SDM vol. 3A, 4.5.</summary>
    public static int LevelsOf(in ControlState control) => Has(control, Cr4.FiveLevelPaging) ? 5 : 4;

    /// <summary>Whether <paramref name="bit"/> is set in <paramref name="entry"/>.</summary>
    public static bool Has(PagingEntry entry, EntryBit bit) => (entry.Value & (ulong)bit) != 0;

    /// <summary>Whether <paramref name="bit"/> of CR4 is set.</summary>
    public static bool Has(in ControlState control, Cr4 bit) => (control.Cr4 & bit) != 0;

    /// <summary>Whether XD means anything: without it, the bit is reserved.</summary>
    public static bool HasExecuteDisable(in ControlState control) =>
        (control.Efer & Efer.NoExecuteEnable) != 0;

    /// <summary>Where the entry lies that translates <paramref name="address"/> at this level.</summary>
    [Lifted("paging.spec.entryAddress")]
    public static PhysicalAddress EntryAddress(
        PhysicalAddress table, LinearAddress address, int level)
    {
        ulong index = address.Value >> OffsetBits(level) & 0x1FF;
        return new(table.Value + index * 8);
    }

    /// <summary>The top table: bits 51:12 of CR3. Source: Intel SDM vol. 3A, 4.5.2.</summary>
    public static PhysicalAddress TopTable(Cr3 cr3) => new(Field(cr3.Value, 51, 12));

    /// <summary>The table to which an entry leads that maps no page.</summary>
    public static PhysicalAddress NextTable(PagingEntry entry) => new(Field(entry.Value, 51, 12));

    /// <summary>
    /// Whether an entry of this level maps a page: each in a page table, and those with PS in a page
    /// directory or PDPT.
    /// </summary>
    [Lifted("paging.spec.isLeaf")]
    public static bool IsLeaf(PagingEntry entry, int level) =>
        level == 1 || (level <= 3 && Has(entry, EntryBit.PageSize));

    /// <summary>The size of the page that a leaf of this level maps.</summary>
    public static PageSize SizeOf(int level) => level switch
    {
        1 => PageSize.Size4K,
        2 => PageSize.Size2M,
        _ => PageSize.Size1G,
    };

    /// <summary>Where an address within the page of this leaf lies in physical memory.</summary>
    [Lifted("paging.spec.inPage")]
    public static PhysicalAddress InPage(PagingEntry leaf, LinearAddress address, int level)
    {
        int offsetBits = OffsetBits(level);
        return new(Field(leaf.Value, 51, offsetBits) | Field(address.Value, offsetBits - 1, 0));
    }

    /// <summary>
    /// Whether a present entry sets a bit that is reserved at this level. Source: Intel SDM vol. 3A,
    /// 4.7, and 4.5.5 table by table.
    /// </summary>
    [Lifted("paging.spec.isReserved")]
    public static bool IsReserved(in ControlState control, PagingEntry entry, int level)
    {
        // Every table: address bits that the processor does not have.
        ulong width = Field(ulong.MaxValue, 51, control.MaxPhyAddr.Bits);

        // Every table: XD is a right while IA32_EFER.NXE is set, and reserved otherwise.
        EntryBit executeDisable =
            HasExecuteDisable(control) ? EntryBit.None : EntryBit.ExecuteDisable;

        // Tables 4-15 and 4-16: PS of a PML5E and of a PML4E must be 0; so must PS of a PDPTE be on
        // a processor without 1-GiB pages (4.1.4).
        bool mapsNoPage = level >= 4 || (level == 3 && !control.HasGigabytePages);
        EntryBit pageSize = mapsNoPage ? EntryBit.PageSize : EntryBit.None;

        // AMD APM vol. 2, 5.3.3 and 5.4: bit 8 of a PML5E and of a PML4E must be 0.
        bool amd = level >= 4 && control.Vendor == Vendor.Amd;
        EntryBit global = amd ? EntryBit.Global : EntryBit.None;

        // Tables 4-17 and 4-19: the bits between PAT and the frame of a large page; a small page has
        // none there.
        ulong belowFrame =
            IsLeaf(entry, level) ? Field(ulong.MaxValue, OffsetBits(level) - 1, 13) : 0;
        ulong reserved = width | (ulong)(executeDisable | pageSize | global) | belowFrame;
        return (entry.Value & reserved) != 0;
    }

    /// <summary>The protection key of a leaf: bits 62:59 while keys are on.</summary>
    [Lifted("paging.spec.keyOf")]
    public static ProtectionKey KeyOf(in ControlState control, PagingEntry leaf) =>
        new(Has(control, Cr4.ProtectionKeys) ? (byte)(leaf.Value >> 59 & 0xF) : (byte)0);

    /// <summary>
    /// The memory type before the MTRRs: PAT, PCD and PWT of the leaf choose one byte of IA32_PAT.
    /// Source: Intel SDM vol. 3A, 4.9.2.
    /// </summary>
    [Lifted("paging.spec.typeOf")]
    public static MemoryType TypeOf(in ControlState control, PagingEntry leaf, int level)
    {
        EntryBit pat = level == 1 ? EntryBit.PatOfSmallPage : EntryBit.PatOfLargePage;
        int index = (Has(leaf, pat) ? 4 : 0)
            + (Has(leaf, EntryBit.CacheDisable) ? 2 : 0)
            + (Has(leaf, EntryBit.WriteThrough) ? 1 : 0);
        return (MemoryType)(control.Pat.Value >> 8 * index & 7);
    }

    /// <summary>How many low bits of an address are not translated from this level upwards.</summary>
    [Lifted("paging.spec.offsetBits")]
    public static int OffsetBits(int level) => 12 + 9 * (level - 1);

    // Bits high to low of a word, in their place; none when high is below low.
    private static ulong Field(ulong word, int high, int low) =>
        word & (ulong.MaxValue >> 63 - high) & (ulong.MaxValue << low);
}

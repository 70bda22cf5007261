using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>
/// The fields of an entry and of the registers by which software writes it.
/// Source: MIPS R4000 User's Manual, 4.3, figures 4-9 to 4-14.
/// <code>
/// EntryHi   63:62 R (region)   39:13 VPN2   7:0 ASID
/// EntryLo   29:6 PFN   5:3 C   2 D   1 V   0 G
/// PageMask  24:13, from the right two bits set for each step of the size
/// XContext  63:33 PTEBase   32:31 R   30:4 VPN2
/// Index     31 P (the probe failed)   5:0 place
/// </code>
/// </summary>
public static class SoftwareTlbFormat
{
    /// <summary>The part of EntryHi, and of an address, that names a pair of pages.</summary>
    public const ulong PairMask = 0xC000_00FF_FFFF_E000;

    /// <summary>The part of EntryHi that is the ASID.</summary>
    public const ulong AsidMask = 0xFF;

    /// <summary>PTEBase of XContext: software's alone.</summary>
    public const ulong TableMask = 0xFFFF_FFFE_0000_0000;

    /// <summary>P of Index.</summary>
    public const ulong ProbeFailed = 1UL << 31;

    /// <summary>The place in Index.</summary>
    public const ulong PlaceMask = 0x3F;

    private const ulong Global = 1 << 0;
    private const ulong Valid = 1 << 1;
    private const ulong Dirty = 1 << 2;
    private const ulong FrameMask = 0x3FFF_FFC0;
    private const ulong SizeMask = 0x01FF_E000;
    private const int StepsMost = 6;

    /// <summary>The bits of a register that are fields; the others have to be written as zeroes.</summary>
    public static ulong Fields(SoftwareTlbRegister register) => register switch
    {
        SoftwareTlbRegister.Index => ProbeFailed | PlaceMask,
        SoftwareTlbRegister.Random or SoftwareTlbRegister.Wired => PlaceMask,
        SoftwareTlbRegister.EntryLo0 or SoftwareTlbRegister.EntryLo1 => 0x3FFF_FFFF,
        SoftwareTlbRegister.PageMask => SizeMask,
        SoftwareTlbRegister.EntryHi => PairMask | AsidMask,
        SoftwareTlbRegister.XContext => TableMask | 0x1_FFFF_FFF0,
        _ => ulong.MaxValue,
    };

    /// <summary>A pair is global when both of its halves say so.</summary>
    public static bool IsGlobal(in SoftwareTlbEntry entry) => (entry.Even & entry.Odd & Global) != 0;

    /// <summary>V: whether the page may be used.</summary>
    public static bool IsValid(ulong page) => (page & Valid) != 0;

    /// <summary>D: whether the page may be written.</summary>
    public static bool IsDirty(ulong page) => (page & Dirty) != 0;

    /// <summary>C: the cache algorithm.</summary>
    public static byte CacheabilityOf(ulong page) => (byte)(page >> 3 & 7);

    /// <summary>Whether an entry is for this pair: the size decides how much of it is compared.</summary>
    public static bool Matches(in SoftwareTlbEntry entry, ulong pair, ulong asid) =>
        ((entry.Pair ^ pair) & PairMask & ~entry.Size) == 0 && (IsGlobal(entry) || entry.Asid == asid);

    /// <summary>The half of the pair that the address is in: the bit above the offset tells.</summary>
    public static ulong PageOf(in SoftwareTlbEntry entry, LinearAddress address) =>
        (address.Value & OffsetMask(entry) + 1) == 0 ? entry.Even : entry.Odd;

    /// <summary>The frame of a page with the offset of an address.</summary>
    public static PhysicalAddress Frame(in SoftwareTlbEntry entry, ulong page, LinearAddress address) =>
        new((page & FrameMask) << 6 | address.Value & OffsetMask(entry));

    /// <summary>Whether there are pages of this size at the frames: each lies at a multiple of its size.</summary>
    public static bool IsAligned(in SoftwareTlbEntry entry) =>
        IsSize(entry.Size) && ((entry.Even | entry.Odd) & FrameMask & OffsetMask(entry) >> 6) == 0;

    /// <summary>XContext after an exception of translation.</summary>
    public static ulong ContextOf(ulong before, LinearAddress bad) =>
        before & TableMask | bad.Value >> 62 << 31 | (bad.Value & 0xFF_FFFF_E000) >> 9;

    // 4 KiB times a power of four, up to 16 MiB.
    private static bool IsSize(ulong mask) =>
        Enumerable.Range(0, StepsMost + 1).Any(step => mask == ((1UL << 2 * step) - 1) << 13);

    // Half of what PageMask and the bits below it cover.
    private static ulong OffsetMask(in SoftwareTlbEntry entry) => (entry.Size | 0x1FFF) >> 1;
}

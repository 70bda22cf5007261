using System.Runtime.CompilerServices;
using PageProof.Contract;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// What an array finds an entry by: page, level of the entry, PCID and G in one word; zero is no entry.
/// <code>
///  63 61 60   58  57  56      45 44                    0
/// +-----+-------+---+----------+------------------------+
/// |  0  | level | G | PCID     | number of the page     |
/// +-----+-------+---+----------+------------------------+
/// </code>
/// A global entry has PCID 0 here, whichever was current: so one compare finds it under all of them.
/// </summary>
internal static class TlbTag
{
    public const ulong Global = 1UL << 57;
    public const ulong Pcid = 0xFFFUL << PcidShift;

    private const int PcidShift = 45;
    private const int LevelShift = 58;
    private const ulong PageNumber = (1UL << PcidShift) - 1;

    /// <summary>The bits of a PCID in their place.</summary>
    [Lifted("tlb.tag.ofPcid")]
    public static ulong OfPcid(ushort pcid) => (ulong)pcid << PcidShift;

    /// <summary>The level of the entry of a tag.</summary>
    public static int LevelOf(ulong tag) => (int)(tag >> LevelShift);

    /// <summary>The PCID of a tag; 0 of a global one.</summary>
    public static ulong PcidOf(ulong tag) => (tag & Pcid) >> PcidShift;

    /// <summary>The first address that the entry of a tag serves.</summary>
    public static ulong AddressOf(ulong tag)
    {
        // Above its number a canonical address repeats its highest bit.
        const int AddressBits = 12 + PcidShift;
        ulong address = (tag & PageNumber) << 12 + 9 * (LevelOf(tag) - 1);
        return LevelOf(tag) == 1
            ? (ulong)((long)(address << 64 - AddressBits) >> 64 - AddressBits)
            : address;
    }

    /// <summary>
    /// The tag of the entry of a level that serves an address: of a page, when the entry is a leaf, or of
    /// the part of the address that leads to it. The PCID, or G, is to be added.
    /// </summary>
    [Lifted("tlb.tag.of")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong address, int level)
    {
        int offsetBits = 12 + 9 * (level - 1);
        return address >> offsetBits & PageNumber | (ulong)level << LevelShift;
    }

    /// <summary>The tag under which a translation is kept that came under a PCID, or is global.</summary>
    [Lifted("tlb.tag.ofTranslation")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfTranslation(ulong address, int level, ulong pcid, bool global) =>
        Of(address, level) | (global ? Global : pcid);
}

using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>Which way an address goes.</summary>
public enum SegmentKind
{
    /// <summary>Nowhere: it is not of this mode.</summary>
    AddressError,
    /// <summary>Through the TLB.</summary>
    Mapped,
    /// <summary>Straight to memory.</summary>
    Unmapped,
}

/// <summary>What the segment of an address says of it.</summary>
/// <param name="Kind">Which way it goes.</param>
/// <param name="Physical">Unmapped: to where.</param>
/// <param name="Cacheability">Unmapped: the cache algorithm.</param>
public readonly record struct Segment(SegmentKind Kind, PhysicalAddress Physical, byte Cacheability)
{
    internal static Segment Mapped { get; } = new(SegmentKind.Mapped, default, 0);
}

/// <summary>
/// The segments of the virtual space with 64-bit addresses in every mode (KX, SX and UX set). A mapped
/// segment has 40 bits of address. Source: MIPS R4000 User's Manual, 4.2.
/// <code>
/// 0000_0000_0000_0000  xuseg                    all       mapped
/// 4000_0000_0000_0000  xsseg   supervisor and kernel      mapped
/// 8000_0000_0000_0000  xkphys               kernel        eight windows onto 64 GiB of memory
/// C000_0000_0000_0000  xkseg                kernel        mapped, 2 GiB short of 40 bits
/// FFFF_FFFF_8000_0000  ckseg0               kernel        the first 512 MiB of memory
/// FFFF_FFFF_A000_0000  ckseg1               kernel        the same, uncached
/// FFFF_FFFF_C000_0000  csseg   supervisor and kernel      mapped
/// FFFF_FFFF_E000_0000  ckseg3               kernel        mapped
/// </code>
/// </summary>
public static class SoftwareTlbSegmentSpec
{
    private const byte Uncached = 2;

    // Config.K0, as the processor is started here: cacheable, noncoherent.
    private const byte Cached = 3;

    /// <summary>The segment of an address, as a mode sees it.</summary>
    public static Segment Of(LinearAddress address, ProcessorMode mode)
    {
        ulong value = address.Value, within = value & 0x1FFF_FFFF;
        bool supervisor = mode != ProcessorMode.User, kernel = mode == ProcessorMode.Kernel;
        return value switch
        {
            < 1UL << 40 => Segment.Mapped,
            >= 0x4000_0000_0000_0000 and < 0x4000_0100_0000_0000 when supervisor => Segment.Mapped,
            >= 0x8000_0000_0000_0000 and < 0xC000_0000_0000_0000 when kernel => Window(value),
            >= 0xC000_0000_0000_0000 and < 0xC000_00FF_8000_0000 when kernel => Segment.Mapped,
            >= 0xFFFF_FFFF_8000_0000 and < 0xFFFF_FFFF_A000_0000 when kernel => Unmapped(within, Cached),
            >= 0xFFFF_FFFF_A000_0000 and < 0xFFFF_FFFF_C000_0000 when kernel => Unmapped(within, Uncached),
            >= 0xFFFF_FFFF_C000_0000 and < 0xFFFF_FFFF_E000_0000 when supervisor => Segment.Mapped,
            >= 0xFFFF_FFFF_E000_0000 when kernel => Segment.Mapped,
            _ => default,
        };
    }

    // Bits 61:59 are the cache algorithm, 35:0 the physical address, and all between must be zero.
    private static Segment Window(ulong value) => (value & 0x07FF_FFF0_0000_0000) == 0
        ? Unmapped(value & 0xF_FFFF_FFFF, (byte)(value >> 59 & 7))
        : default;

    private static Segment Unmapped(ulong physical, byte cacheability) =>
        new(SegmentKind.Unmapped, new(physical), cacheability);
}

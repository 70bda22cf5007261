using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>Which way an address goes before the TLB is asked.</summary>
internal enum SoftwareTlbRouteKind : byte
{
    Error,
    Mapped,
    Unmapped,
}

/// <summary>
/// The way of an address by its region, the top two bits, and within the kernel's region by its last
/// 2 GiB, which come in quarters.
/// </summary>
internal readonly record struct SoftwareTlbRoute(SoftwareTlbRouteKind Kind, ulong Physical, byte Cacheability)
{
    private const ulong RegionBits = 0xC000_0000_0000_0000;
    private const ulong SegmentSize = 1UL << 40;
    private const ulong LastQuarters = 0xFFFF_FFFF_8000_0000;
    private const ulong KernelGap = 1UL << 31;
    private const ulong WindowGap = 0x07FF_FFF0_0000_0000;
    private const ulong QuarterMask = (1UL << 29) - 1;

    public static SoftwareTlbRoute Of(ulong address, ProcessorMode mode)
    {
        ulong within = address & ~RegionBits;
        return (address >> 62) switch
        {
            0 => If(within < SegmentSize),
            1 => If(within < SegmentSize && mode >= ProcessorMode.Supervisor),
            2 => mode == ProcessorMode.Kernel && (within & WindowGap) == 0
                ? new(SoftwareTlbRouteKind.Unmapped, within & (1UL << 36) - 1, (byte)(within >> 59))
                : default,
            _ when address >= LastQuarters => Quarter(address, mode),
            _ => If(within < SegmentSize - KernelGap && mode == ProcessorMode.Kernel),
        };
    }

    private static SoftwareTlbRoute Quarter(ulong address, ProcessorMode mode) => (address >> 29 & 3) switch
    {
        0 when mode == ProcessorMode.Kernel => new(SoftwareTlbRouteKind.Unmapped, address & QuarterMask, 3),
        1 when mode == ProcessorMode.Kernel => new(SoftwareTlbRouteKind.Unmapped, address & QuarterMask, 2),
        2 => If(mode >= ProcessorMode.Supervisor),
        3 => If(mode == ProcessorMode.Kernel),
        _ => default,
    };

    private static SoftwareTlbRoute If(bool mapped) =>
        new(mapped ? SoftwareTlbRouteKind.Mapped : SoftwareTlbRouteKind.Error, 0, 0);
}

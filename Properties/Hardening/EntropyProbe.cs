using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>A request of which the word of one region is varied.</summary>
/// <param name="Request">The request; its other words stay.</param>
/// <param name="Region">The region.</param>
internal sealed record EntropyProbe(LayoutRequest Request, LayoutRegion Region)
{
    private const ulong Page = AslrFormat.Page;
    private const ulong MiB = 1UL << 20;
    private const ulong PointerWords = 8192;

    // So that a step of words never leaves a large page out.
    private const ulong StrideOfAligned = 256;

    private static readonly LayoutRequest Of64 = new()
    {
        Level = AslrLevel.Full,
        Program = ProgramKind.PositionIndependent,
        Kernel = new(6, 18),
        IsKernelRandomized = true,
        MmapBits = 28,
        StackLimit = new(8 * MiB),
        StackSize = new(33 * Page),
        ProgramSize = new(11 * Page),
        InterpreterSize = new(53 * Page),
        VdsoSize = new(8 * Page),
        HeapSize = new(33 * Page),
        MappingSize = new(Page),
        Draws = new(new(77), new(555), new(4444), new(33333), new(9), new(8888), new(123456), new(654321)),
    };

    private static readonly LayoutRequest Of32 =
        Of64 with { Kind = AddressSpaceKind.Bits32, MmapBits = 8 };

    private static readonly LayoutRegion[] Regions = Enum.GetValues<LayoutRegion>();

    /// <summary>Every figure of the Spec, of both widths, of levels and of kernels.</summary>
    public static IReadOnlyList<EntropyProbe> All { get; } =
    [
        .. OfUser(Of32),
        .. OfUser(Of32 with { Kind = AddressSpaceKind.Bits32Of3GiB }),
        .. Each(Of64 with { Level = AslrLevel.Off }),
        .. Each(Of32 with { Level = AslrLevel.Off }),
        new(Of64 with { Level = AslrLevel.WithoutHeap }, LayoutRegion.Brk),
        new(Of32 with { Level = AslrLevel.WithoutHeap }, LayoutRegion.Brk),
        new(Of64 with { Kernel = new(6, 1) }, LayoutRegion.Brk),
        new(Of64 with { Kernel = new(6, 1) }, LayoutRegion.Vdso),
        new(Of64 with { Kernel = new(6, 1) }, LayoutRegion.EntryArea),
        new(Of64 with { IsKernelRandomized = false }, LayoutRegion.EntryArea),
        .. Mapping(Of32, 2 * MiB), .. Mapping(Of32, 8 * MiB), .. Mapping(Of32 with { MmapBits = 16 }, 2 * MiB),
        .. Mapping(Of32 with { IsLegacy = true }, 2 * MiB),
        .. Mapping(Of64, 2 * MiB - Page), .. Mapping(Of64, 2 * MiB + Page),
        new(Of64 with { MmapBits = 32 }, LayoutRegion.Mmap),
        new(Of64 with { IsLegacy = true }, LayoutRegion.Mmap),
        .. Each(Of64),
        .. Mapping(Of64, 2 * MiB),
    ];

    /// <summary>The places that the Spec has for it.</summary>
    public Places Places { get; } = EntropySpec.PlacesOf(Request, Region);

    /// <summary>How many of them the words have to reach.</summary>
    public ulong Count { get; } = EntropySpec.CountOf(Request, Region);

    /// <summary>The words that reach all places, counted from zero by a stride.</summary>
    public (ulong Words, ulong Stride) Words => Region switch
    {
        LayoutRegion.StackPointer when Count > 1 => (PointerWords, 1),
        LayoutRegion.Mapping when PlaceSpec.IsMappingAligned(Request) =>
            (PlaceSpec.MmapPlaces(Request).Count / StrideOfAligned, StrideOfAligned),
        _ => (Count, 1),
    };

    /// <summary>The word of a number below the count of words: where it is scaled, the least for that place.</summary>
    public ulong WordOf(ulong number) =>
        Places.IsScaled ? ((number << 32) + Count - 1) / Count : number * Words.Stride;

    /// <summary>The request with this word for the region.</summary>
    public LayoutRequest With(ulong word)
    {
        var draws = Request.Draws;
        RandomWord drawn = new(word);
        return Request with
        {
            Draws = Region switch
            {
                LayoutRegion.Stack => draws with { Stack = drawn },
                LayoutRegion.StackPointer => draws with { StackPointer = drawn },
                LayoutRegion.Program => draws with { Program = drawn },
                LayoutRegion.Vdso => draws with { Vdso = drawn },
                LayoutRegion.Brk => draws with { Brk = drawn },
                LayoutRegion.EntryArea => draws with { EntryArea = drawn },
                LayoutRegion.SecondEntryArea => draws with { SecondEntryArea = drawn },
                _ => draws with { Mmap = drawn },
            },
        };
    }

    /// <summary>Where a layout has a region.</summary>
    public static LinearAddress Find(in AddressSpaceLayout layout, LayoutRegion region) => region switch
    {
        LayoutRegion.Stack => layout.StackTop,
        LayoutRegion.StackPointer => layout.StackPointer,
        LayoutRegion.Mmap => layout.MmapBase,
        LayoutRegion.Program => layout.Program,
        LayoutRegion.Vdso => layout.Vdso,
        LayoutRegion.Brk => layout.Brk,
        LayoutRegion.EntryArea => layout.EntryArea,
        LayoutRegion.SecondEntryArea => layout.SecondEntryArea,
        _ => layout.Mapping,
    };

    private static IEnumerable<EntropyProbe> Each(LayoutRequest request) =>
        Regions.Select(region => new EntropyProbe(request, region));

    // The entry areas are the kernel's, whatever the process.
    private static IEnumerable<EntropyProbe> OfUser(LayoutRequest request) => Each(request).Where(
        probe => probe.Region is not (LayoutRegion.EntryArea or LayoutRegion.SecondEntryArea));

    private static IEnumerable<EntropyProbe> Mapping(LayoutRequest request, ulong size) =>
        [new(request with { MappingSize = new(size) }, LayoutRegion.Mapping)];
}

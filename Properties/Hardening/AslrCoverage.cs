using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>Counts the classes of the requests of a run, and judges them against the floor.</summary>
public sealed class AslrCoverage
{
    /// <summary>How many requests of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many requests bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 2_000;

    private const ulong GapLeast = 128UL << 20;
    private static readonly AslrClass[] Classes = Enum.GetValues<AslrClass>();

    private readonly long[] _counts = new long[Classes.Length];

    public long this[AslrClass each] => _counts[(int)each];

    /// <summary>Counts a request, and where the Spec puts its regions.</summary>
    public void Count(in LayoutRequest request, in AddressSpaceLayout layout)
    {
        bool is64 = request.Kind == AddressSpaceKind.Bits64, isOff = request.Level == AslrLevel.Off;
        Add((AslrClass)((int)(is64 ? AslrClass.Off64 : AslrClass.Off32) + (int)request.Level));
        if (request.Kind == AddressSpaceKind.Bits32Of3GiB)
        {
            Add(isOff ? AslrClass.Traditional : AslrClass.Randomized3GiB);
        }

        Add((AslrClass)((int)AslrClass.FixedProgram + (int)request.Program));
        if (request.Program == ProgramKind.StaticPositionIndependent)
        {
            Add(PlaceSpec.IsHeapAway(request) ? AslrClass.HeapMovedAway : AslrClass.HeapBehindStaticProgram);
        }

        ulong gap = AslrFormat.Gap(request);
        Add(request.IsLegacy ? AslrClass.Legacy
            : gap == GapLeast ? AslrClass.GapLeast
            : gap == AslrFormat.Top(request.Kind) / 6 * 5 ? AslrClass.GapMost : AslrClass.GapOfLimit);
        CountRegions(request, layout);
        var draws = request.Draws;
        Add(AslrClass.EdgeWords, draws.Stack.Value + 1 <= 1 && draws.Mmap.Value + 1 <= 1 && draws.Brk.Value + 1 <= 1);
    }

    public void Add(AslrCoverage other)
    {
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            _counts[slot] += other._counts[slot];
        }
    }

    /// <summary>The floor binds once the run is long enough for its rarest class.</summary>
    public CoverageReport Judge(long cases)
    {
        var below = Classes.Where(each => this[each] < Floor).Select(each => $"{each}: {this[each]}");
        return new(Classes.Length, _counts.Min(), cases >= CasesToBind ? [.. below] : [], []);
    }

    private void CountRegions(in LayoutRequest request, in AddressSpaceLayout layout)
    {
        bool is64 = request.Kind == AddressSpaceKind.Bits64;
        bool above = PlaceSpec.IsVdsoAbove(request, AslrFormat.StackEnd(layout.StackPointer));
        Add(above ? AslrClass.VdsoAboveStack
            : is64 && !AslrFormat.Since(request, 6, 9) ? AslrClass.VdsoDisplaced : AslrClass.VdsoAmongMappings);
        if (request.Level == AslrLevel.Full)
        {
            Add(AslrFormat.HeapPages(request) == 1UL << 13 ? AslrClass.HeapIn32MiB : AslrClass.HeapIn1GiB);
        }

        Add(PlaceSpec.IsMappingAligned(request) ? AslrClass.AlignedMapping
            : !is64 && request.MappingSize.Value >= AslrFormat.LargePage ? AslrClass.LargeMapping32
            : AslrClass.SmallMapping);
        Add(!EntryAreaSpec.AreMoved(request) ? AslrClass.EntryAreasInOrder
            : layout.SecondEntryArea.Value > layout.EntryArea.Value ? AslrClass.EntryAreasUp
            : AslrClass.EntryAreasDown);
    }

    private void Add(AslrClass each, bool when = true) => _counts[(int)each] += when ? 1 : 0;
}

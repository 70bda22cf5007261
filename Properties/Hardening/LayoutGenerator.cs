using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>
/// Requests for layouts, unfolded from a seed and a number: every level, kind and program, kernels around each
/// change, limits of the stack about which the gap turns, and words at their edges as often as any others.
/// </summary>
public static class LayoutGenerator
{
    private const ulong Page = AslrFormat.Page;
    private const ulong MiB = 1UL << 20;

    private static readonly KernelVersion[] Kernels =
    [
        new(5, 4), new(6, 1), new(6, 2), new(6, 7), new(6, 8), new(6, 9), new(6, 13), new(6, 14), new(6, 15),
        new(6, 18),
    ];

    private static readonly ulong[] Limits =
        [MiB, 8 * MiB, 8 * MiB, 112 * MiB, 127 * MiB, 128 * MiB, 256 * MiB, 1024 * MiB, LayoutRequest.Unlimited];

    private static readonly ulong[] Mappings =
        [0, Page, Page, 64 * Page, 2 * MiB - Page, 2 * MiB, 2 * MiB + Page, 4 * MiB, 8 * MiB];

    /// <summary>The request of this number.</summary>
    public static LayoutRequest Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        var kind = (AddressSpaceKind)random.Below(3);
        var program = (ProgramKind)random.Below(3);
        bool is64 = kind == AddressSpaceKind.Bits64, legacy = random.OneIn(4);
        bool isStatic = program == ProgramKind.StaticPositionIndependent;
        LayoutRequest request = new()
        {
            Level = (AslrLevel)random.Below(3),
            Kind = kind,
            Program = program,
            Kernel = random.Of(Kernels),
            IsLegacy = legacy,
            HasFiveLevels = random.OneIn(4),
            IsKernelRandomized = !random.OneIn(4),
            MmapBits = (byte)(is64 ? 28 + random.Below(random.OneIn(3) ? 5 : 1)
                : 8 + random.Below(random.OneIn(3) && !legacy ? 9 : 1)),
            StackLimit = new(Limit(ref random, is64)),
            ProgramSize = Pages(ref random, 1, is64 || !legacy || !isStatic ? 4096 : 1024),
            InterpreterSize = isStatic ? default : Pages(ref random, 0, 256),
            VdsoSize = Pages(ref random, 1, 16),
            MappingSize = new(random.Of(Mappings)),
        };
        ulong stack = Math.Min(request.StackLimit.Value, MiB) / Page;
        bool hasHeap = !isStatic || PlaceSpec.IsHeapAway(request);
        return request with
        {
            StackSize = Pages(ref random, 1, (int)stack),
            HeapSize = hasHeap ? Pages(ref random, 0, 4096) : default,
            Draws = Draws(ref random),
        };
    }

    private static ulong Limit(ref CaseRandom random, bool is64) => random.Below(8) switch
    {
        0 => Page * (1 + (ulong)random.Below(1 << 16)),
        1 when is64 => 1UL << (32 + random.Below(9)),
        // No multiple of a page.
        2 => random.Of(Limits) is var limit && limit == LayoutRequest.Unlimited ? limit : limit - 1,
        _ => random.Of(Limits),
    };

    private static ByteCount Pages(ref CaseRandom random, int least, int most) => new(Page * (ulong)(
        random.Below(4) switch
        {
            0 => least,
            1 => most,
            _ => least + random.Below(most - least + 1),
        }));

    // All edges together now and then: the ends of regions come closest there.
    private static LayoutDraws Draws(ref CaseRandom random)
    {
        bool edges = random.OneIn(4);
        return new(
            Word(ref random, edges), Word(ref random, edges), Word(ref random, edges), Word(ref random, edges),
            Word(ref random, edges), Word(ref random, edges), Word(ref random, edges), Word(ref random, edges));
    }

    private static RandomWord Word(ref CaseRandom random, bool edges) =>
        new(edges ? random.OneIn(2) ? 0 : ulong.MaxValue : random.OneIn(2) ? random.Edgy() : random.Next());
}

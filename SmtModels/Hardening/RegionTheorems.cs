using PageProof.Contract.Hardening;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>I5: the regions of a layout never meet, whatever is drawn.</summary>
internal static class RegionTheorems
{
    private const ulong Page = 4096;
    private const ulong GuardKept = 254 * Page;
    private const ulong EntryAreas = 0xFFFF_FE00_0000_0000;
    private const ulong EntryAreaSize = 59 * Page;

    private static readonly AddressSpaceKind[] Kinds = Enum.GetValues<AddressSpaceKind>();
    private static readonly ProgramKind[] Programs = Enum.GetValues<ProgramKind>();

    /// <summary>The theorem and its witness.</summary>
    public static IEnumerable<ProofTask> All(CodeTasks<AslrScene> tasks) =>
    [
        tasks.Theorem(
            "I5",
            "Whatever is drawn, stack with guard, program, interpreter, vdso, heap, mapping, entry areas never meet.",
            scene =>
                from kind in Kinds
                from program in Programs
                from isLegacy in (bool[])[false, true]
                from step in Apart(scene, kind, program, isLegacy)
                select step),
        tasks.Witness(
            "I5'",
            "Nor does the heap of a static program that follows it meet anything, as it did before 6.15.",
            HeapBehind),
    ];

    private static IEnumerable<ProofStep> Apart(
        AslrScene scene, AddressSpaceKind kind, ProgramKind program, bool isLegacy)
    {
        scene.Fix(kind);
        scene.Fix(program);
        scene.FixDirection(isLegacy);
        var layout = scene.Layout(scene.Request);
        var given = scene.MayBeAsked(scene.Request);
        string name = $"{kind}, {program}, {(isLegacy ? "up" : "down")}";
        yield return new(name, given, NoneMeet(scene, layout));
        if (kind == AddressSpaceKind.Bits64 && program == ProgramKind.Fixed && !isLegacy)
        {
            yield return new("entry areas", given, EntriesApart(scene, layout));
        }
    }

    private static ProofStep HeapBehind(AslrScene scene)
    {
        scene.Fix(AddressSpaceKind.Bits64);
        scene.Fix(ProgramKind.StaticPositionIndependent);
        scene.FixDirection(true);
        var layout = scene.Layout(scene.Request);
        return new(
            "behind",
            scene.MayBeAsked(scene.WithSize("HeapSize", 0)) & scene.Size("HeapSize").IsWithin(Page, 1UL << 20)
                & scene.Size("HeapSize").HasNone(Page - 1) & scene.Of("Kernel", "Major").Is(6)
                & scene.Of("Kernel", "Minor").Is(14) & scene.Of("Level").Is((ulong)AslrLevel.WithoutHeap),
            NoneMeet(scene, layout));
    }

    // Any two regions that have a page, and the end of the address space.
    private static Fact NoneMeet(AslrScene scene, LiftedValue layout)
    {
        Word stackEnd = (At(layout, "StackPointer") + (Page - 1)) & ~(Page - 1);
        (Word Start, Word Size)[] regions =
        [
            (stackEnd - scene.Size("StackSize") - scene.Number(GuardKept), scene.Size("StackSize") + GuardKept),
            (At(layout, "Program"), scene.Size("ProgramSize")),
            (At(layout, "Interpreter"), scene.Size("InterpreterSize")),
            (At(layout, "Vdso"), scene.Size("VdsoSize")),
            (At(layout, "Brk"), scene.Size("HeapSize")),
            (At(layout, "Mapping"), scene.Size("MappingSize")),
        ];
        var all = scene.True;
        for (int one = 0; one < regions.Length; one++)
        {
            var (start, size) = regions[one];
            all &= start.HasNone(Page - 1) & !(start + size).IsBelow(start) & start.IsBelow(1UL << 47);
            for (int other = 0; other < one; other++)
            {
                var (otherStart, otherSize) = regions[other];
                all &= size.Is(0) | otherSize.Is(0)
                    | !start.IsBelow(otherStart + otherSize) | !otherStart.IsBelow(start + size);
            }
        }

        return all;

        Word At(LiftedValue value, string region) => scene.WordOf(value, region, "Value");
    }

    private static Fact EntriesApart(AslrScene scene, LiftedValue layout)
    {
        Word first = scene.WordOf(layout, "EntryArea", "Value");
        Word second = scene.WordOf(layout, "SecondEntryArea", "Value");
        Word end = scene.Number(EntryAreas + (1UL << 39));
        return !first.IsBelow(EntryAreas + Page) & !second.IsBelow(EntryAreas + Page)
            & !end.IsBelow(first + EntryAreaSize) & !end.IsBelow(second + EntryAreaSize)
            & (!first.IsBelow(second + EntryAreaSize) | !second.IsBelow(first + EntryAreaSize));
    }
}

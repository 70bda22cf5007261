using PageProof.Contract.Hardening;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>I5: the regions of a layout never meet, whatever is drawn.</summary>
internal static class RegionTheorems
{
    private const ulong Page = 4096;
    private const ulong GuardKept = 254 * Page;
    private const ulong Top64 = 0x7FFF_FFFF_F000;
    private const ulong EntryAreasStart = 0xFFFF_FE00_0000_0000;
    private const ulong EntryAreasEnd = EntryAreasStart + (1UL << 39);
    private const ulong EntryPlaces = ((1UL << 39) - Page) / EntryAreaSize;
    private const ulong EntryAreaSize = 59 * Page;

    private static readonly AddressSpaceKind[] Kinds = Enum.GetValues<AddressSpaceKind>();
    private static readonly ProgramKind[] Programs = Enum.GetValues<ProgramKind>();

    /// <summary>The theorem and its witness.</summary>
    public static IEnumerable<ProofTask> All(CodeTasks<AslrScene> tasks) =>
    [
        tasks.Theorem(
            "I5",
            "Whatever is drawn, stack with guard, program, interpreter, vdso, heap, mapping, entry areas never meet.",
            scene => (
                from kind in Kinds
                from program in Programs
                from isLegacy in (bool[])[false, true]
                from step in Apart(scene, kind, program, isLegacy)
                select step).Concat(VdsoAbove(scene))),
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
        ProofStep whole = new(name, given, NoneMeet(scene, layout));
        return kind == AddressSpaceKind.Bits64 ? ByVdso(scene, layout, whole)
            : kind == AddressSpaceKind.Bits32 && program == ProgramKind.Fixed && !isLegacy
                ? EntryAreas(scene, layout).Prepend(whole)
                : [whole];
    }

    // Before 6.9 a vdso of 64 bits lies above the stack, if it has room there, and all else below.
    private static IEnumerable<ProofStep> ByVdso(AslrScene scene, LiftedValue layout, ProofStep whole)
    {
        var isAbove = IsAbove(scene, StackEnd(scene, layout));
        yield return whole with
        {
            Name = $"{whole.Name}, vdso among mappings",
            Assumptions = whole.Assumptions & !isAbove,
        };
        yield return new(
            $"{whole.Name}, below the vdso", whole.Assumptions & isAbove, NoneMeet(scene, layout, withVdso: false));
    }

    // Only before 6.9, and only where there is room.
    private static Fact IsAbove(AslrScene scene, Word stackEnd)
    {
        Word major = scene.Of("Kernel", "Major"), minor = scene.Of("Kernel", "Minor");
        var isOld = major.IsBelow(6) | (major.Is(6) & minor.IsBelow(9));
        return isOld & !scene.Number(Top64).IsBelow(stackEnd + scene.Size("VdsoSize"));
    }

    // Wherever the stack ends, a vdso above it ends within all addresses; and that is where a layout has it.
    private static IEnumerable<ProofStep> VdsoAbove(AslrScene scene)
    {
        Word stackEnd = scene.AnyWord("stackEnd"), size = scene.AnyWord("size"), top = scene.Number(Top64);
        scene.Assume(stackEnd.HasNone(Page - 1) & size.HasNone(Page - 1) & size.IsWithin(Page, 64 << 10)
            & stackEnd.IsBelow(top) & !top.IsBelow(stackEnd + size));
        var vdso = Above(scene, stackEnd, size, scene.AnyWord("word"));
        yield return new(
            "vdso above any stack",
            scene.True,
            vdso.HasNone(Page - 1) & !vdso.IsBelow(stackEnd) & !top.IsBelow(vdso + size));
        scene.Fix(AddressSpaceKind.Bits64);
        var layout = scene.Layout(scene.Request);
        Word end = StackEnd(scene, layout);
        scene.Assume(scene.MayBeAsked(scene.Request) & IsAbove(scene, end));
        yield return new(
            "vdso above the stack",
            scene.True,
            scene.WordOf(layout, "Vdso", "Value")
                .Is(Above(scene, end, scene.Size("VdsoSize"), scene.Of("Draws", "Vdso", "Value"))));
    }

    private static Word Above(AslrScene scene, Word stackEnd, Word size, Word word) => scene.WordOf(scene.Run(
        "aslr.vdsoAbove",
        ("stackEnd", CodeScene.Value(stackEnd)), ("size", CodeScene.Value(size)),
        ("moves", scene.Value(!scene.Of("Level").Is((ulong)AslrLevel.Off))), ("word", CodeScene.Value(word))));

    // Two different places of entry areas, and areas at different places that do not meet.
    private static IEnumerable<ProofStep> EntryAreas(AslrScene scene, LiftedValue layout)
    {
        Word first = scene.WordOf(scene.Run("aslr.entryPlace", ("request", scene.Request)));
        Word second = scene.WordOf(scene.Run("aslr.secondEntryPlace", ("request", scene.Request)));
        yield return new(
            "places of entry areas",
            scene.True,
            first.IsBelow(EntryPlaces) & second.IsBelow(EntryPlaces) & !first.Is(second));
        yield return new(
            "entry areas at their places",
            scene.True,
            scene.WordOf(layout, "EntryArea", "Value").Is(Area(scene, first))
                & scene.WordOf(layout, "SecondEntryArea", "Value").Is(Area(scene, second)));
        Word one = scene.AnyWord("one", 32), other = scene.AnyWord("another", 32);
        yield return new(
            "areas of places",
            one.IsBelow(other) & other.IsBelow(EntryPlaces),
            !Area(scene, other).IsBelow(Area(scene, one) + EntryAreaSize)
                & !scene.Number(EntryAreasEnd).IsBelow(Area(scene, other) + EntryAreaSize)
                & !Area(scene, one).IsBelow(EntryAreasStart + Page));
    }

    private static Word Area(AslrScene scene, Word place) =>
        scene.WordOf(scene.Run("aslr.entryArea", ("place", CodeScene.Value(place))));

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

    // Any two regions that have a page, and the end of the address space. Without the vdso, all lie below the
    // end of the stack, where it begins.
    private static Fact NoneMeet(AslrScene scene, LiftedValue layout, bool withVdso = true)
    {
        Word stackEnd = StackEnd(scene, layout);
        List<(Word Start, Word Size)> regions =
        [
            (stackEnd - scene.Size("StackSize") - scene.Number(GuardKept), scene.Size("StackSize") + GuardKept),
            (At("Program"), scene.Size("ProgramSize")),
            (At("Interpreter"), scene.Size("InterpreterSize")),
            (At("Brk"), scene.Size("HeapSize")),
            (At("Mapping"), scene.Size("MappingSize")),
        ];
        if (withVdso)
        {
            regions.Add((At("Vdso"), scene.Size("VdsoSize")));
        }

        var all = scene.True;
        for (int one = 0; one < regions.Count; one++)
        {
            var (start, size) = regions[one];
            all &= start.HasNone(Page - 1) & !(start + size).IsBelow(start) & start.IsBelow(1UL << 47);
            all &= withVdso ? scene.True : !stackEnd.IsBelow(start + size);
            for (int other = 0; other < one; other++)
            {
                var (otherStart, otherSize) = regions[other];
                all &= size.Is(0) | otherSize.Is(0)
                    | !start.IsBelow(otherStart + otherSize) | !otherStart.IsBelow(start + size);
            }
        }

        return all;

        Word At(string region) => scene.WordOf(layout, region, "Value");
    }

    private static Word StackEnd(AslrScene scene, LiftedValue layout) =>
        (scene.WordOf(layout, "StackPointer", "Value") + (Page - 1)) & ~(Page - 1);
}

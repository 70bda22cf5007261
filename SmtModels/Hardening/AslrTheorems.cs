using PageProof.Contract.Hardening;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>I1 to I4: every random bit of the stack and of mappings moves them, and where one is lost.</summary>
public static class AslrTheorems
{
    private const ulong Page = 4096;
    private const ulong LargePage = 2UL << 20;
    private const ulong GapLeast = 128UL << 20;

    private static readonly CodeTasks<AslrScene> Tasks = new("aslr", subject => new(subject));

    private static readonly (AddressSpaceKind Kind, string Name, ulong Top, int StackBits)[] Kinds =
    [
        (AddressSpaceKind.Bits64, "64 bits", 0x7FFF_FFFF_F000, 22),
        (AddressSpaceKind.Bits32, "32 bits", 0xFFFF_E000, 11),
        (AddressSpaceKind.Bits32Of3GiB, "32 bits of 3 GiB", 0xC000_0000, 11),
    ];

    /// <summary>The theorems, each followed by the witness of the catalogue.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
    [
        Tasks.Theorem(
            "I1",
            "Two words put the stack in one place only if they agree in all of its 22 bits; of 11 in 32 bits.",
            scene => Kinds.Select(each => Stack(scene, each.Kind, each.Name, each.StackBits, 64))),
        Tasks.Witness(
            "I2",
            "So they do when the place of the stack is known in its lowest 32 bits alone.",
            scene => Stack(scene, AddressSpaceKind.Bits64, "in 32 bits", 22, 32)),
        Tasks.Theorem(
            "I3",
            "Mappings begin at a page below the gap of the stack, and all bits of their word move them.",
            scene => Kinds.SelectMany(each => Mappings(scene, each.Kind, each.Name, each.Top, each.StackBits))),
        Tasks.Witness(
            "I4",
            "All bits of the word move a mapping of 2 MiB of 64 bits, too.",
            scene =>
            {
                scene.Fix(AddressSpaceKind.Bits64);
                return Moved(
                    scene, "2 MiB", scene.Size("MappingSize").Is(LargePage) & Is(scene, "MmapBits", 28)
                        & scene.Size("StackLimit").Is(8UL << 20));
            }),
        .. RegionTheorems.All(Tasks),
    ];

    // The place, as far as these bits of it tell, is the same where the words agree and nowhere else.
    private static ProofStep Stack(AslrScene scene, AddressSpaceKind kind, string name, int bits, int told)
    {
        scene.Fix(kind);
        var (request, other, agreed) = Two(scene, "Stack", scene.Number((1UL << bits) - 1));
        Word one = scene.Ask("aslr.stackTop", request), two = scene.Ask("aslr.stackTop", other);
        return new(name, !Level(scene, AslrLevel.Off), one.Bits(told - 1, 0).Is(two.Bits(told - 1, 0)).Iff(agreed));
    }

    private static IEnumerable<ProofStep> Mappings(
        AslrScene scene, AddressSpaceKind kind, string name, ulong top, int stackBits)
    {
        scene.Fix(kind);
        var (request, other, agreed) = Two(scene, "Mmap", Mask(scene));
        Word one = scene.Ask("aslr.mmapBase", request), two = scene.Ask("aslr.mmapBase", other);
        yield return new(
            $"{name}, base",
            Asked(scene) & !Level(scene, AslrLevel.Off),
            one.HasNone(Page - 1) & one.Is(two).Iff(agreed));
        // A limit of which five sixths of all are not enough has no promise.
        Word moved = Level(scene, AslrLevel.Off).Choose(
            scene.Number(0), scene.Number(((1UL << stackBits) - 1) * Page));
        Word room = scene.Size("StackLimit") + moved + 256 * Page;
        yield return new(
            $"{name}, gap",
            Asked(scene) & Is(scene, "IsLegacy", 0) & scene.Size("StackLimit").IsBelow(top / 2),
            !scene.Number(top - GapLeast).IsBelow(one)
                & one.IsBelow(scene.Number(top) - room + Page));
        yield return Moved(
            scene,
            $"{name}, mapping",
            kind == AddressSpaceKind.Bits64 ? scene.Size("MappingSize").IsBelow(LargePage) : scene.True);
    }

    // A mapping is in one place where the words agree and nowhere else.
    private static ProofStep Moved(AslrScene scene, string name, Fact given)
    {
        var (request, other, agreed) = Two(scene, "Mmap", Mask(scene));
        Word one = scene.WordOf(scene.Layout(request), "Mapping", "Value");
        Word two = scene.WordOf(scene.Layout(other), "Mapping", "Value");
        return new(name, Asked(scene) & !Level(scene, AslrLevel.Off) & given, one.Is(two).Iff(agreed));
    }

    private static (LiftedValue Request, LiftedValue Other, Fact Agreed) Two(AslrScene scene, string region, Word mask)
    {
        var word = scene.Of("Draws", region, "Value");
        var other = scene.AnyWord("other");
        return (scene.Request, scene.With(region, other), (word & mask).Is(other & mask));
    }

    private static Word Mask(AslrScene scene)
    {
        var one = scene.Number(1);
        return (one << scene.Of("MmapBits").Widened(64)) - one;
    }

    private static Fact Asked(AslrScene scene) => scene.MayBeAsked(scene.Request);

    private static Fact Level(AslrScene scene, AslrLevel level) => Is(scene, "Level", (ulong)level);

    private static Fact Is(AslrScene scene, string member, ulong value) => scene.Of(member).Is(value);
}

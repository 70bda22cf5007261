using PageProof.Contract.Paging;
using PageProof.Contract.Swap;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Swap;

/// <summary>
/// F1 to F6, F9 and F10: what a leaf without P says is read back as it was written, is never mistaken for something
/// else, and leads no processor to memory. F7 and F8 are about what swapping keeps of a page.
/// </summary>
public static class SwapTheorems
{
    private const ulong LowBits = 0x1FE, Exclusive = 1UL << 3;

    private const ulong Read = (ulong)(EntryBit.Present | EntryBit.PageSize | EntryBit.Global);

    private static readonly CodeTasks<SwapScene> Tasks = new("swap", subject => new(subject));

    /// <summary>The theorems, each followed by the witnesses that belong to it.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
    [
        Tasks.Theorem(
            "F1",
            "The place of a swapped page is read as it was written, and the Implementation writes what the Spec says.",
            scene => [RoundTrip(scene, scene.AnySlot()), .. Agreed(scene)]),
        Tasks.Witness(
            "F1'", "So is a slot of more than 50 bits.", scene => RoundTrip(scene, scene.AnyWord("slot"))),
        Tasks.Theorem(
            "F2",
            "Where a page is away, P, PS and G are clear, whatever the slot, the frame or the kind.",
            scene => Away(scene).Select(each => new ProofStep(each.Name, scene.True, each.Entry.HasNone(Read)))),
        Tasks.Witness(
            "F2'",
            "So they are in a leaf that may not be touched.",
            scene => new("hidden", scene.True, scene.Hidden(scene.AnyLeaf()).HasNone(Read))),
        Tasks.Theorem(
            "F3",
            "Bits 1, 2 and 4 to 8 change nothing of a swapped page's place, nor A and D of what a leaf says (KNL4).",
            Ignored),
        Tasks.Theorem(
            "F4",
            "The entry of a slot within the limit leads a processor that ignores P to the upper half of memory (L1TF).",
            scene => [Far(scene, scene.Swapped(scene.AnySlot()), scene.AnySlot().IsBelow(scene.SlotsMax()))]),
        Tasks.Witness(
            "F4'",
            "So does that of any slot.",
            scene => Far(scene, scene.Swapped(scene.AnySlot()), scene.True)),
        Tasks.Witness(
            "F5",
            "A number read from bits 1 to 5, as before 2016, is the same when A is set behind the kernel's back.",
            FormerLayout),
        Tasks.Witness(
            "F6",
            "The entry of a slot within the limit would lead there if slots were not inverted.",
            scene => Far(
                scene,
                scene.Swapped(scene.AnySlot()) ^ ((SwapScene.SlotLimit - 1) << 9),
                scene.AnySlot().IsBelow(scene.SlotsMax()))),
        Tasks.Theorem(
            "F9",
            "A hidden leaf is shown as it was; low memory becomes high; nothing stays nothing.",
            Hidden),
        Tasks.Witness(
            "F9'",
            "So does the hidden leaf of any frame.",
            scene => Far(scene, scene.Hidden(scene.AnyLeaf()), scene.True)),
        Tasks.Theorem(
            "F10",
            "Each kind of leaf is taken for what it is, each word for one kind, and by Implementation and Spec alike.",
            Kinds),
        Tasks.Witness(
            "F10'",
            "So is a swapped page, whatever the slot.",
            scene => new("swap", scene.True, scene.IsKind(scene.Swapped(scene.AnySlot()), LeafKind.Swap))),
        .. SlotTheorems.All,
    ];

    private static ProofStep RoundTrip(SwapScene scene, Word slot)
    {
        var entry = scene.Swapped(slot);
        var alone = scene.FactOf(scene.Run("swap.isExclusive", ("entry", CodeScene.Value(entry))));
        return new(
            "round trip",
            scene.True,
            scene.Ask("area", "entry", entry).Is(scene.AnyArea()) & scene.Ask("slot", "entry", entry).Is(slot)
                & alone.Iff(scene.AnyFact("exclusive")));
    }

    private static IEnumerable<ProofStep> Agreed(SwapScene scene)
    {
        Word slot = scene.AnySlot(), entry = scene.AnyWord("entry");
        var place = scene.Any("swap.spec.entry", "place", "spec.place")
            .With(["Area", "Value"], CodeScene.Value(scene.AnyArea().Bits(7, 0)))
            .With(["Slot", "Value"], CodeScene.Value(slot));
        yield return new(
            "entry",
            scene.True,
            scene.Swapped(slot).Is(scene.WordOf(scene.Run(
                "swap.spec.entry", ("place", place), ("isExclusive", scene.Value(scene.AnyFact("exclusive")))),
                "Value")));
        var read = scene.AskSpec("place", "entry", entry);
        yield return new(
            "place",
            scene.True,
            scene.Ask("area", "entry", entry).Is(scene.WordOf(read, "Area", "Value").Widened(64))
                & scene.Ask("slot", "entry", entry).Is(scene.WordOf(read, "Slot", "Value")));
        yield return new(
            "exclusive",
            scene.True,
            scene.Ask("isExclusive", "entry", entry).Is(scene.WordOf(scene.AskSpec("isExclusive", "entry", entry))));
        Word kind = scene.AnyMigration(), moving = scene.Moving(kind);
        yield return new(
            "moving",
            scene.True,
            moving.Is(scene.WordOf(scene.Run(
                "swap.spec.moving",
                ("kind", CodeScene.Value(kind.Bits(7, 0))), ("frame", CodeScene.Value(scene.AnyFrame()))),
                "Value"))
                & scene.Ask("movingFrame", "entry", moving).Is(scene.AnyFrame())
                & scene.Ask("movingKind", "entry", moving).Is(kind));
        yield return new("lost", scene.True, scene.Lost().Is(scene.WordOf(scene.Run("swap.spec.lost"), "Value")));
    }

    // The leaves of pages that no frame of a process holds.
    private static IEnumerable<(string Name, Word Entry)> Away(SwapScene scene) =>
    [
        ("swapped", scene.Swapped(scene.AnySlot())),
        ("moving", scene.Moving(scene.AnyMigration())),
        ("lost", scene.Lost()),
    ];

    private static IEnumerable<ProofStep> Ignored(SwapScene scene)
    {
        Word swapped = scene.Swapped(scene.AnySlot()), stray = scene.AnyWord("stray");
        var changed = swapped ^ (stray & (LowBits & ~Exclusive));
        yield return new(
            "place",
            scene.True,
            scene.Ask("area", "entry", changed).Is(scene.AnyArea())
                & scene.Ask("slot", "entry", changed).Is(scene.AnySlot())
                & scene.Ask("isExclusive", "entry", changed).Is(scene.Ask("isExclusive", "entry", swapped)));
        var entry = scene.AnyWord("entry");
        yield return new(
            "kind",
            entry.HasNone((ulong)EntryBit.Present),
            scene.Ask("kind", "entry", entry ^ (stray & SwapScene.Marks)).Is(scene.Ask("kind", "entry", entry)));
    }

    private static ProofStep Far(SwapScene scene, Word entry, Fact given) =>
        new("far", given, scene.IsInUpperHalf(entry));

    private static ProofStep FormerLayout(SwapScene scene)
    {
        var entry = scene.Swapped(scene.AnySlot());
        return new(
            "former layout",
            scene.True,
            scene.Ask("area", "entry", (entry | SwapScene.Marks) << 58)
                .Is(scene.Ask("area", "entry", entry << 58)));
    }

    private static IEnumerable<ProofStep> Hidden(SwapScene scene)
    {
        Word leaf = scene.AnyLeaf(), hidden = scene.Hidden(leaf);
        yield return new("round trip", scene.True, scene.Ask("shown", "hidden", hidden).Is(leaf));
        yield return Far(
            scene, hidden, ((leaf & SwapScene.FrameBits) >> (scene.AnyWidth() - scene.Number(1))).Is(0));
        yield return new(
            "agreed",
            scene.True,
            hidden.Is(scene.WordOf(scene.AskSpec("hidden", "leaf", leaf), "Value"))
                & scene.Ask("shown", "hidden", hidden)
                    .Is(scene.WordOf(scene.AskSpec("shown", "hidden", hidden), "Value")));
        yield return new("nothing", scene.True, scene.IsKind(scene.AnyWord("stray") & SwapScene.Marks, LeafKind.None));
    }

    private static IEnumerable<ProofStep> Kinds(SwapScene scene)
    {
        var entry = scene.AnyWord("entry");
        yield return new(
            "agreed",
            scene.True,
            scene.Ask("kind", "entry", entry).Is(scene.WordOf(scene.AskSpec("kind", "entry", entry))));
        yield return new(
            "swapped",
            scene.AnySlot().IsBelow(scene.SlotsMax()),
            scene.IsKind(scene.Swapped(scene.AnySlot()), LeafKind.Swap));
        yield return new(
            "moving", scene.True, scene.IsKind(scene.Moving(scene.AnyMigration()), LeafKind.Migration));
        yield return new("lost", scene.True, scene.IsKind(scene.Lost(), LeafKind.Lost));
        yield return new("hidden", scene.True, scene.IsKind(scene.Hidden(scene.AnyLeaf()), LeafKind.Hidden));
        yield return new("present", scene.True, scene.IsKind(scene.AnyLeaf(), LeafKind.Present));
    }
}

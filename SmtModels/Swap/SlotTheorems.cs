using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Swap;

/// <summary>
/// F7, that what belongs to a page survives its way to swap and back, and F8, by induction over what can happen to any
/// one slot, any one page and one who reads it: a slot is free exactly when nobody names it, and nobody gets what was
/// read of another generation.
/// </summary>
internal static class SlotTheorems
{
    private const string StepMethod = "swap.read.step", InvariantMethod = "swap.read.invariant";
    private const ulong Writable = 1UL << 1, Rights = 0x1FF | 1UL << 63;

    private static readonly CodeTasks<SwapScene> Tasks = new("swap", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "F7",
            "A page counts as stored to, and is its process's alone, after swap as before; a fork makes it shared.",
            Survives),
        Tasks.Witness(
            "F7'",
            "A page may be stored to at once when it comes back, whoever else refers to its slot.",
            scene => new(
                "stored to",
                scene.AnyWord("rights").HasAny(Writable),
                Back(scene, scene.Ask("forked", "entry", Out(scene))).HasAny(Writable))),
        Tasks.Theorem(
            "F8",
            "A slot is free exactly when no entry and no frame names it; what a page gets is what its slot holds.",
            Lives),
        Tasks.Witness(
            "F8'",
            "What was read is what the slot holds as long as the entry names the slot (31c4a3d3a0f8).",
            scene => new(
                "same entry",
                Holds(scene, State(scene)) & scene.FactOf(State(scene), "Reading")
                    & scene.FactOf(State(scene), "HasRead") & scene.FactOf(State(scene), "Named"),
                IsSlots(scene))),
        Tasks.Witness(
            "F8''",
            "A slot is free as soon as no entry names it.",
            scene => new(
                "no entry",
                Holds(scene, State(scene)) & scene.WordOf(State(scene), "Slot", "Entries").Is(0),
                scene.FactOf(State(scene), "Slot", "IsFree"))),
    ];

    private static Word Out(SwapScene scene) => scene.WordOf(scene.Run(
        "swap.out",
        ("leaf", CodeScene.Value(scene.AnyLeaf())), ("area", CodeScene.Value(scene.AnyArea())),
        ("slot", CodeScene.Value(scene.AnySlot())), ("isExclusive", scene.Value(scene.AnyFact("exclusive")))));

    private static Word Back(SwapScene scene, Word entry)
    {
        var rights = scene.AnyWord("rights");
        scene.Assume(rights.HasNone(~Rights));
        return scene.WordOf(scene.Run(
            "swap.in",
            ("entry", CodeScene.Value(entry)), ("frame", CodeScene.Value(scene.AnyFrame())),
            ("rights", CodeScene.Value(rights))));
    }

    private static IEnumerable<ProofStep> Survives(SwapScene scene)
    {
        Word leaf = scene.AnyLeaf(), entry = Out(scene), rights = scene.AnyWord("rights");
        Word forked = scene.Ask("forked", "entry", entry), unmarked = scene.Ask("unmarked", "entry", entry);
        var isStoredTo = Is(scene, "isLeafMarked", "leaf", leaf);
        var alone = scene.AnyFact("exclusive");
        yield return new(
            "out", scene.True,
            IsPlace(scene, entry) & Is(scene, "isMarked", "entry", entry).Iff(isStoredTo)
                & Is(scene, "isExclusive", "entry", entry).Iff(alone));
        yield return new(
            "back", scene.True,
            Is(scene, "isLeafMarked", "leaf", Back(scene, entry)).Iff(isStoredTo)
                & Back(scene, entry).HasAny(Writable).Iff(alone & rights.HasAny(Writable)));
        yield return new(
            "forked", scene.True,
            IsPlace(scene, forked) & Is(scene, "isMarked", "entry", forked).Iff(isStoredTo)
                & !Is(scene, "isExclusive", "entry", forked) & Back(scene, forked).HasNone(Writable));
        yield return new(
            "unmarked", scene.True,
            IsPlace(scene, unmarked) & !Is(scene, "isMarked", "entry", unmarked)
                & Is(scene, "isExclusive", "entry", unmarked).Iff(alone));
        yield return Agreed(scene, leaf, entry);
    }

    // The Implementation does what the Spec says.
    private static ProofStep Agreed(SwapScene scene, Word leaf, Word entry)
    {
        var place = scene.Any("swap.spec.out", "place", "spec.place")
            .With(["Area", "Value"], CodeScene.Value(scene.AnyArea().Bits(7, 0)))
            .With(["Slot", "Value"], CodeScene.Value(scene.AnySlot()));
        var specOut = scene.WordOf(
            scene.Run(
                "swap.spec.out",
                ("leaf", CodeScene.Value(leaf)), ("place", place),
                ("isExclusive", scene.Value(scene.AnyFact("exclusive")))),
            "Value");
        var any = scene.AnyWord("entry");
        var specIn = scene.WordOf(
            scene.Run(
                "swap.spec.in",
                ("entry", CodeScene.Value(any)), ("frame", CodeScene.Value(scene.AnyFrame())),
                ("rights", CodeScene.Value(scene.AnyWord("rights")))),
            "Value");
        return new(
            "agreed", scene.True,
            entry.Is(specOut) & Back(scene, any).Is(specIn)
                & scene.Ask("forked", "entry", any).Is(scene.WordOf(scene.AskSpec("forked", "entry", any), "Value"))
                & scene.Ask("unmarked", "entry", any)
                    .Is(scene.WordOf(scene.AskSpec("unmarked", "entry", any), "Value"))
                & Is(scene, "isMarked", "entry", any).Iff(scene.FactOf(scene.AskSpec("isMarked", "entry", any)))
                & Is(scene, "isLeafMarked", "leaf", any)
                    .Iff(scene.FactOf(scene.AskSpec("isLeafMarked", "leaf", any))));
    }

    private static Fact Is(SwapScene scene, string method, string parameter, Word word) =>
        !scene.Ask(method, parameter, word).Is(0);

    private static Fact IsPlace(SwapScene scene, Word entry) =>
        scene.Ask("area", "entry", entry).Is(scene.AnyArea()) & scene.Ask("slot", "entry", entry).Is(scene.AnySlot());

    private static LiftedValue State(CodeScene scene) => scene.Any(StepMethod, "before");

    private static LiftedValue Most(CodeScene scene) => scene.Any(StepMethod, "most");

    private static Fact Holds(CodeScene scene, LiftedValue state) =>
        scene.Says(InvariantMethod, ("state", state), ("most", Most(scene)));

    private static Fact IsSlots(CodeScene scene) =>
        scene.WordOf(State(scene), "Content").Is(scene.WordOf(State(scene), "Slot", "Content"));

    private static IEnumerable<ProofStep> Lives(SwapScene scene)
    {
        var state = State(scene);
        var step = scene.Run(
            StepMethod,
            ("before", state), ("happened", scene.Any(StepMethod, "happened")), ("slot", scene.Any(StepMethod, "slot")),
            ("content", scene.Any(StepMethod, "content")), ("most", Most(scene)));
        var isFree = scene.FactOf(state, "Slot", "IsFree");
        Word entries = scene.WordOf(state, "Slot", "Entries"), copies = scene.WordOf(state, "Slot", "Copies");
        var nothing = state.Leaves.Select(leaf => new Word(scene.Pool, leaf.Term)).Skip(1)
            .Aggregate(scene.True, (all, word) => all & word.Is(0));
        yield return new(
            "initial", nothing & scene.WordOf(state, "Slot", "IsFree").Is(1), Holds(scene, state));
        yield return new(
            "preserved", Holds(scene, state) & scene.FactOf(step, "Permitted"), Holds(scene, step.At("After")));
        yield return new(
            "free", Holds(scene, state), isFree.Iff(entries.Is(0) & copies.Is(0)));
        yield return new(
            "nobody's", Holds(scene, state) & isFree, !scene.FactOf(state, "Named"));
        yield return new(
            "what it holds",
            Holds(scene, state) & scene.Says("swap.read.mayEnd", ("state", state)),
            IsSlots(scene));
    }
}

using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Frames;

/// <summary>
/// E1 to E4 of the counts of any one frame, by induction over what can happen to it, and E6 of which blocks
/// of the Implementation belong together.
/// </summary>
public static class FrameTheorems
{
    private const string Step = "frames.count.step";
    private const string Invariant = "frames.count.invariant";
    private const int CarryBits = 33;
    private const ulong OrderMost = 10;
    private const ulong FramesEnd = 1 << 30;

    private static readonly CodeTasks<CodeScene> Tasks = new("frames", subject => new(subject));

    /// <summary>The theorems of frames, each followed by the witness that belongs to it.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
    [
        Tasks.Theorem(
            "E1",
            "References are holds, mappings, pins and the cache, however many there are; no count ever wraps.",
            scene => Counted(new(scene))),
        Tasks.Witness(
            "E1'",
            "A reference may be added to a frame that has one, without a look at the limit.",
            scene => Unlimited(new(scene))),
        Tasks.Theorem(
            "E2",
            "A free frame has no reference, and one that nobody refers to is never taken hold of again.",
            scene => Free(new(scene))),
        Tasks.Witness(
            "E2'",
            "A frame that nobody holds may be given back.",
            scene => GivenBackEarly(new(scene))),
        Tasks.Theorem(
            "E3",
            "A frame of page tables is mapped nowhere, and never pinned.",
            scene => Tables(new(scene))),
        Tasks.Witness(
            "E3'",
            "So it is when a hold on any frame may become a mapping.",
            scene => AnyMapped(new(scene))),
        Tasks.Theorem(
            "E4",
            "A frame of anonymous memory is never named as a page of a file.",
            scene => Anonymous(new(scene))),
        Tasks.Witness(
            "E4'",
            "So it is when a cache may name whatever processes see.",
            scene => AnyCached(new(scene))),
        Tasks.Theorem(
            "E6",
            "Buddies are each other's, merge to the block whose halves they are, and no frame is in both.",
            Buddies),
        Tasks.Witness(
            "E6'",
            "So it is also for blocks that do not begin at a multiple of their size.",
            scene => Merged(scene, AnyFrame(scene), AnyOrder(scene))),
    ];

    private static IEnumerable<ProofStep> Counted(Counts counts)
    {
        var (scene, state, most) = (counts.Scene, counts.State, counts.Most);
        yield return counts.Initial();
        foreach (var step in counts.Preserved())
        {
            yield return step;
        }

        // One after the other, with a bit more, in which a carry would show.
        Word references = scene.WordOf(state, "References"), rest = references;
        var adds = !most.IsBelow(references);
        foreach (string count in (string[])["Holds", "Mappings", "Pins"])
        {
            var part = scene.WordOf(state, count);
            var others = rest - part;
            adds &= (part.Widened(CarryBits) + others.Widened(CarryBits)).Is(rest.Widened(CarryBits));
            rest = others;
        }

        yield return new("sum", counts.Holds(state), adds & rest.Is(scene.FactOf(state, "Cached")
            .Choose(scene.Number(1, 32), scene.Number(0, 32))));
    }

    private static ProofStep Unlimited(Counts counts)
    {
        var (scene, state) = (counts.Scene, counts.State);
        Word references = scene.WordOf(state, "References"), holds = scene.WordOf(state, "Holds");
        return new(
            "unlimited",
            counts.Holds(state) & !references.Is(0),
            counts.Holds(state
                .With(["References"], CodeScene.Value(references + 1)).With(["Holds"], CodeScene.Value(holds + 1))));
    }

    private static IEnumerable<ProofStep> Free(Counts counts)
    {
        var (scene, state) = (counts.Scene, counts.State);
        var none = scene.WordOf(state, "Holds").Is(0) & scene.WordOf(state, "Mappings").Is(0)
            & scene.WordOf(state, "Pins").Is(0) & !scene.FactOf(state, "Cached");
        yield return new("free", counts.Holds(state) & !scene.FactOf(state, "InUse"), none);
        var step = counts.Run();
        var back = scene.WordOf(counts.Event).Is(scene.NumberOf("FrameEvent", "GiveBack"));
        yield return new(
            "given back", counts.Holds(state) & back & scene.FactOf(step, "Permitted"),
            none & scene.FactOf(state, "InUse"));
        var given = scene.WordOf(counts.Event).Is(scene.NumberOf("FrameEvent", "Allocate"));
        yield return new(
            "nobody's", counts.Holds(state) & scene.WordOf(state, "References").Is(0) & scene.FactOf(step, "Permitted"),
            back | given & !scene.FactOf(state, "InUse"));
    }

    private static ProofStep GivenBackEarly(Counts counts) => new(
        "given back",
        counts.Holds(counts.State) & counts.Scene.WordOf(counts.State, "Holds").Is(0),
        counts.Holds(counts.State.With(["InUse"], counts.Scene.Value(!counts.Scene.True))));

    private static IEnumerable<ProofStep> Tables(Counts counts)
    {
        var (scene, state) = (counts.Scene, counts.State);
        yield return new(
            "tables",
            counts.Holds(state) & scene.WordOf(state, "Use").Is(scene.NumberOf("FrameKind", "Table")),
            scene.WordOf(state, "Mappings").Is(0) & scene.WordOf(state, "Pins").Is(0) & !scene.FactOf(state, "Cached"));
    }

    private static ProofStep AnyMapped(Counts counts)
    {
        var (scene, state) = (counts.Scene, counts.State);
        Word holds = scene.WordOf(state, "Holds"), mappings = scene.WordOf(state, "Mappings");
        scene.Prefer(scene.WordOf(state, "Use").Is(scene.NumberOf("FrameKind", "Table")));
        return new(
            "mapped",
            counts.Holds(state) & !holds.Is(0),
            counts.Holds(state
                .With(["Holds"], CodeScene.Value(holds - scene.Number(1, 32)))
                .With(["Mappings"], CodeScene.Value(mappings + 1))));
    }

    private static IEnumerable<ProofStep> Anonymous(Counts counts)
    {
        var (scene, state) = (counts.Scene, counts.State);
        yield return new(
            "anonymous",
            counts.Holds(state) & scene.WordOf(state, "Use").Is(scene.NumberOf("FrameKind", "Anonymous")),
            !scene.FactOf(state, "Cached"));
    }

    private static ProofStep AnyCached(Counts counts)
    {
        var (scene, state) = (counts.Scene, counts.State);
        Word references = scene.WordOf(state, "References");
        return new(
            "cached",
            counts.Holds(state) & references.IsBelow(counts.Most) & !scene.WordOf(state, "Mappings").Is(0)
                & !scene.FactOf(state, "Cached"),
            counts.Holds(state
                .With(["References"], CodeScene.Value(references + 1))
                .With(["Cached"], scene.Value(scene.True))));
    }

    private static IEnumerable<ProofStep> Buddies(CodeScene scene)
    {
        Word frame = AnyFrame(scene), order = AnyOrder(scene), size = scene.Number(1, 32) << order;
        scene.Assume((frame & (size - scene.Number(1, 32))).Is(0));
        var buddy = Ask(scene, "frames.buddy", frame, order);
        yield return new(
            "buddy", scene.True,
            Ask(scene, "frames.buddy", buddy, order).Is(frame) & !buddy.Is(frame)
                & (buddy & (size - scene.Number(1, 32))).Is(0));
        yield return Merged(scene, frame, order);
        var block = Ask(scene, "frames.block", frame, order + 1);
        yield return new(
            "halves", scene.True,
            block.Is(Ask(scene, "frames.merged", frame, order))
                & (frame.Is(block) | frame.Is(Ask(scene, "frames.upper-half", block, order)))
                & (buddy.Is(block) | buddy.Is(Ask(scene, "frames.upper-half", block, order))));
        var inner = scene.AnyWord("inner").Bits(31, 0);
        yield return new(
            "apart", inner.IsBelow(size),
            Ask(scene, "frames.block", frame + inner, order).Is(frame)
                & Ask(scene, "frames.block", buddy + inner, order).Is(buddy));
    }

    // The two make one block, whichever is freed last; its upper half is the upper one of them.
    private static ProofStep Merged(CodeScene scene, Word frame, Word order)
    {
        var buddy = Ask(scene, "frames.buddy", frame, order);
        var merged = Ask(scene, "frames.merged", frame, order);
        return new(
            "merged", scene.True,
            merged.Is(Ask(scene, "frames.merged", buddy, order))
                & Ask(scene, "frames.upper-half", merged, order)
                    .Is(frame.IsBelow(buddy).Choose(buddy, frame))
                & Ask(scene, "frames.block", frame, order + 1).Is(merged)
                & Ask(scene, "frames.buddy", merged, order).Is(Ask(scene, "frames.upper-half", merged, order))
                & (merged & ((scene.Number(2, 32) << order) - scene.Number(1, 32))).Is(0));
    }

    private static Word AnyFrame(CodeScene scene)
    {
        var frame = scene.AnyWord("frame").Bits(31, 0);
        scene.Assume(frame.IsBelow(FramesEnd));
        return frame;
    }

    private static Word AnyOrder(CodeScene scene)
    {
        var order = scene.AnyWord("order").Bits(31, 0);
        scene.Assume(order.IsBelow(OrderMost));
        return order;
    }

    private static Word Ask(CodeScene scene, string method, Word frame, Word order) => scene.WordOf(
        scene.Run(method, ("frame", CodeScene.Value(frame)), ("order", CodeScene.Value(order))));

    private static readonly string[] Events =
    [
        "Allocate", "GiveBack", "Hold", "Release", "Map", "MapFromHold", "Unmap", "UnmapToHold", "Pin", "Unpin",
        "EnterCache", "LeaveCache",
    ];

    /// <summary>The counts of a frame, something that happens to them, and the limit.</summary>
    private sealed class Counts(CodeScene scene)
    {
        public CodeScene Scene { get; } = scene;

        public LiftedValue State { get; } = scene.Any(Step, "before");

        public LiftedValue Event { get; } = scene.Any(Step, "happened");

        public LiftedValue Limit { get; } = scene.Any(Step, "most");

        public Word Most => Scene.WordOf(Limit);

        public Fact Holds(LiftedValue state) => Scene.Says(Invariant, ("counts", state), ("most", Limit));

        public LiftedValue Run() => Scene.Run(
            Step, ("before", State), ("happened", Event), ("use", Scene.Any(Step, "use")), ("most", Limit));

        // Free, and all numbers zero.
        public ProofStep Initial() => new(
            "initial",
            State.Leaves.Select(leaf => new Word(Scene.Pool, leaf.Term).Is(0)).Aggregate((a, b) => a & b),
            Holds(State));

        // E2 to E4 rest on this, which E1 proves event by event.
        public IEnumerable<ProofStep> Preserved()
        {
            var after = Run();
            ProofStep whole = new(
                "preserved", Holds(State) & Scene.FactOf(after, "Permitted"), Holds(after.At("After")));
            return whole.Split([.. Events.Select(
                name => (name, Scene.WordOf(Event).Is(Scene.NumberOf("FrameEvent", name))))]);
        }
    }
}

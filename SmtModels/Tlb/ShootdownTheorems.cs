using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>
/// C1 to C4, C12 and C13: by induction over the steps of the shootdown, for any number of CPUs that a mask has
/// room for. Each step that the Spec permits keeps the invariant, and the claims follow from it.
/// </summary>
internal static class ShootdownTheorems
{
    private static readonly CodeTasks<ShootdownScene> Tasks = new("tlb", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "C1",
            "A store leaves a flush owed by every CPU that may hold what is no longer given; so the invariant stays.",
            scene => [Initial(scene), Kinds(scene), Preserved(scene, "Store")]),
        Tasks.Witness(
            "C1'",
            "A store need leave a flush owed by no CPU but the one that makes it.",
            scene => Weakened(scene, "Store", state => ShootdownScene.With(
                state, "Pending", scene.Mask(scene.State, "Pending") | (scene.Mask(state, "Pending") & scene.Cpu)))),
        Tasks.Theorem(
            "C2",
            "Flushes and their interrupts keep the invariant; once all have acknowledged, no active CPU holds the old.",
            Flushed),
        Tasks.Witness(
            "C2'",
            "An interrupt may be acknowledged before the flush is made.",
            scene => Weakened(scene, "Acknowledge", _ => ShootdownScene.With(
                ShootdownScene.With(scene.State, "Delivered", scene.Mask(scene.State, "Delivered") & ~scene.Cpu),
                "Flushed",
                scene.Mask(scene.State, "Flushed") & ~scene.Cpu), asPermitted: false)),
        Tasks.Theorem(
            "C3",
            "Reads and fills of walks keep the invariant; a fill from a walk begun before a store leaves a flush owed.",
            Filled),
        Tasks.Witness(
            "C3'",
            "A flush may leave the walks in progress as they are.",
            scene => Weakened(scene, "FlushPage", state => ShootdownScene.With(
                state, "Walks", scene.Mask(scene.State, "Walks")))),
        Tasks.Theorem(
            "C4",
            "No access reaches a frame that was given back, and no walk a table page that was.",
            Released),
        Tasks.Witness(
            "C4'",
            "A frame may be given back as soon as no table maps it.",
            scene => FreedEarly(scene, scene.True)),
        Tasks.Witness(
            "C4''",
            "A table page may be given back while lazy CPUs are skipped whose CR3 leads to it.",
            scene => Weakened(scene, "ReleaseTable", _ => scene.State.With(["TableFree"], scene.Value(scene.True)),
                asPermitted: false,
                given: !scene.FactOf(scene.State, "Linked")
                    & scene.Mask(scene.State, "Pending").IsPartOf(scene.Mask(scene.State, "Skipped")))),
        Tasks.Theorem(
            "C12",
            "A page that is taken to be clean has D in no table, and no active CPU may write to it without a mark.",
            scene => [Preserved(scene, "TakeClean"), Clean(scene, scene.IsPermitted(scene.Step()))]),
        Tasks.Witness(
            "C12'",
            "A page is clean as soon as D is clear in the tables.",
            scene => Clean(scene, !(scene.FactOf(scene.State, "Given", "Dirty") & scene.IsMapped(scene.State)))),
        Tasks.Theorem(
            "C13",
            "Size and memory type change only when no CPU that is waited for holds the old ones.",
            scene => [Reformed(scene)]),
        Tasks.Witness(
            "C13'",
            "Size and memory type may change in one store, if all CPUs owe a flush for it.",
            scene => Weakened(
                scene,
                "Store",
                _ => ShootdownScene.With(scene.State, "Pending", scene.Number(uint.MaxValue, 32))
                    .With(["Given"], scene.Event.At("Given")).With(["Entry"], scene.Event.At("Entry"))
                    .With(["Skipped", "Bits"], scene.Value(0, 32)),
                asPermitted: false,
                given: scene.FactOf(scene.State, "Linked") & scene.FactOf(scene.Event, "Linked")
                    & !scene.FactOf(scene.State, "FrameFree") & scene.FactOf(scene.State, "Given", "Present")
                    & scene.Mappings(TlbMethods.Same, scene.Event.At("Given"), scene.Event.At("Entry")))),
    ];

    /// <summary>A step of this kind keeps the invariant.</summary>
    public static ProofStep Preserved(ShootdownScene scene, string kind)
    {
        var step = scene.Step();
        return new(
            kind,
            scene.IsOf(kind) & scene.Invariant(scene.State) & scene.IsPermitted(step),
            scene.Invariant(step.At("State")));
    }

    // Nobody has anything yet, and nothing was given back.
    private static ProofStep Initial(ShootdownScene scene)
    {
        var nothing = ShootdownScene.Masks.Select(part => scene.Mask(scene.State, part).Is(0))
            .Aggregate((a, b) => a & b);
        return new(
            "initial",
            nothing & scene.FactOf(scene.State, "Watched", "Present") & !scene.FactOf(scene.State, "FrameFree")
                & !scene.FactOf(scene.State, "TableFree")
                & scene.FactOf(scene.State, "Linked").Implies(
                    scene.Mappings(TlbMethods.Same, scene.State.At("Given"), scene.State.At("Entry"))),
            scene.Invariant(scene.State));
    }

    // Each kind that is permitted is one of which some theorem speaks.
    private static ProofStep Kinds(ShootdownScene scene)
    {
        string[] kinds =
        [
            "Store", "Mark", "Read", "Fill", "Use", "FlushPage", "FlushTables", "Send", "Deliver", "Acknowledge",
            "Skip", "Complete", "TakeClean", "ReleaseFrame", "ReleaseTable", "Load", "Enter", "Leave", "Unload",
        ];
        return new(
            "kinds",
            scene.IsPermitted(scene.Step()),
            kinds.Select(scene.IsOf).Aggregate((a, b) => a | b));
    }

    private static IEnumerable<ProofStep> Flushed(ShootdownScene scene)
    {
        foreach (string kind in (string[])
            ["FlushPage", "FlushTables", "Send", "Deliver", "Acknowledge", "Skip", "Complete"])
        {
            yield return Preserved(scene, kind);
        }

        var after = scene.Step().At("State");
        yield return new(
            "dropped",
            scene.IsOf("FlushPage"),
            (scene.Held(after) & scene.Cpu).Is(0) & !scene.Has(after, "Pending") & !scene.Has(after, "Skipped"));

        var waitedFor = scene.Mask(scene.State, "Pending") & ~scene.Mask(scene.State, "Skipped");
        yield return new(
            "all acknowledged",
            scene.IsOf("Complete") & scene.Invariant(scene.State)
                & waitedFor.IsPartOf(scene.Mask(scene.State, "Asked"))
                & (waitedFor & (scene.Mask(scene.State, "Sent") | scene.Mask(scene.State, "Delivered"))).Is(0),
            scene.IsPermitted(scene.Step()));
        yield return new(
            "complete",
            scene.IsOf("Complete") & scene.Invariant(scene.State) & scene.IsPermitted(scene.Step())
                & !(scene.Mask(scene.State, "Active") & scene.Held(scene.State)).Is(0),
            scene.IsCurrent(scene.State));
    }

    private static IEnumerable<ProofStep> Filled(ShootdownScene scene)
    {
        foreach (string kind in (string[])["Read", "Fill", "Mark", "Use"])
        {
            yield return Preserved(scene, kind);
        }

        var step = scene.Step();
        yield return new(
            "late",
            scene.IsOf("Fill") & scene.Invariant(scene.State) & scene.IsPermitted(step) & !scene.IsCurrent(scene.State),
            scene.Has(step.At("State"), "Pending"));
        yield return new(
            "not after a flush",
            scene.IsOf("Fill") & !scene.Has(scene.State, "Walks"),
            scene.IsRefused(step, "FilledAfterFlush"));
    }

    private static IEnumerable<ProofStep> Released(ShootdownScene scene)
    {
        yield return Preserved(scene, "ReleaseFrame");
        yield return Preserved(scene, "ReleaseTable");
        yield return new(
            "frame",
            scene.IsOf("Use") & scene.Invariant(scene.State) & scene.Has(scene.State, "Active"),
            !scene.IsRefused(scene.Step(), "UsesFreedFrame"));
        yield return new(
            "table page",
            scene.IsOf("Read") & scene.Invariant(scene.State),
            !scene.IsRefused(scene.Step(), "WalksFreedTable"));
    }

    private static ProofStep FreedEarly(ShootdownScene scene, Fact given)
    {
        var freed = scene.State.With(["FrameFree"], scene.Value(scene.True));
        return new(
            "freed early",
            given & scene.IsOf("Use") & scene.Invariant(scene.State) & !scene.IsMapped(scene.State),
            !scene.IsRefused(scene.Step(freed), "UsesFreedFrame"));
    }

    private static ProofStep Clean(ShootdownScene scene, Fact taken) => new(
        "clean",
        scene.IsOf("TakeClean") & scene.Invariant(scene.State) & taken
            & !(scene.Mask(scene.State, "Active") & scene.Held(scene.State)).Is(0),
        !scene.FactOf(scene.State, "Watched", "Dirty"));

    private static ProofStep Reformed(ShootdownScene scene)
    {
        LiftedValue before = scene.State.At("Given"), after = scene.Event.At("Given");
        return new(
            "reformed",
            scene.IsOf("Store") & scene.Invariant(scene.State) & scene.IsPermitted(scene.Step())
                & scene.FactOf(before, "Present") & scene.FactOf(after, "Present")
                & !scene.Mappings(TlbMethods.HaveOneForm, before, after),
            (scene.Held(scene.State) & ~scene.Mask(scene.State, "Skipped")).Is(0));
    }

    // The same kind of step with another state after it.
    private static ProofStep Weakened(
        ShootdownScene scene,
        string kind,
        Func<LiftedValue, LiftedValue> change,
        bool asPermitted = true,
        Fact? given = null)
    {
        var step = scene.Step();
        return new(
            kind,
            scene.IsOf(kind) & scene.Invariant(scene.State) & (given ?? scene.True)
                & (asPermitted ? scene.IsPermitted(step) : scene.True),
            scene.Invariant(change(step.At("State"))));
    }
}

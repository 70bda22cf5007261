using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>C8 and C10: the recycling of PCIDs, and how a CPU catches up that nobody waited for.</summary>
internal static class GenerationTheorems
{
    private static readonly CodeTasks<CodeScene> Tasks = new("tlb", subject => new(subject));
    private static readonly CodeTasks<ShootdownScene> OfShootdown = new("tlb", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "C8",
            "A PCID that had another owner is flushed before it comes into CR3: whoever runs meets its own entries.",
            scene => Recycled(new(scene, TlbMethods.PcidSlotStep, TlbMethods.PcidSlotInvariant, "owner"))),
        Tasks.Witness(
            "C8'",
            "A PCID that is given to another address space may come into CR3 as it is.",
            scene => Loaded(new(scene, TlbMethods.PcidSlotStep, TlbMethods.PcidSlotInvariant, "owner"))),
        OfShootdown.Theorem(
            "C10",
            "A CPU whose generation is that of the space owes no flush that was counted; a lazy one catches up first.",
            scene => CaughtUp(new(scene, TlbMethods.GenerationStep, TlbMethods.GenerationInvariant, "read"))
                .Concat(((string[])["Load", "Enter", "Leave", "Unload"])
                    .Select(kind => ShootdownTheorems.Preserved(scene, kind)))),
        OfShootdown.Witness(
            "C10'",
            "A CPU that has announced itself may go on without comparing generations.",
            scene => Unchecked(new(scene, TlbMethods.GenerationStep, TlbMethods.GenerationInvariant, "read"))),
    ];

    private static IEnumerable<ProofStep> Recycled(Induction slot)
    {
        var scene = slot.Scene;
        yield return slot.Initial();
        yield return slot.Preserved();
        yield return new(
            "met",
            slot.Holds(slot.State) & scene.FactOf(slot.State, "Loaded"),
            !scene.FactOf(slot.State, "HoldsOther"));
    }

    private static ProofStep Loaded(Induction slot) => new(
        "loaded",
        slot.Holds(slot.State) & !slot.Scene.WordOf(slot.State, "Owner", "Value").Is(0),
        slot.Holds(slot.State.With(["Loaded"], slot.Scene.Value(slot.Scene.True))));

    private static IEnumerable<ProofStep> CaughtUp(Induction generations)
    {
        var (scene, state) = (generations.Scene, generations.State);
        yield return generations.Initial();
        yield return generations.Preserved();
        Word ofSpace = scene.WordOf(state, "OfSpace", "Value"), ofCpu = scene.WordOf(state, "OfCpu", "Value");
        yield return new(
            "same generation",
            generations.Holds(state) & ofCpu.Is(ofSpace) & !scene.FactOf(state, "Due"),
            !scene.FactOf(state, "Pending"));
        yield return new(
            "skipped",
            generations.Holds(state) & scene.FactOf(state, "Skipped"),
            !scene.FactOf(state, "Active"));
        var step = generations.Step();
        yield return new(
            "never twice",
            scene.WordOf(generations.Event).Is(scene.NumberOf("GenerationEvent", "Advance"))
                & scene.FactOf(step, "Permitted"),
            ofSpace.IsBelow(scene.WordOf(step, "State", "OfSpace", "Value")));
    }

    private static ProofStep Unchecked(Induction generations)
    {
        var (scene, state) = (generations.Scene, generations.State);
        return new(
            "unchecked",
            generations.Holds(state) & scene.FactOf(state, "Announced"),
            generations.Holds(state
                .With(["Checked"], scene.Value(scene.True)).With(["Active"], scene.Value(scene.True))));
    }

    /// <summary>A state, an event, and the invariant, of a small system.</summary>
    private sealed class Induction(CodeScene scene, string step, string invariant, string argument)
    {
        public CodeScene Scene { get; } = scene;

        public LiftedValue State { get; } = scene.Any(step, "state", $"{step}.state");

        public LiftedValue Event { get; } = scene.Any(step, "happened", $"{step}.happened");

        public Fact Holds(LiftedValue state) => Scene.Says(invariant, ("state", state));

        public LiftedValue Step() => Scene.Run(
            step, ("state", State), ("happened", Event), (argument, Scene.Any(step, argument)));

        // All numbers and truths of the state are zero.
        public ProofStep Initial() => new(
            "initial",
            State.Leaves.Select(leaf => new Word(Scene.Pool, leaf.Term).Is(0)).Aggregate((a, b) => a & b),
            Holds(State));

        public ProofStep Preserved()
        {
            var after = Step();
            return new(
                "preserved",
                Holds(State) & Scene.FactOf(after, "Permitted"),
                Holds(after.At("State")));
        }
    }
}

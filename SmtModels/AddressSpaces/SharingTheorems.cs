using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.AddressSpaces;

/// <summary>
/// D1 to D7: by induction over what can happen to any one frame, for any number of processes. Each event that the
/// Spec permits keeps the invariant, and the claims follow from it. Swap, huge pages and merged pages do not exist
/// yet, so D3 and D5 are without them.
/// </summary>
internal static class SharingTheorems
{
    private static readonly CodeTasks<SharingScene> Tasks = new("addressspaces", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "D1",
            "A fork leaves no side that can write; whoever can write a private page is its only mapper, always.",
            Forked),
        Tasks.Witness(
            "D1'", "A fork need take the right to write from the child alone.", ChildOnly),
        Tasks.Theorem(
            "D2",
            "A copy goes to a frame that is mapped nowhere, with what was there; its process sees the same bytes.",
            Copied),
        Tasks.Witness(
            "D2'", "A copy may go to a frame that is mapped elsewhere.", CopiedAnywhere),
        Tasks.Theorem(
            "D3",
            "A common page is used again in place exactly when no other entry, pin or reference leads to it.",
            scene => [Reused(scene), Preserved(scene, "Reuse")]),
        Tasks.Witness(
            "D3'", "So it is when nobody has pinned it, whoever maps it.", ReusedWhileMapped),
        Tasks.Witness(
            "D3''", "So it is when nobody else maps it, whoever refers to it (CVE-2020-29374).", ReusedWhileHeld),
        Tasks.Theorem(
            "D4",
            "Until it is unpinned or unmapped, a pinned page stays the one its process has; and it is never freed.",
            Pinned),
        Tasks.Witness(
            "D4'", "So it is when a fork may share a pinned page.", PinnedAndShared),
        Tasks.Theorem(
            "D5",
            "No private store of a process, nor one by force or of a device for it, changes what another sees.",
            Isolated),
        Tasks.Witness(
            "D5'", "So it is when a store may go through whatever entry there is.", StoredAnywhere),
        Tasks.Theorem(
            "D6",
            "A write by force to a private page never changes the page of a file, whatever D says.",
            Forced),
        Tasks.Witness(
            "D6'", "An entry of a private page that has D leads to a copy (Dirty COW).", TakenForACopy),
        Tasks.Theorem(
            "D7",
            "The page of zeros is never written, never dirty, never pinned and never given back.",
            Zeros),
        Tasks.Witness(
            "D7'", "So it is when it may be mapped to be written.", WritableZeros),
    ];

    private static ProofStep Preserved(SharingScene scene, string kind)
    {
        var step = scene.Step();
        return new(
            kind,
            scene.IsOf(kind) & scene.Invariant(scene.State) & scene.IsPermitted(step),
            scene.Invariant(step.At("State")));
    }

    // Free, or the zeros, and nobody refers to it.
    private static ProofStep Initial(SharingScene scene)
    {
        var state = scene.State;
        var nothing = new[] { "Shared", "Private", "Writable", "Pins", "Lent", "Held" }
            .Select(count => scene.Count(state, count).Is(0)).Aggregate((a, b) => a & b);
        return new(
            "initial",
            nothing & !scene.Has(state, "Cached") & !scene.Has(state, "Exclusive") & !scene.Has(state, "Dirty")
                & !scene.Has(state, "Watched")
                & (scene.IsFrame(state, "Free")
                    | (scene.IsFrame(state, "Zero") & scene.WordOf(state, "Content").Is(0))),
            scene.Invariant(state));
    }

    private static IEnumerable<ProofStep> Forked(SharingScene scene)
    {
        var (state, step) = (scene.State, scene.Step());
        yield return Initial(scene);
        yield return new("kinds", scene.IsPermitted(step), scene.IsOf(SharingScene.Events));
        foreach (string kind in SharingScene.Events)
        {
            yield return Preserved(scene, kind);
        }

        yield return new(
            "both sides",
            scene.IsOf("Fork") & scene.Invariant(state) & scene.IsPermitted(step),
            scene.Count(step.At("State"), "Writable").Is(0) & !scene.Has(step.At("State"), "Exclusive"));
        yield return new(
            "sole mapper",
            scene.Invariant(state) & !scene.Count(state, "Writable").Is(0),
            scene.Count(state, "Private").Is(1) & scene.Count(state, "Shared").Is(0)
                & scene.Count(state, "Held").Is(0));
    }

    private static ProofStep ChildOnly(SharingScene scene) => new(
        "child only",
        scene.Invariant(scene.State) & !scene.Count(scene.State, "Writable").Is(0)
            & scene.Count(scene.State, "Pins").Is(0),
        scene.Invariant(scene.With(
            SharingScene.With(scene.State, "Private", scene.Count(scene.State, "Private") + 1), "Exclusive", false)));

    private static IEnumerable<ProofStep> Copied(SharingScene scene)
    {
        var (state, target) = (scene.State, scene.Any("sharing.step", "state", "target"));
        var content = scene.WordOf(state, "Content");
        var taken = scene.Run("sharing.take", ("state", target), ("content", CodeScene.Value(content)));
        yield return new(
            "nowhere",
            scene.Invariant(target) & scene.IsPermitted(taken),
            !new[] { "Shared", "Private", "Pins", "Lent", "Held" }
                .Select(count => !scene.Count(target, count).Is(0)).Aggregate((a, b) => a | b));
        var mapped = scene.Step(taken.At("State"), scene.As("Map", ofWatched: true));
        yield return new(
            "mapped",
            scene.Invariant(target) & scene.IsPermitted(taken),
            scene.IsPermitted(mapped) & scene.Invariant(mapped.At("State"))
                & scene.Has(mapped.At("State"), "Watched")
                & scene.WordOf(mapped.At("State"), "Content").Is(content));
        var left = scene.Step(state, scene.As("Break", ofWatched: true));
        yield return new(
            "left",
            scene.Invariant(state) & scene.IsPermitted(left),
            scene.Invariant(left.At("State")) & !scene.Has(left.At("State"), "Watched")
                & scene.WordOf(left.At("State"), "Content").Is(content));
    }

    private static ProofStep CopiedAnywhere(SharingScene scene)
    {
        var state = scene.State;
        var count = scene.Count(state, "Private");
        var mapped = SharingScene.With(
            SharingScene.With(state, "Private", count + 1), "Writable", scene.Number(1, count.Width));
        return new(
            "anywhere",
            scene.Invariant(state) & scene.IsFrame(state, "Anonymous"),
            scene.Invariant(scene.With(mapped, "Exclusive", true)));
    }

    private static ProofStep Reused(SharingScene scene)
    {
        var state = scene.State;
        return new(
            "in place",
            scene.IsOf("Reuse") & scene.Invariant(state) & scene.IsFrame(state, "Anonymous")
                & !scene.Has(state, "Exclusive") & !scene.Count(state, "Private").Is(0)
                & scene.OfWatched.Iff(scene.Has(state, "Watched")),
            scene.IsPermitted(scene.Step()).Iff(scene.Count(state, "Private").Is(1)
                & scene.Count(state, "Pins").Is(0) & scene.Count(state, "Lent").Is(0)
                & scene.Count(state, "Held").Is(0)));
    }

    private static ProofStep ReusedWhileMapped(SharingScene scene) => new(
        "mapped",
        scene.Invariant(scene.State) & scene.IsFrame(scene.State, "Anonymous")
            & scene.Count(scene.State, "Pins").Is(0) & !scene.Count(scene.State, "Private").Is(0)
            & scene.Count(scene.State, "Held").Is(0),
        scene.Invariant(scene.With(scene.State, "Exclusive", true)));

    private static ProofStep ReusedWhileHeld(SharingScene scene) => new(
        "held",
        scene.Invariant(scene.State) & scene.IsFrame(scene.State, "Anonymous")
            & scene.Count(scene.State, "Private").Is(1),
        scene.Invariant(scene.With(scene.State, "Exclusive", true)));

    private static IEnumerable<ProofStep> Pinned(SharingScene scene)
    {
        var (state, step) = (scene.State, scene.Step());
        var after = step.At("State");
        var pinned = scene.Invariant(state) & scene.IsFrame(state, "Anonymous")
            & !scene.Count(state, "Pins").Is(0) & scene.IsPermitted(step);
        yield return new(
            "stays",
            pinned & scene.Has(state, "Watched") & !scene.IsOf("Unpin") & !(scene.IsOf("Unmap") & scene.OfWatched),
            scene.Has(after, "Watched") & scene.Has(after, "Exclusive") & !scene.Count(after, "Pins").Is(0)
                & scene.IsFrame(after, "Anonymous"));
        yield return new(
            "never copied", pinned, !scene.IsOf("Break", "Fork", "Free", "Take"));
        yield return new(
            "never freed", scene.Invariant(state) & scene.IsPermitted(step) & scene.IsOf("Free"),
            scene.Count(state, "Pins").Is(0));
    }

    private static ProofStep PinnedAndShared(SharingScene scene)
    {
        var state = scene.State;
        var shared = scene.With(
            SharingScene.With(state, "Private", scene.Count(state, "Private") + 1), "Exclusive", false);
        var left = scene.Step(shared, scene.As("Break", ofWatched: true));
        return new(
            "shared",
            scene.Invariant(state) & scene.IsFrame(state, "Anonymous") & !scene.Count(state, "Pins").Is(0)
                & scene.Has(state, "Watched") & scene.Count(state, "Writable").Is(0),
            !scene.IsPermitted(left));
    }

    // Two runs that differ in what others store.
    private static IEnumerable<ProofStep> Isolated(SharingScene scene)
    {
        var (state, happened) = (scene.State, scene.Event);
        var other = happened.With(["Content"], scene.Any("sharing.step", "happened", "other").At("Content"));
        LiftedValue one = scene.Step(state, happened), two = scene.Step(state, other);
        var sees = scene.Invariant(state) & scene.Has(state, "Watched") & scene.IsPermitted(one);
        yield return new(
            "two runs",
            sees & !scene.OfWatched & !scene.IsOf("Write", "DeviceWrite"),
            scene.IsPermitted(two) & scene.AreSame(one.At("State"), two.At("State")));
        yield return new(
            "unchanged",
            sees & !scene.OfWatched & !scene.IsOf("Write", "DeviceWrite"),
            scene.WordOf(one, "State", "Content").Is(scene.WordOf(state, "Content")));
        yield return new(
            "of a device",
            sees & scene.IsOf("DeviceWrite") & scene.IsFrame(state, "Anonymous"),
            scene.Count(state, "Private").Is(1));
        yield return new(
            "of an object",
            sees & scene.IsOf("Write"),
            scene.IsFrame(state, "File"));
    }

    private static ProofStep StoredAnywhere(SharingScene scene) => new(
        "anywhere",
        scene.Invariant(scene.State) & scene.Has(scene.State, "Watched") & scene.IsFrame(scene.State, "Anonymous")
            & scene.Count(scene.State, "Private").Is(2) & scene.IsOf("Store") & !scene.OfWatched,
        scene.WordOf(scene.Event, "Content").Is(scene.WordOf(scene.State, "Content")));

    private static IEnumerable<ProofStep> Forced(SharingScene scene)
    {
        var (state, step) = (scene.State, scene.Step());
        yield return new(
            "a copy",
            scene.Invariant(state) & scene.IsOf("Force") & scene.IsPermitted(step),
            scene.IsFrame(state, "Anonymous") & scene.Has(state, "Exclusive") & !scene.Has(state, "Cached")
                & scene.Count(state, "Private").Is(1));
        yield return new(
            "the object",
            scene.Invariant(state) & scene.IsFrame(state, "File") & scene.IsPermitted(step)
                & !scene.IsOf("Write", "DeviceWrite"),
            scene.WordOf(step, "State", "Content").Is(scene.WordOf(state, "Content")));
        var dirty = scene.Step(scene.With(state, "Dirty", true), scene.Event);
        yield return new(
            "whatever D says",
            scene.IsOf("Force"),
            scene.IsPermitted(step).Iff(scene.IsPermitted(dirty)));
    }

    private static ProofStep TakenForACopy(SharingScene scene) => new(
        "dirty",
        scene.Invariant(scene.State) & scene.Has(scene.State, "Dirty") & !scene.Count(scene.State, "Private").Is(0),
        !scene.IsFrame(scene.State, "File"));

    private static IEnumerable<ProofStep> Zeros(SharingScene scene)
    {
        var (state, step) = (scene.State, scene.Step());
        var after = step.At("State");
        yield return new(
            "zeros",
            scene.Invariant(state) & scene.IsFrame(state, "Zero") & scene.IsPermitted(step),
            scene.IsFrame(after, "Zero") & scene.WordOf(after, "Content").Is(0)
                & scene.Count(after, "Writable").Is(0) & !scene.Has(after, "Dirty")
                & scene.Count(after, "Pins").Is(0) & !scene.IsOf("Free", "Store", "Write", "Force", "Reuse"));
    }

    private static ProofStep WritableZeros(SharingScene scene)
    {
        var state = scene.State;
        var count = scene.Count(state, "Private");
        var mapped = SharingScene.With(state, "Writable", scene.Number(1, count.Width));
        var stored = scene.Step(mapped, scene.As("Store", ofWatched: true));
        return new(
            "writable",
            scene.Invariant(state) & scene.IsFrame(state, "Zero") & scene.Has(state, "Watched"),
            scene.WordOf(stored, "State", "Content").Is(0));
    }
}

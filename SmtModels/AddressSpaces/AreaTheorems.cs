using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.AddressSpaces;

/// <summary>
/// D8 to D10: what is computed when areas are split, moved and merged, for all areas of user addresses. All about the
/// Implementation, and that the Spec says the same.
/// </summary>
internal static class AreaTheorems
{
    private static readonly CodeTasks<AreaScene> Tasks = new("addressspaces", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "D8",
            "The parts of an area are all of it, behind each address lies what lay there, and merged they are it.",
            Split),
        Tasks.Witness(
            "D8'", "So it is when the upper part begins where the object of the whole begins.", OffsetForgotten),
        Tasks.Theorem(
            "D9",
            "Areas are merged exactly when they meet, are alike, and offsets continue; then nothing lies elsewhere.",
            Merged),
        Tasks.Witness(
            "D9'", "So it is when they meet and are alike, whatever their offsets.", OffsetsIgnored),
        Tasks.Theorem(
            "D10",
            "The Implementation splits and merges areas as the Spec does.",
            Agrees),
        Tasks.Witness(
            "D10'", "So it is where areas of nothing but zeros have offsets in the Spec.", OffsetsOfZeros),
    ];

    private static IEnumerable<ProofStep> Split(AreaScene scene)
    {
        var area = scene.Area("area");
        Word address = scene.Address("address"), any = scene.AnyWord("any");
        LiftedValue lower = scene.Part("areas.lower", area, address), upper = scene.Part("areas.upper", area, address);
        var inside = scene.IsOfUsers(area) & scene.IsIn(address, area) & !address.Is(scene.WordOf(area, "Start"));
        yield return new(
            "of users", inside, scene.IsOfUsers(lower) & scene.IsOfUsers(upper));
        yield return new(
            "all of it",
            inside,
            scene.IsIn(any, area).Iff(scene.IsIn(any, lower) | scene.IsIn(any, upper))
                & !(scene.IsIn(any, lower) & scene.IsIn(any, upper))
                & scene.AreAlike(area, lower, true) & scene.AreAlike(area, upper, true));
        yield return new(
            "behind each address",
            inside & scene.IsIn(any, area),
            scene.Page(area, any).Is(scene.IsIn(any, lower).Choose(scene.Page(lower, any), scene.Page(upper, any))));
        yield return new(
            "one again",
            inside,
            scene.Continues(lower, upper) & scene.AreSame(scene.Merged(lower, upper), area));
        yield return Moved(scene, area, address, any);
    }

    private static ProofStep Moved(AreaScene scene, LiftedValue area, Word from, Word any)
    {
        Word target = scene.Address("target"), size = scene.Address("size");
        var moved = scene.Run(
            "areas.moved", ("area", area), ("from", CodeScene.Value(from)), ("target", CodeScene.Value(target)),
            ("size", CodeScene.Value(size)));
        return new(
            "moved",
            scene.IsOfUsers(area) & scene.IsIn(from, area)
                & any.IsBelow(size) & any.IsBelow(scene.WordOf(area, "End") - from),
            scene.IsIn(target + any, moved)
                & scene.Page(moved, target + any).Is(scene.Page(area, from + any))
                & scene.AreAlike(area, moved, true));
    }

    private static ProofStep OffsetForgotten(AreaScene scene)
    {
        var area = scene.Area("area");
        Word address = scene.Address("address"), any = scene.AnyWord("any");
        var upper = scene.Part("areas.upper", area, address)
            .With(["Offset"], CodeScene.Value(scene.WordOf(area, "Offset")));
        return new(
            "forgotten",
            scene.IsOfUsers(area) & !scene.IsAnonymous(area) & scene.IsIn(address, area) & scene.IsIn(any, upper),
            scene.Page(upper, any).Is(scene.Page(area, any)));
    }

    private static IEnumerable<ProofStep> Merged(AreaScene scene)
    {
        LiftedValue area = scene.Area("area"), next = scene.Area("next");
        Word end = scene.WordOf(area, "End"), length = end - scene.WordOf(area, "Start"), any = scene.AnyWord("any");
        var both = scene.IsOfUsers(area) & scene.IsOfUsers(next);
        yield return new(
            "exactly when",
            both,
            scene.Continues(area, next).Iff(end.Is(scene.WordOf(next, "Start"))
                & scene.AreAlike(area, next, alsoTouched: false)
                & (scene.IsAnonymous(area)
                    | (scene.WordOf(area, "Offset") + length).Is(scene.WordOf(next, "Offset")))));

        // By that an area that continues another is known but for its end: written so, the sums stay short.
        next = next.With(["Start"], CodeScene.Value(end))
            .With(["Offset"], CodeScene.Value(scene.WordOf(area, "Offset") + length))
            .With(["Object"], area.At("Object")).With(["Protection"], area.At("Protection"));
        var merged = scene.Merged(area, next);
        var one = scene.IsOfUsers(area) & scene.IsOfUsers(next) & scene.Continues(area, next);
        yield return new("of users", one, scene.IsOfUsers(merged));
        yield return new(
            "nothing elsewhere",
            one,
            scene.IsIn(any, merged).Iff(scene.IsIn(any, area) | scene.IsIn(any, next))
                & (scene.IsAnonymous(area) | !scene.IsIn(any, merged) | scene.Page(merged, any).Is(
                    scene.IsIn(any, area).Choose(scene.Page(area, any), scene.Page(next, any)))));
        yield return new(
            "alike",
            one,
            scene.AreAlike(merged, area, alsoTouched: false)
                & scene.WordOf(merged, "Flags").Is(scene.WordOf(area, "Flags") | scene.WordOf(next, "Flags")));
    }

    private static ProofStep OffsetsIgnored(AreaScene scene)
    {
        LiftedValue area = scene.Area("area"), next = scene.Area("next");
        var any = scene.AnyWord("any");
        return new(
            "ignored",
            scene.IsOfUsers(area) & scene.IsOfUsers(next) & scene.AreAlike(area, next, alsoTouched: false)
                & !scene.IsAnonymous(area) & scene.WordOf(area, "End").Is(scene.WordOf(next, "Start"))
                & scene.IsIn(any, next),
            scene.Page(scene.Merged(area, next), any).Is(scene.Page(next, any)));
    }

    private static IEnumerable<ProofStep> Agrees(AreaScene scene)
    {
        LiftedValue area = scene.Area("area"), spec = scene.SpecArea("specArea");
        LiftedValue next = scene.Area("next"), specNext = scene.SpecArea("specNext");
        Word address = scene.Address("address"), any = scene.AnyWord("any");
        var same = scene.IsOfUsers(area) & scene.AreSameArea(area, spec);
        var inside = same & scene.IsIn(address, area);
        yield return new(
            "lower",
            inside,
            scene.AreSameArea(
                scene.Part("areas.lower", area, address), scene.Part("areas.spec.lower", spec, address)));
        yield return new(
            "upper",
            inside,
            scene.AreSameArea(
                scene.Part("areas.upper", area, address), scene.Part("areas.spec.upper", spec, address)));
        yield return new(
            "page",
            same & !scene.IsAnonymous(area) & scene.IsIn(any, area),
            scene.Page(area, any).Is(scene.WordOf(scene.Part("areas.spec.page", spec, any))));
        yield return One(scene, (area, spec), (next, specNext), zeroOffsets: true);
        yield return new(
            "merged",
            same & scene.IsOfUsers(next) & scene.AreSameArea(next, specNext) & scene.Continues(area, next),
            scene.AreSameArea(
                scene.Merged(area, next), scene.Run("areas.spec.joined", ("low", spec), ("high", specNext))));
    }

    private static ProofStep OffsetsOfZeros(AreaScene scene) => One(
        scene,
        (scene.Area("area"), scene.SpecArea("specArea")),
        (scene.Area("next"), scene.SpecArea("specNext")),
        zeroOffsets: false);

    private static ProofStep One(
        AreaScene scene,
        (LiftedValue Area, LiftedValue Spec) low,
        (LiftedValue Area, LiftedValue Spec) high,
        bool zeroOffsets) => new(
            "one",
            scene.IsOfUsers(low.Area) & scene.IsOfUsers(high.Area)
                & scene.AreSameArea(low.Area, low.Spec, zeroOffsets)
                & scene.AreSameArea(high.Area, high.Spec, zeroOffsets),
            scene.Continues(low.Area, high.Area).Iff(
                scene.Says("areas.spec.areOne", ("low", low.Spec), ("high", high.Spec))));
}

using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>C9 and C11: that a flush of a range reaches every page in it, and when no flush is needed.</summary>
internal static class FlushTheorems
{
    private const string Gathered = "pagetables.gathered";

    private static readonly int[] Levels = [1, 2, 3];
    private static readonly string[] Pages = ["one", "two"];

    private static readonly (int One, int Two)[] Combinations =
        [.. from one in Levels from two in Levels select (one, two)];

    private static readonly CodeTasks<CodeScene> Tasks = new("pagetables", subject => new(subject));
    private static readonly CodeTasks<ElisionScene> OfElision = new("pagetables", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "C9",
            "A flush from the first address of a gather by its stride reaches every page that changed.",
            scene => Combinations.Select(levels => Ranged(scene, levels)).Concat(Levels.Select(
                level => Stepped(scene, Leaf(level))))),
        Tasks.Witness(
            "C9'",
            "A flush of the first address of a gather alone reaches every page that changed.",
            FirstAlone),
        OfElision.Theorem(
            "C11",
            "Without shadow stacks, a leaf that may stay cached permits nothing more, elsewhere, or without a mark.",
            Elided),
        OfElision.Witness(
            "C11'",
            "What may stay cached by place, key, form, rights and D alone permits a supervisor nothing more.",
            scene => scene.Sound("supervisor", 1, scene.HasNoShadowStacks & scene.HasOneKey & scene.IsAgreed(1))),
        OfElision.Witness(
            "C11''",
            "With shadow stacks too, a leaf that may stay cached permits nothing more.",
            scene => scene.Sound("shadow stack", 1, scene.MayStayCached)),
    ];

    // The range begins at a multiple of its stride, no page is before it or behind it, and no page is smaller
    // than a step.
    private static ProofStep Ranged(CodeScene scene, (int One, int Two) levels)
    {
        int[] each = [levels.One, levels.Two];
        var (range, starts) = Gather(scene, each);
        Word first = scene.WordOf(range, "First"), last = scene.WordOf(range, "Last");
        int stride = Leaf(each.Min());
        Fact given = scene.True;
        var reached = scene.WordOf(range, "Stride").Is((ulong)stride) & first.HasNone((1UL << stride) - 1)
            & scene.WordOf(range, "Steps").Is(((last - first) >> stride) + 1);
        foreach (var (start, level) in starts.Zip(each))
        {
            given &= start.HasNone((1UL << Leaf(level)) - 1);
            reached &= !start.IsBelow(first) & !last.IsBelow(start);
        }

        return new($"range of levels {levels.One} and {levels.Two}", given, reached);
    }

    // A page lies some way behind the first address, and the last address some way behind the page: the step that
    // comes to the page is among those of the range.
    private static ProofStep Stepped(CodeScene scene, int stride)
    {
        Word first = scene.AnyWord("first"), before = scene.AnyWord("before"), behind = scene.AnyWord("behind");
        Word start = first + before, last = start + behind, step = before >> stride;
        ulong offset = (1UL << stride) - 1;
        return new(
            $"steps of {1UL << stride}",
            first.HasNone(offset) & start.HasNone(offset) & !start.IsBelow(first) & !last.IsBelow(start),
            step.IsBelow(((last - first) >> stride) + 1) & (first + (step << stride)).Is(start));
    }

    private static ProofStep FirstAlone(CodeScene scene)
    {
        var (range, starts) = Gather(scene, [1, 1]);
        return new(
            "first alone",
            starts.Select(start => start.HasNone(0xFFF)).Aggregate((a, b) => a & b),
            scene.WordOf(range, "First").Is(starts[1]));
    }

    private static (LiftedValue Range, IReadOnlyList<Word> Starts) Gather(CodeScene scene, int[] levels)
    {
        var changed = Pages.Zip(levels, (page, level) =>
            (page, scene.Any(Gathered, page).With(["Level"], scene.Value((ulong)level, 32)))).ToArray();
        return (scene.Run(Gathered, changed), [.. changed.Select(page => scene.WordOf(page.Item2, "Page"))]);
    }

    private static int Leaf(int level) => 12 + 9 * (level - 1);

    private static IEnumerable<ProofStep> Elided(ElisionScene scene)
    {
        scene.Assume(scene.HasNoShadowStacks);
        foreach (int level in Levels)
        {
            yield return scene.Sound($"access to level {level}", level, scene.MayStayCached);
            yield return new($"as the Spec at level {level}", scene.MayStayCached, scene.IsAgreed(level));
        }
    }
}

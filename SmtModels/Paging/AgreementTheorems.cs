using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>
/// B1: the optimized walker does what the Spec says, for all memories, registers, widths and accesses.
/// By it, what the other theorems say of the Spec holds of the Implementation.
/// </summary>
internal static class AgreementTheorems
{
    private static readonly PageSize[] Sizes = [PageSize.Size4K, PageSize.Size2M, PageSize.Size1G];

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.Theorem(
            "B1",
            "The optimized walker answers as the Spec does, and leaves in memory what the Spec permits.",
            scene => PagingTasks.EachDepth(scene, Outcome)
                .Concat(PagingTasks.EachDepth(scene, Left))
                .Prepend(PagingTasks.AllDepths(scene))),
    ];

    private static IEnumerable<ProofStep> Outcome(PagingScene scene, Depth depth)
    {
        var optimized = scene.WalkOptimized(depth.Levels, scene.Memory, depth.Control, scene.Access);
        yield return new("outcome", scene.True, scene.Walk(depth).Is(optimized.Outcome));
    }

    // Any word of memory: what the walker leaves in it, case by case, and that this is permitted. A
    // walker that leaves something else may do so, if the Spec permits just that.
    private static IEnumerable<ProofStep> Left(PagingScene scene, Depth depth)
    {
        var optimized = scene.WalkOptimized(depth.Levels, scene.Memory, depth.Control, scene.Access);
        var address = scene.AnyWord("probe");
        var before = scene.Memory[address];
        var marked = optimized.Outcome.Translates.Choose(before | MarksAt(scene, scene.Path(depth), address), before);
        ProofStep left = new("left", scene.True, optimized.After[address].Is(marked));
        foreach (var step in left.Split(
        [
            ("by a fault", !optimized.Outcome.Translates),
            .. Sizes.Select(size => ($"{size}", optimized.Outcome.Translates & optimized.Outcome.MapsPageOf(size))),
        ]))
        {
            var permitted = scene.Permits(
                scene.Memory, depth.Control, scene.Access, address, optimized.After[address]);
            yield return step with
            {
                Otherwise = new($"{step.Name} permitted", step.Assumptions, permitted),
            };
        }

        yield return new(
            "permitted",
            scene.True,
            scene.Permits(scene.Memory, depth.Control, scene.Access, address, marked));
    }

    // What a completed walk sets in the word at an address, which may serve several levels.
    private static Word MarksAt(PagingScene scene, WalkPath path, Word address)
    {
        var none = scene.Number(0);
        var ofLeaf = scene.Access.IsWrite.Choose(
            scene.Number((ulong)(EntryBit.Accessed | EntryBit.Dirty)), scene.Number((ulong)EntryBit.Accessed));
        return path.Down
            .Select(level => (path.IsUsed(level) & address.Is(path.Address(level))).Choose(
                path.IsCompleteAt(level).Choose(ofLeaf, scene.Number((ulong)EntryBit.Accessed)), none))
            .Aggregate((a, b) => a | b);
    }
}

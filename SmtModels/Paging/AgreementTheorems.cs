using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>
/// B1: the optimized walker does what the Spec says, for all memories, registers, widths and accesses.
/// By it, what the other theorems say of the Spec holds of the Implementation.
/// </summary>
internal static class AgreementTheorems
{
    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.AtEachDepth(
            "B1",
            "The optimized walker answers as the Spec does, and leaves in memory what the Spec permits.",
            Steps),
    ];

    private static IEnumerable<ProofStep> Steps(PagingScene scene, Depth depth)
    {
        var optimized = scene.WalkOptimized(depth.Levels, scene.Memory, depth.Control, scene.Access);
        var spec = scene.Walk(depth);
        yield return new("outcome", scene.True, spec.Is(optimized.Outcome));

        // Any word of memory, as it was left.
        var address = scene.AnyWord("probe");
        var left = optimized.After[address];
        var permitted = scene.Permits(scene.Memory, depth.Control, scene.Access, address, left);
        yield return new("left", scene.True, permitted);
    }
}

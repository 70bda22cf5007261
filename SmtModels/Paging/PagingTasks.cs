using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>How a statement about paging becomes a task for a prover.</summary>
internal static class PagingTasks
{
    /// <summary>A theorem from the steps that a scene gives.</summary>
    public static Theorem Theorem(
        string name, string statement, Func<PagingScene, IEnumerable<ProofStep>> steps) =>
        new(name, statement, subject => Open(subject, steps, whole: true));

    /// <summary>A theorem that is proved for each depth of a walk by itself.</summary>
    public static Theorem AtEachDepth(
        string name, string statement, Func<PagingScene, Depth, IEnumerable<ProofStep>> steps) =>
        Theorem(name, statement, scene => EachDepth(scene, steps));

    /// <summary>A witness: one step that must be refuted, with four levels.</summary>
    public static Witness Witness(string name, string statement, Func<PagingScene, Depth, ProofStep> step) =>
        new(name, statement, subject => Open(subject, scene => [step(scene, scene.Depths[0])], whole: false));

    private static Proof Open(
        ProofSubject subject, Func<PagingScene, IEnumerable<ProofStep>> steps, bool whole)
    {
        PagingScene scene = new(subject);
        return new(scene, WithDomain(scene, steps(scene), whole));
    }

    // Each step is about the domain. What was lifted for all of them never throws there, or the terms
    // would say nothing about the code.
    private static IEnumerable<ProofStep> WithDomain(
        PagingScene scene, IEnumerable<ProofStep> steps, bool whole)
    {
        foreach (var step in steps)
        {
            yield return step with { Assumptions = scene.Domain & step.Assumptions };
        }

        if (whole)
        {
            yield return new("never throws", scene.Domain, scene.NothingThrows);
        }
    }

    private static IEnumerable<ProofStep> EachDepth(
        PagingScene scene, Func<PagingScene, Depth, IEnumerable<ProofStep>> steps)
    {
        yield return new("depths", scene.True, scene.IsOfSomeDepth);
        foreach (var depth in scene.Depths)
        {
            foreach (var step in steps(scene, depth))
            {
                yield return step with { Name = $"{step.Name}.{depth.Name}" };
            }
        }
    }
}

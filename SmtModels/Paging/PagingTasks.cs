using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>How a statement about paging becomes a task for a prover.</summary>
internal static class PagingTasks
{
    private const string Domain = "paging";

    /// <summary>A theorem from the steps that a scene gives.</summary>
    public static Theorem Theorem(
        string name, string statement, Func<PagingScene, IEnumerable<ProofStep>> steps) =>
        new(name, statement, subject => Open(subject, steps, whole: true)) { Domain = Domain };

    /// <summary>A theorem that is proved for each depth of a walk by itself.</summary>
    public static Theorem AtEachDepth(
        string name, string statement, Func<PagingScene, Depth, IEnumerable<ProofStep>> steps) =>
        Theorem(name, statement, scene => EachDepth(scene, steps).Prepend(AllDepths(scene)));

    /// <summary>That a claim proved at each depth is proved.</summary>
    public static ProofStep AllDepths(PagingScene scene) => new("depths", scene.True, scene.IsOfSomeDepth);

    /// <summary>The steps of each depth, with its name at their end.</summary>
    public static IEnumerable<ProofStep> EachDepth(
        PagingScene scene, Func<PagingScene, Depth, IEnumerable<ProofStep>> steps)
    {
        foreach (var depth in scene.Depths)
        {
            scene.LevelsInQuestion = depth.Levels;
            foreach (var step in steps(scene, depth))
            {
                yield return At(depth, step);
            }
        }

        scene.LevelsInQuestion = null;
    }

    /// <summary>A witness: one step that must be refuted, with four levels.</summary>
    public static Witness Witness(string name, string statement, Func<PagingScene, Depth, ProofStep> step) =>
        new(name, statement, subject => Open(subject, scene => [step(scene, scene.Depths[0])], whole: false))
        {
            Domain = Domain,
        };

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
            yield return In(scene.Domain, step);
        }

        if (whole)
        {
            yield return new("never throws", scene.Domain, scene.NothingThrows);
        }
    }

    private static ProofStep At(Depth depth, ProofStep step) => step with
    {
        Name = $"{step.Name}.{depth.Name}",
        Otherwise = step.Otherwise is { } needed ? At(depth, needed) : null,
    };

    private static ProofStep In(Fact domain, ProofStep step) => step with
    {
        Assumptions = domain & step.Assumptions,
        Otherwise = step.Otherwise is { } needed ? In(domain, needed) : null,
    };
}

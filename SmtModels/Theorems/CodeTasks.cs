namespace PageProof.SmtModels.Theorems;

/// <summary>How statements about lifted methods become tasks for a prover.</summary>
/// <param name="domain">The domain of the code.</param>
/// <param name="open">Makes a scene for a subject.</param>
public sealed class CodeTasks<TScene>(string domain, Func<ProofSubject, TScene> open)
    where TScene : CodeScene
{
    /// <summary>A theorem from the steps that a scene gives; nothing that they were lifted from may throw.</summary>
    public Theorem Theorem(string name, string statement, Func<TScene, IEnumerable<ProofStep>> steps) =>
        new(name, statement, subject => Open(subject, scene => Whole(scene, steps(scene)))) { Domain = domain };

    /// <summary>A witness: one step that must be refuted, by a case in which nothing throws.</summary>
    public Witness Witness(string name, string statement, Func<TScene, ProofStep> step) =>
        new(name, statement, subject => Open(subject, scene => Refutable(scene, step))) { Domain = domain };

    private Proof Open(ProofSubject subject, Func<TScene, IEnumerable<ProofStep>> steps)
    {
        var scene = open(subject);
        return new(scene, steps(scene));
    }

    private static IEnumerable<ProofStep> Whole(TScene scene, IEnumerable<ProofStep> steps)
    {
        int proved = 0;
        foreach (var step in steps)
        {
            // Where a method throws, its terms say nothing about it. What is assumed of the scene only grows, so
            // that what does not throw there never does.
            var (nothing, next) = scene.NothingThrowsFrom(proved);
            if (next > proved && !nothing.Term.IsTrue)
            {
                yield return new($"{step.Name} never throws", scene.Domain, nothing);
            }

            proved = next;
            yield return step with { Assumptions = scene.Domain & step.Assumptions };
        }
    }

    private static IEnumerable<ProofStep> Refutable(TScene scene, Func<TScene, ProofStep> find)
    {
        var step = find(scene);
        yield return step with { Assumptions = scene.Domain & scene.NothingThrows & step.Assumptions };
    }
}

using PageProof.Implementation;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Mutate;

/// <summary>
/// The short way to a proof about a changed walk: that it answers as the shipped one does in every
/// case, and leaves the same in every word of memory. Then whatever is proved of the shipped walk holds
/// of the changed one. Two walks that differ in one instruction are compared much faster than a walk
/// and its specification.
/// </summary>
public static class SameWalk
{
    /// <summary>Whether that is proved; if not, nothing is known.</summary>
    public static bool IsProved(ProofSubject changed, ISolver solver, TimeSpan limit)
    {
        using PagingScene scene = new(changed);
        using AssemblySet shipped = new(
            [.. ProofSubject.Of(typeof(Contract.ISystem).Assembly, typeof(ImplementationSystem).Assembly).Files]);
        Lifter lifter = new(scene.Pool, shipped);
        return Claims(scene, lifter).All(claim => claim.Term.IsTrue || IsProved(scene, claim, solver, limit));
    }

    private static IEnumerable<Fact> Claims(PagingScene scene, Lifter shipped)
    {
        var probe = scene.AnyWord("probe");
        foreach (var depth in scene.Depths)
        {
            var changed = scene.WalkOptimized(depth.Levels, scene.Memory, depth.Control, scene.Access);
            var original = shipped.Lift(
                PagingMethods.ImplementationWalk(depth.Levels),
                ("control", depth.Control.Value),
                ("access", scene.Access.Value),
                ("memory", Lifter.OfMemory(scene.Memory.Term)));
            yield return new OutcomeTerms(scene, original.Result!).Is(changed.Outcome);
            yield return changed.After[probe].Is(new Memory(scene.Pool, original.Memory!)[probe]);
            yield return scene.NothingThrows;
        }
    }

    private static bool IsProved(PagingScene scene, Fact claim, ISolver solver, TimeSpan limit)
    {
        Goal goal = new(scene.Pool, [scene.Domain.Term, (!claim).Term]);
        return solver.Solve(goal, limit).Status == SolverStatus.Unsatisfiable;
    }
}

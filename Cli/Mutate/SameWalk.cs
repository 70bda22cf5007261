using PageProof.Contract;
using PageProof.Implementation;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Mutate;

/// <summary>
/// The short way to a proof about a changed walk: where it answers as the shipped one does in every
/// case, or leaves the same in every word of memory, there what is proved of the shipped walk holds of
/// it too. Two walks that differ in one instruction are compared much faster than a walk and its
/// specification.
/// </summary>
public static class SameWalk
{
    /// <summary>
    /// The steps of the theorem about walks that need not be tried of the changed one, by how their names
    /// end: at each depth the one of the outcome, if both give the same, and all, if they also leave the
    /// same. Nothing after the first difference, or what cannot be shown to be none, is among them. It all
    /// only says something where the changed walk does not throw, which is left to the theorem.
    /// </summary>
    public static IReadOnlyList<string> SettledSteps(ProofSubject changed, ISolver solver, TimeSpan limit)
    {
        using PagingScene scene = new(changed);
        using AssemblySet shipped = new(
            [.. ProofSubject.Of(typeof(ISystem).Assembly, typeof(ImplementationSystem).Assembly).Files]);
        Lifter lifter = new(scene.Pool, shipped);
        return
        [
            .. Claims(scene, lifter)
                .TakeWhile(claim => claim.Same.Term.IsTrue || IsProved(scene, claim.Same, solver, limit))
                .Select(claim => claim.Steps),
        ];
    }

    private static IEnumerable<(string Steps, Fact Same)> Claims(PagingScene scene, Lifter shipped)
    {
        var probe = scene.AnyWord("probe");
        foreach (var depth in scene.Depths)
        {
            var changed = scene.WalkOptimized(depth.Levels, scene.Memory, depth.Control, scene.Access);
            string method = PagingMethods.ImplementationWalk(depth.Levels);
            var original = shipped.Lift(
                method,
                ("control", Same(shipped, method, "control", depth.Control.Value)),
                ("access", Same(shipped, method, "access", scene.Access.Value)),
                ("memory", Lifter.OfMemory(scene.Memory.Term)));
            yield return ($"outcome.{depth.Name}", new OutcomeTerms(scene, original.Result!).Is(changed.Outcome));
            yield return ($".{depth.Name}", changed.After[probe].Is(new Memory(scene.Pool, original.Memory!)[probe]));
        }
    }

    // The same numbers in a value of the other lifter, as each has types of its own.
    private static LiftedValue Same(Lifter lifter, string method, string parameter, LiftedValue value) =>
        value.Leaves.Aggregate(
            lifter.FreshParameter(method, parameter),
            (made, leaf) => made.With(leaf.Path.Split('.'), Lifter.OfScalar(leaf.Term)));

    private static bool IsProved(PagingScene scene, Fact claim, ISolver solver, TimeSpan limit)
    {
        Goal goal = new(scene.Pool, [scene.Domain.Term, (!claim).Term]);
        return solver.Solve(goal, limit).Status == SolverStatus.Unsatisfiable;
    }
}

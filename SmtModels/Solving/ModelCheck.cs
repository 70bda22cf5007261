using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>Takes no solver's word for a model.</summary>
internal static class ModelCheck
{
    /// <summary>The first candidate under which every assertion was seen to hold.</summary>
    public static IReadOnlyDictionary<Term, Value> Verified(
        Goal goal, IEnumerable<IReadOnlyDictionary<Term, Value>> candidates, string solver) =>
        candidates.FirstOrDefault(candidate => Holds(goal, candidate))
        ?? throw new SolverException($"{solver} gave a model under which the goal does not hold.");

    private static bool Holds(Goal goal, IReadOnlyDictionary<Term, Value> model)
    {
        Evaluator evaluator = new(model);
        return goal.Assertions.All(assertion => evaluator.Evaluate(assertion).IsTrue);
    }
}

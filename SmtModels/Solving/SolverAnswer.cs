using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>What a solver answered.</summary>
/// <param name="Status">Whether the goal can hold.</param>
/// <param name="Model">A value for every variable of a satisfiable goal, under which it was seen to hold.</param>
/// <param name="Reason">Why nothing was found: <c>timeout</c>, or what the solver says.</param>
/// <param name="Elapsed">The time that it took.</param>
public sealed record SolverAnswer(
    SolverStatus Status, IReadOnlyDictionary<Term, Value>? Model, string? Reason, TimeSpan Elapsed)
{
    /// <summary>The reason of an answer that the limit prevented.</summary>
    public const string Timeout = "timeout";
}

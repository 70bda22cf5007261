namespace PageProof.SmtModels.Theorems;

/// <summary>What came of a step, or of a whole proof; a later one outweighs the ones before it.</summary>
public enum Verdict
{
    /// <summary>The assumptions are satisfiable and the negated claim is not.</summary>
    Proved,

    /// <summary>Nobody asked: the run was cut before.</summary>
    NotTried,

    /// <summary>The solver gave up for a reason other than time.</summary>
    Unknown,

    /// <summary>The solver was not done within the limit.</summary>
    TimedOut,

    /// <summary>No case meets the assumptions, so that nothing is said.</summary>
    AssumptionsUnsatisfiable,

    /// <summary>There is a counterexample.</summary>
    Refuted,
}

/// <summary>What came of one step.</summary>
public sealed record StepResult(string Name, Verdict Verdict, TimeSpan Elapsed);

/// <summary>What came of one theorem or witness.</summary>
/// <param name="Task">Which one.</param>
/// <param name="Verdict">The weightiest verdict among its steps.</param>
/// <param name="Steps">The steps that were tried, in order.</param>
/// <param name="AllTried">Whether these are all the steps that there are.</param>
/// <param name="Counterexample">The case that refutes it, if one does.</param>
/// <param name="Elapsed">The time for lifting and solving.</param>
/// <param name="Solver">The name of the solver.</param>
public sealed record ProofResult(
    ProofTask Task,
    Verdict Verdict,
    IReadOnlyList<StepResult> Steps,
    bool AllTried,
    Counterexample? Counterexample,
    TimeSpan Elapsed,
    string Solver)
{
    /// <summary>
    /// As it should be: a theorem is proved with all its steps, a witness is refuted and running the
    /// code confirms it.
    /// </summary>
    public bool IsAsExpected => Task is Witness
        ? Verdict == Verdict.Refuted && Counterexample is { IsConfirmed: true }
        : Verdict == Verdict.Proved && AllTried;

    /// <summary>A task that was not begun.</summary>
    public static ProofResult NotTried(ProofTask task) =>
        new(task, Verdict.NotTried, [], false, null, TimeSpan.Zero, "");
}

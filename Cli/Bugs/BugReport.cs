namespace PageProof.Cli.Bugs;

/// <summary>What the laws or a theorem said of the sources without a bug.</summary>
/// <param name="Of">Which laws, with which seed, or which theorem.</param>
/// <param name="Trial">What they said.</param>
public sealed record BugControl(string Of, BugTrial Trial);

/// <summary>What came of a hunt for bugs.</summary>
public sealed record BugReport(
    IReadOnlyList<BugOutcome> Outcomes, IReadOnlyList<BugControl> Controls, TimeSpan Elapsed)
{
    /// <summary>Every bug was found, and no control.</summary>
    public bool Holds => Outcomes.All(outcome => outcome.IsFound) && ControlFailures == 0;

    /// <summary>How many controls were refuted although they have no bug.</summary>
    public int ControlFailures => Controls.Count(control => control.Trial.IsFound);
}

using PageProof.Mutation.Bugs;

namespace PageProof.Cli.Bugs;

/// <summary>What came of one bug over all seeds; a theorem needs none, and is tried once.</summary>
public sealed record BugOutcome(HistoricalBug Bug, IReadOnlyList<BugTrial> Trials)
{
    // One seed of twenty may be unlucky.
    private const double ShareWanted = 0.95;

    /// <summary>How many of the trials found it.</summary>
    public int FoundCount => Trials.Count(trial => trial.IsFound);

    /// <summary>Whether nearly every seed found it.</summary>
    public bool IsFound => FoundCount >= Math.Ceiling(ShareWanted * Trials.Count);

    /// <summary>Every law that it broke, the most frequent first.</summary>
    public IReadOnlyList<string> Laws => [.. Trials.SelectMany(trial => trial.Laws)
        .GroupBy(law => law).OrderByDescending(law => law.Count()).ThenBy(law => law.Key, StringComparer.Ordinal)
        .Select(law => law.Key)];

    /// <summary>The median of the cases of the trials that found it.</summary>
    public double Cases => Median(trial => trial.Cases);

    /// <summary>The median of their seconds.</summary>
    public double Seconds => Median(trial => trial.Elapsed.TotalSeconds);

    /// <summary>The median of the lengths of their shrunk stories.</summary>
    public double Length => Median(trial => trial.Length);

    /// <summary>The commands of the longest of them.</summary>
    public int LengthMost => Trials.Max(trial => trial.Length);

    private double Median(Func<BugTrial, double> figure)
    {
        double[] sorted = [.. Trials.Where(trial => trial.IsFound).Select(figure).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? 0
            : sorted.Length % 2 == 1 ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

namespace PageProof.Cli.Mutate.Strength;

/// <summary>What became of the mutants of one set, as far as they were judged.</summary>
/// <param name="Set">The folder of the sources, or what it is called.</param>
/// <param name="Mutants">How many mutants that are programs there are.</param>
/// <param name="Killed">For how many a test failed.</param>
/// <param name="TimedOut">For how many the tests came to no end.</param>
/// <param name="Crashed">For how many they brought the process down.</param>
/// <param name="Survivors">Those that nothing noticed, each with its place.</param>
/// <param name="SameCode">Of how many the compiler makes the same code; they do not count.</param>
/// <param name="Argued">Of how many survivors a comment beside the line says why; they count all the same.</param>
/// <param name="ScoreMin">The score that is wanted, in percent.</param>
/// <param name="Seed">The seed by which they were drawn.</param>
/// <param name="Revision">The commit whose sources they were made of.</param>
/// <param name="Seconds">How long judging took.</param>
/// <param name="Proved">How many are proved to do the same in every case; they do not count.</param>
public sealed record StrengthRow(
    string Set,
    int Mutants,
    int Killed,
    int TimedOut,
    int Crashed,
    IReadOnlyList<string> Survivors,
    int SameCode,
    int Argued,
    double ScoreMin,
    ulong Seed,
    string Revision,
    double Seconds,
    int Proved = 0)
{
    // Two-sided, 95 percent.
    private const double Deviations = 1.959964;

    /// <summary>How many of them count.</summary>
    public int Counted => Noticed + Survivors.Count;

    /// <summary>How many were judged.</summary>
    public int Judged => Counted + SameCode + Proved;

    /// <summary>How much of what counts was noticed, in percent.</summary>
    public double Score => Counted == 0 ? 0 : 100.0 * Noticed / Counted;

    /// <summary>
    /// Where the score of all mutants lies with a probability of 95 percent, in percent. Source: Wilson, "Probable
    /// inference, the law of succession, and statistical inference", JASA 22, 1927.
    /// </summary>
    public (double Least, double Most) Interval
    {
        get
        {
            double count = Math.Max(Counted, 1), share = Noticed / count, square = Deviations * Deviations;
            double middle = (share + square / (2 * count)) / (1 + square / count);
            double half = Deviations / (1 + square / count)
                * Math.Sqrt(share * (1 - share) / count + square / (4 * count * count));
            return (100 * Math.Max(0, middle - half), 100 * Math.Min(1, middle + half));
        }
    }

    private int Noticed => Killed + TimedOut + Crashed;

    /// <summary>The row of a set whose mutants were judged.</summary>
    public static StrengthRow Of(
        MutationResult judged, int population, ulong seed, string revision, TimeSpan elapsed) => new(
        NameOf(judged.Target),
        population,
        judged.Of(MutantFate.Killed),
        judged.Of(MutantFate.TimedOut),
        judged.Of(MutantFate.Crashed),
        [.. judged.Mutants.Where(mutant => mutant.Fate is MutantFate.Survived or MutantFate.OutOfClock)
            .Select(mutant => $"{mutant.File}:{mutant.Line}: {mutant.Mutation}")],
        judged.Of(MutantFate.SameCode),
        judged.Mutants.Count(mutant => mutant is { Fate: MutantFate.Survived, Reason.Length: > 0 }),
        judged.Target.ScoreMin,
        seed,
        revision,
        Math.Round(elapsed.TotalSeconds),
        judged.Of(MutantFate.Proved));

    /// <summary>What a set is called.</summary>
    public static string NameOf(MutationTarget target) =>
        target.Figure == "recorded" ? $"{target.Folder}, by recorded facts alone" : target.Folder;
}

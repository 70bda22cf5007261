using PageProof.Properties.Harness;

namespace PageProof.Cli.Verify;

/// <summary>How one claim fared.</summary>
public enum VerifyResult
{
    Holds,
    Refuted,
    Skipped,
}

/// <summary>One claim of a verification and what came of it.</summary>
/// <param name="Claim">The claim in plain words.</param>
/// <param name="About">The system that it was put to.</param>
/// <param name="Cases">How many cases it was put to.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Detail">Why it was skipped, what refuted it, or what is worth knowing.</param>
public sealed record VerifyLine(
    string Claim, string About, long Cases, double Seconds, VerifyResult Result, string Detail)
{
    /// <summary>A law that was run.</summary>
    public static VerifyLine Of(CheckReport report, string? about = null) => new(
        report.Law,
        about ?? report.System,
        report.Cases,
        report.Elapsed.TotalSeconds,
        report.Holds ? VerifyResult.Holds : VerifyResult.Refuted,
        report.Failure?.Story ?? DetailOf(report));

    /// <summary>A claim that could not be tried here.</summary>
    public static VerifyLine Skipped(string claim, string about, string why) =>
        new(claim, about, 0, 0, VerifyResult.Skipped, why);

    private static string DetailOf(CheckReport report)
    {
        List<string> parts = [];
        if (report.Coverage is { } coverage)
        {
            parts.Add($"{coverage.Possible} classes, the rarest {coverage.Least} times");
            parts.AddRange(coverage.Short.Select(missing => $"below the floor: {missing}"));
        }

        if (report.Stale.Count > 0)
        {
            parts.Add($"{CheckTable.Grouped(report.Stale.Values.Sum())} answers that only a cache explains");
        }

        parts.AddRange(report.Explained.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{CheckTable.Grouped(pair.Value)} by the deviation {pair.Key}"));
        return string.Join("; ", parts);
    }
}

/// <summary>A step of the main job: it makes lines of one part.</summary>
public sealed record VerifyStep(
    string Part, string What, Func<IProgress<long>, IReadOnlyList<VerifyLine>> Job);

/// <summary>All lines of a verification, by part.</summary>
public sealed class Verification(ulong seed)
{
    private readonly List<(string Part, VerifyLine Line)> _lines = [];

    public ulong Seed { get; } = seed;

    public double Seconds { get; set; }

    public IEnumerable<(string Part, VerifyLine Line)> Lines => _lines;

    public bool Holds => _lines.All(each => each.Line.Result != VerifyResult.Refuted);

    public void Add(string part, IReadOnlyList<VerifyLine> lines) =>
        _lines.AddRange(lines.Select(line => (part, line)));

    /// <summary>The figures and failures, as every command writes them.</summary>
    public Report ToReport()
    {
        Report report = new("verify", Seed) { Ok = Holds, Seconds = Seconds };
        report.Figures["claims"] = _lines.Count;
        report.Figures["held"] = Count(VerifyResult.Holds);
        report.Figures["refuted"] = Count(VerifyResult.Refuted);
        report.Figures["skipped"] = Count(VerifyResult.Skipped);
        report.Figures["cases"] = _lines.Sum(each => each.Line.Cases);
        report.Failures.AddRange(_lines.Where(each => each.Line.Result == VerifyResult.Refuted)
            .Select(each => $"{each.Line.Claim} / {each.Line.About}: {each.Line.Detail}"));
        return report;
    }

    private int Count(VerifyResult result) => _lines.Count(each => each.Line.Result == result);
}

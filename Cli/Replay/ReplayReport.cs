using System.Text;
using PageProof.Contract.Reclaim;

namespace PageProof.Cli.Replay;

/// <summary>What a replay has come to, for people and programs.</summary>
/// <param name="Trace">The name of the trace.</param>
/// <param name="Settings">What was replayed.</param>
/// <param name="Result">The figures.</param>
/// <param name="Verified">What was held against the Spec.</param>
internal sealed record ReplayReport(
    string Trace,
    IReadOnlyList<ReplacementSettings> Settings,
    ReplayResult Result,
    IReadOnlyList<VerifiedRow> Verified)
{
    /// <summary>The policies, in the order in which they were asked for.</summary>
    public IReadOnlyList<ReplacementKind> Kinds => [.. Result.Rows.Select(row => row.Kind).Distinct()];

    /// <summary>The sizes of memory.</summary>
    public IReadOnlyList<int> Frames => [.. Result.Rows.Select(row => row.Frames).Distinct()];

    /// <summary>What has to be known of the time of policies that count it; null when none does.</summary>
    public string? TimeNote
    {
        get
        {
            List<string> notes = [];
            if (Kinds.Any(kind => kind is ReplacementKind.Nru or ReplacementKind.Aging))
            {
                notes.Add($"a tick of nru and aging is {Number(Settings[0].Tick)}");
            }

            if (Kinds.Contains(ReplacementKind.WsClock))
            {
                notes.Add($"the window of wsclock is {Number(Settings[0].Window)}");
            }

            return notes.Count == 0 ? null : $"Time is counted in records: {string.Join(", ", notes)}.";
        }
    }

    /// <summary>The figures of one policy in one memory.</summary>
    public ReplayRow Row(ReplacementKind kind, int frames) =>
        Result.Rows.Single(row => row.Kind == kind && row.Frames == frames);

    /// <summary>One line of values for each policy and size.</summary>
    public string Csv()
    {
        StringBuilder text = new("policy,frames,misses,write_backs,records,references\n");
        foreach (var row in Result.Rows)
        {
            text.Append($"{ReplacementText.Of(row.Kind)},{row.Frames},{row.Misses},{row.WriteBacks},{Result.Records},")
                .Append($"{Result.References}\n");
        }

        return text.ToString();
    }

    /// <summary>The report that all commands write as JSON.</summary>
    public Report Figures()
    {
        Report report = new("replay", 0)
        {
            Ok = Verified.All(each => each.Refusal is null),
            Seconds = Result.Elapsed.TotalSeconds,
        };
        report.Figures["references"] = Result.References;
        report.Figures["records"] = Result.Records;
        report.Figures["pages"] = Result.Pages;
        foreach (var row in Result.Rows)
        {
            string name = $"{ReplacementText.Of(row.Kind).Replace('-', '_')}_{row.Frames}";
            report.Figures[$"misses_{name}"] = row.Misses;
            report.Figures[$"write_backs_{name}"] = row.WriteBacks;
        }

        if (Verified.Count > 0)
        {
            report.Figures["verified_records"] = Verified.Sum(each => each.Records);
        }

        report.Failures.AddRange(from each in Verified
                                 where each.Refusal is not null
                                 select Told(each));
        return report;
    }

    /// <summary>What was held against the Spec, in a sentence.</summary>
    public static string Told(VerifiedRow row) =>
        $"{ReplacementText.Of(row.Settings.Kind)} in {Number(row.Settings.Frames)} frames: "
        + (row.Refusal ?? $"Spec and Implementation agree on {Number(row.Records)} records");

    /// <summary>A number with its thousands apart.</summary>
    public static string Number(long number) => CheckTable.Grouped(number);
}

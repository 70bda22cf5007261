using System.Globalization;
using PageProof.Properties.Harness;
using Spectre.Console;

namespace PageProof.Cli;

/// <summary>Shows what came of laws: a row each, then the stories of those that were refuted.</summary>
public sealed class CheckTable(Terminal terminal)
{
    /// <summary>Prints the reports, and where each counterexample was kept.</summary>
    public void Print(IReadOnlyList<CheckReport> reports, Counterexamples kept)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Law").AddColumn("System");
        table.AddColumn("Cases", column => column.RightAligned());
        table.AddColumn("Per second", column => column.RightAligned());
        table.AddColumn("Rarest class", column => column.RightAligned());
        table.AddColumn("Result");
        foreach (var report in reports)
        {
            table.AddRow(
                Markup.Escape(report.Law),
                Markup.Escape(report.System),
                Grouped(report.Cases),
                Grouped(RateOf(report)),
                report.Coverage is { } coverage ? $"{Grouped(coverage.Least)} of {coverage.Possible}" : "",
                report.Holds ? "[green]holds[/]" : "[red]REFUTED[/]");
        }

        terminal.Screen.Write(table);
        foreach (var report in reports)
        {
            PrintDetails(report, kept);
        }
    }

    /// <summary>A number with its thousands apart, the same in every country.</summary>
    public static string Grouped(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Cases per second of a report.</summary>
    public static long RateOf(CheckReport report) =>
        (long)(report.Cases / Math.Max(report.Elapsed.TotalSeconds, 1e-3));

    private void PrintDetails(CheckReport report, Counterexamples kept)
    {
        foreach (var (name, count) in report.Explained.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            terminal.Output.WriteLine(
                $"{report.System}: {Grouped(count)} cases differ by the known deviation '{name}'.");
        }

        if (report.Stale.Count > 0)
        {
            string classes = string.Join(", ", report.Stale.Select(pair => $"{pair.Key} {Grouped(pair.Value)}"));
            string count = Grouped(report.Stale.Values.Sum());
            terminal.Output.WriteLine($"{report.System}: {count} answers that only a cache explains: {classes}.");
        }

        foreach (string missing in report.Coverage?.Short ?? [])
        {
            terminal.Output.WriteLine($"{report.System}: below the floor: {missing}");
        }

        foreach (string surprise in report.Coverage?.Surprises ?? [])
        {
            terminal.Output.WriteLine($"{report.System}: reached, but called impossible: {surprise}");
        }

        if (report.Failure is { } failure)
        {
            terminal.Output.WriteLine();
            terminal.Output.WriteLine(failure.Story);
            if (report.Failure.Replay.Length > 0)
            {
                terminal.Output.WriteLine($"Run it again with: {kept.Keep(report)}");
            }
        }
    }
}

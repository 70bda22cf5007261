using System.Globalization;
using PageProof.Mutation.Bugs;
using Spectre.Console;

namespace PageProof.Cli.Bugs;

/// <summary>Shows a hunt: a row for each bug, what noticed it, the bugs that wait, and the controls.</summary>
public sealed class BugTable(Terminal terminal)
{
    /// <summary>Prints the hunt, with a story for each bug or, when quiet, without.</summary>
    public void Print(BugReport report, IReadOnlyList<WaitingBug> waiting, bool quiet)
    {
        if (!quiet)
        {
            foreach (var outcome in report.Outcomes)
            {
                PrintStory(outcome);
            }
        }

        if (report.Outcomes.Count > 0)
        {
            PrintRows(report.Outcomes);
        }

        foreach (var bug in waiting)
        {
            terminal.Output.WriteLine($"{bug.Number} {bug.Name}, {bug.Year}, waits for {bug.WaitsFor}.");
        }

        terminal.Output.WriteLine(
            $"{report.Outcomes.Count(outcome => outcome.IsFound)} of {report.Outcomes.Count} bugs were found, "
            + $"{waiting.Count} wait; without a bug {report.ControlFailures} of {report.Controls.Count} runs "
            + "were refuted.");
        foreach (var control in report.Controls.Where(control => control.Trial.IsFound))
        {
            terminal.Output.WriteLine($"{control.Of}: {control.Trial.Story}");
        }
    }

    /// <summary>The hunt as figures.</summary>
    public static Report ReportOf(BugReport hunt, IReadOnlyList<WaitingBug> waiting, ulong seed)
    {
        Report report = new("bugs", seed) { Ok = hunt.Holds, Seconds = hunt.Elapsed.TotalSeconds };
        report.Figures["bugs"] = hunt.Outcomes.Count;
        report.Figures["found"] = hunt.Outcomes.Count(outcome => outcome.IsFound);
        report.Figures["waiting"] = waiting.Count;
        report.Figures["controls"] = hunt.Controls.Count;
        report.Figures["control_failures"] = hunt.ControlFailures;
        foreach (var outcome in hunt.Outcomes)
        {
            string name = $"bug_{outcome.Bug.Number}";
            report.Figures[$"{name}_found"] = outcome.FoundCount;
            report.Figures[$"{name}_seconds"] = Math.Round(outcome.Seconds, 3);
            if (outcome.Bug.Shortest is { } shortest)
            {
                report.Figures[$"{name}_cases"] = outcome.Cases;
                report.Figures[$"{name}_length"] = outcome.Length;
                report.Figures[$"{name}_length_most"] = outcome.LengthMost;
                report.Figures[$"{name}_shortest"] = shortest;
            }
        }

        report.Failures.AddRange(hunt.Outcomes.Where(outcome => !outcome.IsFound).Select(outcome =>
            $"{outcome.Bug.Number} {outcome.Bug.Name}: found with {outcome.FoundCount} of {outcome.Trials.Count}."));
        report.Failures.AddRange(hunt.Controls.Where(control => control.Trial.IsFound)
            .Select(control => $"Without a bug, {control.Of}: {control.Trial.Story}"));
        return report;
    }

    private void PrintStory(BugOutcome outcome)
    {
        var trial = outcome.Trials.FirstOrDefault(trial => trial.IsFound);
        terminal.Output.WriteLine($"{outcome.Bug.Number} {outcome.Bug.Name}, {outcome.Bug.Year}");
        terminal.Output.WriteLine(outcome.Bug.Patch.Why);
        terminal.Output.WriteLine(trial?.Story ?? "It was not found.");
        terminal.Output.WriteLine();
    }

    private void PrintRows(IReadOnlyList<BugOutcome> outcomes)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Bug");
        foreach (string column in (string[])["Found", "Cases", "Seconds", "Story", "Shortest"])
        {
            table.AddColumn(column, each => each.RightAligned());
        }

        table.AddColumn("Noticed by");
        foreach (var outcome in outcomes)
        {
            bool byLaw = outcome.Bug.Shortest is not null && outcome.FoundCount > 0;
            table.AddRow(
                Markup.Escape($"{outcome.Bug.Number} {outcome.Bug.Name}"),
                $"[{(outcome.IsFound ? "green" : "red")}]{outcome.FoundCount} of {outcome.Trials.Count}[/]",
                byLaw ? Number(outcome.Cases) : "",
                outcome.Seconds.ToString("0.00", CultureInfo.InvariantCulture),
                byLaw ? Number(outcome.Length) : "",
                outcome.Bug.Shortest?.ToString(CultureInfo.InvariantCulture) ?? "",
                Markup.Escape(NoticedBy(outcome)));
        }

        terminal.Screen.Write(table);
    }

    private static string NoticedBy(BugOutcome outcome)
    {
        string kind = outcome.Bug.Mode switch
        {
            BugMode.Theorem => "theorem",
            BugMode.Interleaving => "interleaving law",
            _ => "law",
        };
        return outcome.Laws.Count == 0 ? "nothing" : $"{kind}: {string.Join("; ", outcome.Laws)}";
    }

    // A median of an even number of figures may lie between two.
    private static string Number(double figure) => figure.ToString("#,0.#", CultureInfo.InvariantCulture);
}

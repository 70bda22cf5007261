using Spectre.Console;

namespace PageProof.Cli.Mutate;

/// <summary>Shows a hunt: a row for each canary, and before it the story by which it was caught.</summary>
public sealed class CanaryTable(Terminal terminal)
{
    /// <summary>Prints the hunt, with its stories or, when quiet, without.</summary>
    public void Print(CanaryHunt hunt, bool quiet)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Canary").AddColumn("Caught");
        table.AddColumn("At case", column => column.RightAligned());
        foreach (var outcome in hunt.Outcomes)
        {
            var (patch, report) = outcome;
            if (!quiet)
            {
                terminal.Output.WriteLine($"{patch.Name} ({patch.File})");
                terminal.Output.WriteLine(patch.Why);
                terminal.Output.WriteLine(report.Failure?.Story ?? "It was not caught.");
                terminal.Output.WriteLine();
            }

            table.AddRow(
                Markup.Escape(patch.Name),
                outcome.IsCaught ? "[green]yes[/]" : $"[red]{Markup.Escape(outcome.Verdict)}[/]",
                report.Failure is { } failure ? CheckTable.Grouped(failure.Index) : "");
        }

        terminal.Screen.Write(table);
        var refuted = hunt.Controls.Where(control => control.Failure is not null).ToList();
        int caught = hunt.Outcomes.Count(outcome => outcome.IsCaught);
        terminal.Output.WriteLine(
            $"{caught} of {hunt.Outcomes.Count} canaries were caught; without a fault "
            + $"{refuted.Count} of {hunt.Controls.Count} systems were refuted.");
        foreach (var control in refuted)
        {
            terminal.Output.WriteLine(control.Failure!.Story);
        }
    }

    /// <summary>The hunt as figures.</summary>
    public static Report ReportOf(CanaryHunt hunt, ulong seed)
    {
        Report report = new("mutate", seed) { Ok = hunt.Holds, Seconds = hunt.Elapsed.TotalSeconds };
        report.Figures["canaries"] = hunt.Outcomes.Count;
        report.Figures["caught"] = hunt.Outcomes.Count(outcome => outcome.IsCaught);
        report.Figures["control_failures"] = hunt.Controls.Count(control => control.Failure is not null);
        report.Failures.AddRange(hunt.Outcomes.Where(outcome => !outcome.IsCaught)
            .Select(outcome => $"{outcome.Patch.Name}: caught? {outcome.Verdict}"));
        return report;
    }
}

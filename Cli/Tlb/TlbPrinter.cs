using PageProof.Contract.Tlb;
using Spectre.Console;

namespace PageProof.Cli.Tlb;

/// <summary>
/// Shows a sequence to people: each command with its answer and what changed in its CPU, then what the
/// CPUs hold at the end, and what they counted under the names of <c>perf stat</c>.
/// </summary>
public sealed class TlbPrinter(Terminal terminal)
{
    /// <summary>Prints the steps of one CPU, or of all; quietly, only the answers.</summary>
    public void Print(string source, TlbTrail trail, int? only, bool quiet)
    {
        var start = trail.Sequence.Start;
        if (!quiet)
        {
            terminal.Screen.WriteLine($"{source}: {Count(start.Cpus, "CPU")}, "
                + $"{Count(trail.Sequence.Commands.Length, "command")}, "
                + $"{Count(start.Words.Length, "word")} of tables");
            terminal.Screen.WriteLine(TlbText.Print(trail.Sequence).Split('\n')[1]);
        }

        foreach (var step in trail.Steps.Where(step => IsShown(step, only)))
        {
            Print(step, quiet);
        }

        if (!quiet)
        {
            foreach (int cpu in Enumerable.Range(0, start.Cpus).Where(cpu => only is null || only == cpu))
            {
                PrintEnd(trail, cpu);
            }
        }
    }

    /// <summary>A step of another CPU is shown when it is refused: there the sequence ends.</summary>
    private static bool IsShown(TlbTrailStep step, int? only) =>
        only is null || step.Command.Cpu.Value == only || step.Refusal is not null;

    private void Print(TlbTrailStep step, bool quiet)
    {
        string from = TlbEntryText.SourceOf(step);
        string answer = $"{step.Answer}{(from == "" ? "" : $", {from}")}";
        if (quiet)
        {
            terminal.Output.WriteLine($"{step.Number}. {step.Command}: {answer}");
        }
        else
        {
            terminal.Screen.WriteLine();
            terminal.Screen.MarkupLine($"[bold]{step.Number}. {Markup.Escape($"{step.Command}")}[/]");
            terminal.Screen.WriteLine($"   {answer}");
            PrintPermitted(step);
            PrintChanges(step);
        }

        if (step.Refusal is not null)
        {
            terminal.Screen.MarkupLine($"   [red]That is not permitted: {Markup.Escape(step.Refusal)}.[/]");
        }
    }

    private void PrintPermitted(TlbTrailStep step)
    {
        foreach (var other in step.Permitted.Where(outcome => outcome != step.Answer.Outcome))
        {
            terminal.Screen.WriteLine($"   permitted as well: {other}");
        }
    }

    private void PrintChanges(TlbTrailStep step)
    {
        if (step.Changes.Count == 0)
        {
            return;
        }

        var table = Columns(new Table().Border(TableBorder.None).HideHeaders().AddColumn(""));
        foreach (var (fate, entry) in step.Changes)
        {
            string mark = fate switch
            {
                EntryFate.Entered => "   [green]+[/] enters",
                EntryFate.Evicted => "   [yellow]-[/] evicted",
                _ => "   [red]-[/] invalidated",
            };
            table.AddRow([mark, .. Cells(entry)]);
        }

        terminal.Screen.Write(table);
    }

    private void PrintEnd(TlbTrail trail, int cpu)
    {
        terminal.Screen.WriteLine();
        terminal.Screen.MarkupLine($"[bold]CPU {cpu} at the end[/]");
        if (trail.Contents[cpu].Count > 0)
        {
            var table = Columns(new Table().Border(terminal.Border).BorderColor(Color.Grey));
            foreach (var entry in trail.Contents[cpu])
            {
                table.AddRow(Cells(entry));
            }

            terminal.Screen.Write(table);
        }

        foreach (var (name, count) in TlbJson.Counters(trail.Statistics[cpu]))
        {
            terminal.Screen.WriteLine($"{count,9}  {name}");
        }
    }

    private static Table Columns(Table table)
    {
        foreach (string name in (string[])["Array", "From", "PCID", "To", "Rights"])
        {
            table.AddColumn(name, column => column.NoWrap());
        }

        return table;
    }

    private static string[] Cells(in TlbEntry entry) =>
    [
        TlbEntryText.PlaceOf(entry), $"{entry.Page}", TlbEntryText.PcidOf(entry),
        TlbEntryText.TargetOf(entry), TlbEntryText.RightsOf(entry),
    ];

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}

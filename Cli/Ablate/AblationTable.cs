using Spectre.Console;

namespace PageProof.Cli.Ablate;

/// <summary>Shows what the laws of a domain are needed for.</summary>
public sealed class AblationTable(Terminal terminal)
{
    /// <summary>Prints a row for each law; before it, unless quiet, what was noticed of each fault.</summary>
    public void Print(AblationResult result, bool quiet)
    {
        var row = result.Row;
        if (!quiet)
        {
            foreach (var fault in row.Faults)
            {
                string noticed = string.Join("; ", row.Laws.Where(fault.Noticed.ContainsKey)
                    .Select(law => $"{law}, at case {CheckTable.Grouped(fault.Noticed[law])}"));
                terminal.Output.WriteLine($"{fault.Title}: {(noticed.Length > 0 ? noticed : "noticed by none")}");
            }

            terminal.Output.WriteLine();
        }

        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn($"Law of {row.Domain}");
        table.AddColumn("Notices", column => column.RightAligned());
        table.AddColumn("Alone", column => column.RightAligned());
        foreach (string law in row.Laws)
        {
            table.AddRow(Markup.Escape(law), $"{row.Notices(law)}", $"{row.OnlyBy(law).Count()}");
        }

        terminal.Screen.Write(table);
        terminal.Output.WriteLine(
            $"Of {row.Faults.Count} faults {row.Escaped.Count()} escape; of {row.Laws.Count} laws "
            + $"{row.Unneeded.Count()} could go and no more would.");
        foreach (string refuted in result.Refuted)
        {
            terminal.Output.WriteLine(refuted);
        }
    }

    /// <summary>All domains as figures.</summary>
    public static Report ReportOf(IReadOnlyList<AblationResult> results, ulong seed, TimeSpan elapsed)
    {
        Report report = new("ablate", seed)
        {
            Ok = results.All(result => result.Holds),
            Seconds = elapsed.TotalSeconds,
        };
        report.Figures["faults"] = results.Sum(result => result.Row.Faults.Count);
        report.Figures["escaped"] = results.Sum(result => result.Row.Escaped.Count());
        report.Figures["laws"] = results.Sum(result => result.Row.Laws.Count);
        report.Figures["unneeded"] = results.Sum(result => result.Row.Unneeded.Count());
        report.Figures["control_failures"] = results.Sum(result => result.Refuted.Count);
        foreach (var row in results.Select(result => result.Row))
        {
            report.Figures[$"{row.Domain}_faults"] = row.Faults.Count;
            report.Figures[$"{row.Domain}_laws"] = row.Laws.Count;
            report.Figures[$"{row.Domain}_unneeded"] = row.Unneeded.Count();
        }

        report.Failures.AddRange(results.SelectMany(result => result.Refuted));
        report.Failures.AddRange(results.Where(result => !result.Row.Holds).SelectMany(result => result.Row.Escaped)
            .Select(fault => $"{fault.File}: noticed by none: {fault.Title}"));
        return report;
    }
}

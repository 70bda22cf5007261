using System.Globalization;
using PageProof.Mutation.Domain;
using Spectre.Console;

namespace PageProof.Cli.Mutate;

/// <summary>Shows what became of mutants of compiled code: a row for each kind, then every survivor.</summary>
public sealed class DomainTable(Terminal terminal)
{
    private static readonly DomainFate[] Fates =
        [DomainFate.KilledByTheorem, DomainFate.KilledByCases, DomainFate.Equivalent, DomainFate.Survived];

    /// <summary>Prints the hunt.</summary>
    public void Print(DomainHunt hunt)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Mutator");
        foreach (string column in (string[])
            ["Mutants", "Killed by theorem", "Killed by cases", "Equivalent (proved)", "Survived"])
        {
            table.AddColumn(column, each => each.RightAligned());
        }

        foreach (string mutator in DomainMutations.Mutators)
        {
            AddRow(table, mutator, [.. hunt.Outcomes.Where(outcome => outcome.Mutant.Mutator == mutator)]);
        }

        AddRow(table, "all", hunt.Outcomes);
        terminal.Screen.Write(table);
        foreach (var survivor in hunt.Survivors)
        {
            terminal.Output.WriteLine($"survived: {survivor.Mutant}");
            terminal.Output.WriteLine($"  {survivor.Verdict.Reason}");
        }

        string seconds = hunt.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        terminal.Output.WriteLine(
            $"{Number(hunt.Outcomes.Count)} mutants in {seconds} s: {Number(hunt.Killed)} killed, "
            + $"{Number(hunt.Of(DomainFate.Equivalent))} proved equivalent, "
            + $"{Number(hunt.Of(DomainFate.Survived))} survived.");
    }

    /// <summary>The hunt as figures.</summary>
    public static Report ReportOf(DomainHunt hunt, ulong seed)
    {
        Report report = new("mutate", seed)
        {
            Ok = !hunt.Survivors.Any(),
            Seconds = hunt.Elapsed.TotalSeconds,
        };
        report.Figures["mutants"] = hunt.Outcomes.Count;
        report.Figures["killed"] = hunt.Killed;
        report.Figures["killed_by_theorem"] = hunt.Of(DomainFate.KilledByTheorem);
        report.Figures["killed_by_cases"] = hunt.Of(DomainFate.KilledByCases);
        report.Figures["equivalent_proved"] = hunt.Of(DomainFate.Equivalent);
        report.Figures["survived"] = hunt.Of(DomainFate.Survived);
        report.Figures["score"] = Math.Round(hunt.Score, 2);
        report.Failures.AddRange(hunt.Survivors.Select(survivor => $"{survivor}"));
        return report;
    }

    private static void AddRow(Table table, string name, IReadOnlyList<DomainOutcome> outcomes)
    {
        if (outcomes.Count > 0)
        {
            int survived = outcomes.Count(outcome => outcome.Verdict.Fate == DomainFate.Survived);
            table.AddRow(
            [
                Markup.Escape(name), Number(outcomes.Count),
                .. Fates[..^1].Select(fate => Number(outcomes.Count(outcome => outcome.Verdict.Fate == fate))),
                survived == 0 ? "[green]0[/]" : $"[red]{Number(survived)}[/]",
            ]);
        }
    }

    private static string Number(int number) => CheckTable.Grouped(number);
}

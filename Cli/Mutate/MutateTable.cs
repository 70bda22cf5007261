using System.Globalization;
using Spectre.Console;

namespace PageProof.Cli.Mutate;

/// <summary>Shows what became of mutants: a row for each set, then every survivor with its place.</summary>
public sealed class MutateTable(Terminal terminal)
{
    /// <summary>Prints the controls and the sets.</summary>
    public void Print(ControlResult? controls, IReadOnlyList<MutationResult> results)
    {
        if (controls is not null)
        {
            PrintControls(controls);
        }

        if (results.Count == 0)
        {
            return;
        }

        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Mutants of");
        foreach (string column in (string[])
        [
            "Mutants", "Killed", "Timeout", "Crashed", "Survived", "Wall", "Same code", "Proved", "Argued", "Score",
            "Wanted",
        ])
        {
            table.AddColumn(column, each => each.RightAligned());
        }

        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Target.Name),
                Number(result.Counted),
                Number(result.Of(MutantFate.Killed)),
                Number(result.Of(MutantFate.TimedOut)),
                Number(result.Of(MutantFate.Crashed)),
                Number(result.Of(MutantFate.Survived)),
                Number(result.Of(MutantFate.OutOfClock)),
                Number(result.Of(MutantFate.SameCode)),
                Number(result.Of(MutantFate.Proved)),
                Number(result.Of(MutantFate.Argued)),
                $"[{(result.Passes ? "green" : "red")}]{Percent(result.Score)}[/]",
                Percent(result.Target.ScoreMin));
        }

        terminal.Screen.Write(table);
        foreach (var result in results)
        {
            terminal.Output.WriteLine(
                $"{result.Target.Name}: {result.JudgedTwice} mutants were judged again in processes of their "
                + $"own, and {result.Contradicted} of them met another fate there, which counts.");
            PrintUnnoticed(result);
        }
    }

    private void PrintControls(ControlResult controls)
    {
        terminal.Output.WriteLine(
            $"Controls: {controls.Deadly} mutants that must die and {controls.Equivalent} equivalent ones "
            + $"that must survive: {(controls.Holds ? "all did." : "the runner is not to be believed.")}");
        foreach (var mutant in controls.Wrong)
        {
            terminal.Output.WriteLine($"  {Told(mutant)}: {mutant.Fate}");
        }
    }

    private void PrintUnnoticed(MutationResult result)
    {
        foreach (var (fate, words) in ((MutantFate, string)[])
        [
            (MutantFate.Survived, "survived"),
            (MutantFate.OutOfClock, "stopped by the clock"),
            (MutantFate.Proved, "equivalent, as is proved"),
            (MutantFate.Argued, "equivalent, as a comment argues"),
        ])
        {
            foreach (var mutant in result.Mutants.Where(mutant => mutant.Fate == fate))
            {
                terminal.Output.WriteLine($"{words}: {Told(mutant)}");
                string reason = mutant.Fate == MutantFate.Proved ? "the changed method does the same in every case."
                    : mutant.Reason.Length > 0 ? mutant.Reason : "(no reason is given)";
                terminal.Output.WriteLine($"  {reason}");
            }
        }
    }

    private static string Told(Mutant mutant) => $"{mutant.File}:{mutant.Line}: {mutant.Mutation}";

    private static string Number(int number) => CheckTable.Grouped(number);

    private static string Percent(double share) =>
        share.ToString("0.0", CultureInfo.InvariantCulture) + " %";
}

using PageProof.Contract;
using PageProof.SmtModels.Theorems;
using Spectre.Console;

namespace PageProof.Cli.Prove;

/// <summary>Shows theorems and what came of them.</summary>
public sealed class ProofTable(Terminal terminal)
{
    private const string Folder = "report/counterexamples";

    /// <summary>The theorems and witnesses alone, with what they say.</summary>
    public void List(IReadOnlyList<ProofTask> tasks)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Name").AddColumn("Domain").AddColumn("Kind").AddColumn("What it says");
        foreach (var task in tasks)
        {
            table.AddRow(
                Markup.Escape(task.Name),
                Markup.Escape(task.Domain),
                task is Witness ? "witness" : "theorem",
                Markup.Escape(task.Statement));
        }

        terminal.Screen.Write(table);
        terminal.Output.WriteLine(
            $"{tasks.Count(task => task is Theorem)} theorems, {tasks.Count(task => task is Witness)} witnesses. "
            + "A witness says too much, and must be refuted.");
    }

    /// <summary>A row for each result, then the counterexamples that are wanted.</summary>
    public void Print(IReadOnlyList<ProofResult> results, bool withStories)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Name").AddColumn("What it says").AddColumn("Result");
        table.AddColumn("ms", column => column.RightAligned());
        table.AddColumn("Solver");
        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Task.Name),
                Markup.Escape(result.Task.Statement),
                result.IsAsExpected ? $"[green]{Words(result)}[/]" : $"[red]{Words(result)}[/]",
                $"{result.Elapsed.TotalMilliseconds:0}",
                Markup.Escape(result.Solver));
        }

        terminal.Screen.Write(table);
        foreach (var result in results.Where(result => withStories || !result.IsAsExpected))
        {
            PrintSteps(result);
            PrintCounterexample(result);
        }
    }

    /// <summary>What came of a theorem or witness, in a word or two.</summary>
    public static string Words(ProofResult result) => (result.Task, result.Verdict) switch
    {
        (Witness, Verdict.Refuted) when result.IsAsExpected => "found",
        (Witness, Verdict.Refuted) => "NOT CONFIRMED",
        (Witness, Verdict.Proved) => "NOT FOUND",
        (_, Verdict.Proved) => "proved",
        (_, Verdict.Refuted) => "REFUTED",
        (_, Verdict.TimedOut) => "TIMED OUT",
        (_, Verdict.AssumptionsUnsatisfiable) => "VACUOUS",
        (_, Verdict.NotTried) => "NOT TRIED",
        _ => "UNKNOWN",
    };

    /// <summary>The same with the steps that were not proved.</summary>
    public static string Sentence(ProofResult result)
    {
        var steps = result.Steps.Where(step => step.Verdict != Verdict.Proved)
            .Select(step => $"step {step.Name}: {step.Verdict}");
        string cut = result.AllTried || result.Verdict == Verdict.Refuted ? "" : ", not all steps were tried";
        return $"{result.Task.Name}: {Words(result)} ({string.Join(", ", steps)}{cut}).";
    }

    private void PrintSteps(ProofResult result)
    {
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(result.IsAsExpected ? $"{result.Task.Name}: {Words(result)}." : Sentence(result));
        foreach (var step in result.Steps)
        {
            terminal.Output.WriteLine($"  {step.Name}: {step.Verdict}, {step.Elapsed.TotalMilliseconds:0} ms");
        }
    }

    private void PrintCounterexample(ProofResult result)
    {
        if (result.Counterexample is not { } found)
        {
            return;
        }

        terminal.Output.WriteLine($"A counterexample to '{result.Task.Statement}'");
        terminal.Output.WriteLine(found.Story);
        if (found.Contradiction is { } contradiction)
        {
            terminal.Output.WriteLine($"Running the code does not confirm it: {contradiction}.");
        }

        for (int index = 0; index < found.Cases.Count; index++)
        {
            string file = Keep(result.Task, index, found.Cases[index]);
            terminal.Output.WriteLine($"See it with: pageproof walk --case {file}");
        }
    }

    private static string Keep(ProofTask task, int index, string text)
    {
        string name = task.Name.Replace("'", "-witness", StringComparison.Ordinal);
        string file = $"{Folder}/prove-{name}-{index + 1}.case";
        try
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, text);
            return file;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The counterexample cannot be kept in {Folder}: {refusal.Message}");
        }
    }
}

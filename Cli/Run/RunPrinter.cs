using PageProof.Contract.Kernel;
using Spectre.Console;

namespace PageProof.Cli.Run;

/// <summary>Shows a script to people: each line with its answer, of one system or of several side by side.</summary>
public sealed class RunPrinter(Terminal terminal)
{
    private const string Indent = "      ";
    private bool _explained;

    /// <summary>Prints how one system carried the script out; quietly, only the answers.</summary>
    public void Print(string source, KernelScript script, RunTrail trail, bool quiet)
    {
        PrintHead(source, script, [trail], quiet);
        foreach (var step in trail.Steps)
        {
            PrintLine(step, quiet);
            if (step.Line.Command is not null)
            {
                PrintAnswer(step, quiet, "");
                PrintRefusal(step, trail.System);
            }

            PrintViews(step, script);
        }
    }

    /// <summary>Prints several side by side. Tells where they first differ.</summary>
    public void PrintBoth(string source, KernelScript script, RunComparison compared, bool quiet)
    {
        PrintHead(source, script, [compared.One, compared.Other], quiet);
        for (int place = 0; place < compared.Steps; place++)
        {
            var (one, other) = (compared.One.Steps[place], compared.Other.Steps[place]);
            bool differs = compared.Differences.Contains(place);
            if (quiet && !differs)
            {
                continue;
            }

            PrintLine(one, quiet);
            if (one.Line.Command is not null)
            {
                PrintAnswer(one, quiet, differs ? $"{compared.One.System}: " : "both: ");
                if (differs)
                {
                    PrintAnswer(other, quiet, $"{compared.Other.System}: ");
                }

                PrintRefusal(one, compared.One.System);
                PrintRefusal(other, compared.Other.System);
            }

            if (differs)
            {
                PrintDifference(compared, place);
            }

            PrintViews(one, script);
        }

        terminal.Screen.WriteLine();
        terminal.Screen.WriteLine(compared.Differences.Count == 0
            ? $"{compared.One.System} and {compared.Other.System} answer alike, and as the Spec permits."
            : $"First difference: line {compared.One.Steps[compared.Differences[0]].Line.Number}; "
                + $"of {compared.Differences.Count}.");
    }

    private void PrintDifference(RunComparison compared, int place)
    {
        var (one, other) = (compared.One.Steps[place], compared.Other.Steps[place]);
        if (one.Refusal is null && other.Refusal is null)
        {
            string known = (one.Deviation ?? other.Deviation) is { } name ? $" A known deviation: {name}." : "";
            terminal.Screen.MarkupLine(
                $"{Indent}[yellow]They differ, and the Spec permits both.{Markup.Escape(known)}[/]");
        }
    }

    private void PrintHead(string source, KernelScript script, RunTrail[] trails, bool quiet)
    {
        if (!quiet)
        {
            terminal.Screen.WriteLine($"{source} on {string.Join(" and ", trails.Select(trail => trail.System))}: "
                + $"{Count(script.Sequence.Commands.Length, "command")}, {Count(script.Start.Files.Length, "file")}");
            terminal.Screen.WriteLine();
        }
    }

    private void PrintLine(RunStep step, bool quiet)
    {
        string number = step.Line.Number == 0 ? "end" : $"{step.Line.Number}.";
        if (quiet)
        {
            terminal.Output.WriteLine($"{number} {step.Line.Text}");
        }
        else
        {
            terminal.Screen.MarkupLine($"[bold]{number,4}  {Markup.Escape(step.Line.Text)}[/]");
        }
    }

    private void PrintAnswer(RunStep step, bool quiet, string whose)
    {
        bool maps = step.Line.Command!.Value.Kind == KernelCommandKind.Maps
            && step.Answer.Kind == KernelAnswerKind.Done;
        var shown = maps ? step.Answer with { Value = 0, Length = 0 } : step.Answer;
        terminal.Output.WriteLine($"{(quiet ? "   " : Indent)}{whose}{KernelText.Of(shown)}");
        foreach (var area in step.Areas)
        {
            terminal.Output.WriteLine($"{Indent}  {area}");
        }

        if (step.Deviation is not null)
        {
            terminal.Output.WriteLine($"{Indent}a known deviation: {step.Deviation}");
        }
    }

    private void PrintRefusal(RunStep step, string system)
    {
        if (step.Refusal is not null)
        {
            terminal.Screen.MarkupLine(
                $"{Indent}[red]The Spec does not permit that of {Markup.Escape(system)}: "
                + $"{Markup.Escape(step.Refusal)}.[/]");
        }
    }

    private void PrintViews(RunStep step, KernelScript script)
    {
        var shows = step.Line.Shows;
        TablePicture picture = new(terminal, script.Start.Files.Length, step.Views);
        if (shows.HasFlag(Shown.Tables) && !_explained)
        {
            terminal.Output.WriteLine($"{Indent}{TablePicture.Legend}");
            _explained = true;
        }

        foreach (var view in step.Views.Where(view => step.Line.Only is not { } only || view.Process == only))
        {
            if (shows.HasFlag(Shown.Maps))
            {
                terminal.Output.WriteLine($"{Indent}{view.Process} has {Count(view.Maps.Count, "area")}");
                foreach (var area in view.Maps)
                {
                    terminal.Output.WriteLine($"{Indent}  {area}");
                }
            }

            if (shows.HasFlag(Shown.Faults))
            {
                terminal.Output.WriteLine($"{Indent}{view.Process} took {Count(view.MinorFaults, "minor fault")} and "
                    + $"{Count(view.MajorFaults, "major fault")}");
            }

            if (shows.HasFlag(Shown.Tables))
            {
                picture.Print(view, Indent.Length);
            }
        }
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}

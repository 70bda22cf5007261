using System.CommandLine;
using PageProof.Contract;
using PageProof.Mutation.Bugs;
using PageProof.Mutation.Patches;

namespace PageProof.Cli.Bugs;

/// <summary>
/// Puts bugs that real systems once had into copies of the Implementation, and tells what notices
/// each, how soon, and by how short a story.
/// </summary>
public sealed class BugsCommand
{
    private const int SeedsDefault = 20;
    private const int SeedsMax = 1000;
    private static readonly TimeSpan BudgetDefault = TimeSpan.FromSeconds(60);

    private readonly Argument<string[]> _numbers = new("ID")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The numbers of bugs; all when none is given.",
    };

    private readonly Option<int> _seeds = new("--seeds")
    {
        HelpName = "N",
        Description = $"With how many seeds each bug is hunted; {SeedsDefault} when not given.",
        DefaultValueFactory = _ => SeedsDefault,
        CustomParser = Numbers.Parser(1, SeedsMax, number => (int)number, $"a number from 1 to {SeedsMax}"),
    };

    private readonly Option<bool> _refresh = new("--refresh")
    {
        Description = "Instead, re-base patches that the sources have left behind, by three-way merges.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private BugsCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        BugsCommand bugs = new(terminal);
        Command command = new("bugs", "Re-create bugs that real systems had, and measure what notices them.")
        {
            bugs._numbers, bugs._seeds, bugs._refresh,
            bugs._common.Seed, bugs._common.Budget, bugs._common.Json, bugs._common.Quiet,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(bugs.Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string root = ProjectSources.FindRoot();
        int[] numbers = [.. parsed.GetValue(_numbers)!.Select(NumberOf)];
        if (parsed.GetValue(_refresh))
        {
            return Refresh(root, numbers, cancellation);
        }

        var catalogue = BugCatalogue.Read(root).Only(numbers);
        ulong seed = parsed.GetValue(_common.Seed);
        bool quiet = parsed.GetValue(_common.Quiet);
        BugHunt hunt = new(parsed.GetValue(_seeds), seed, parsed.GetValue(_common.Budget) ?? BudgetDefault);
        var report = new Progress(_terminal, quiet).Run(
            "bugs, a trial each seed",
            hunt.TrialsOf(catalogue.Bugs),
            progress => hunt.Run(catalogue.Bugs, progress.Report));
        string? json = parsed.GetValue(_common.Json);
        if (json != JsonFile.ToOutput)
        {
            new BugTable(_terminal).Print(report, catalogue.Waiting, quiet);
        }

        BugTable.ReportOf(report, catalogue.Waiting, seed).Write(_terminal, json);
        return report.Holds ? ExitCode.Held : ExitCode.Refuted;
    }

    // Without numbers the canaries too: they follow the sources in the same way.
    private int Refresh(string root, int[] numbers, CancellationToken cancellation)
    {
        string bugs = BugCatalogue.FolderBelow(root);
        string[] paths = numbers.Length > 0
            ? [.. BugCatalogue.Read(root).Only(numbers).Bugs.Select(bug => Path.Combine(bugs, bug.Patch.File))]
            : [.. new[] { bugs, Path.Combine(root, "mutation-config", "canaries") }
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.patch")).Order(StringComparer.Ordinal)];
        PatchRefresh refresh = new(root);
        List<string> refused = [];
        int based = 0;
        foreach (string path in paths)
        {
            try
            {
                if (refresh.Refresh(path, cancellation))
                {
                    based++;
                    _terminal.Output.WriteLine($"{Path.GetFileName(path)} was re-based.");
                }
            }
            catch (UserError reason)
            {
                refused.Add(reason.Message);
            }
        }

        refused.ForEach(_terminal.Output.WriteLine);
        _terminal.Output.WriteLine(
            $"{based} of {paths.Length} patches were re-based, {refused.Count} could not be, the rest still fit.");
        return refused.Count == 0 ? ExitCode.Held : ExitCode.Refuted;
    }

    private static int NumberOf(string text) => Numbers.TryParse(text, out ulong number) && number is > 0 and < 10_000
        ? (int)number
        : throw new UserError($"'{text}' is no number of a bug.");
}

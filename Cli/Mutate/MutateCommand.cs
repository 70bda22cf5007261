using System.CommandLine;
using System.Diagnostics;
using PageProof.Mutation.Patches;

namespace PageProof.Cli.Mutate;

/// <summary>
/// Measures how much the laws of a domain notice: Stryker makes small changes to the sources, one at a
/// time, and the domain's lane of tests should fail on each.
/// </summary>
public sealed class MutateCommand
{
    private const string Folder = "report/mutation";

    private readonly Argument<string> _domain = new("DOMAIN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "paging",
        Description = "Whose code to mutate: paging.",
    };

    private readonly Option<string?> _of = new("--of")
    {
        HelpName = "WHICH",
        Description = $"Only {MutationTarget.Kinds}; recorded is the Spec by recorded facts alone.",
    };

    private readonly Option<bool> _controls = new("--controls")
    {
        Description = "Only the controls: mutants that must die, and equivalent ones that must not.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private MutateCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        MutateCommand mutate = new(terminal);
        Command command = new("mutate", "Measure by mutation how much the laws of a domain notice.")
        {
            mutate._domain, mutate._of, mutate._controls, mutate._common.Json, mutate._common.Quiet,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(mutate.Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        string root = ProjectSources.FindRoot();
        var targets = MutationTarget.Of(parsed.GetValue(_domain)!, parsed.GetValue(_of));
        string? json = parsed.GetValue(_common.Json);
        bool quiet = parsed.GetValue(_common.Quiet);

        // A runner that gets the controls wrong is not worth asking anything else.
        ControlResult controls = new(RunOne(root, MutationTarget.Controls, quiet, cancellation));
        List<MutationResult> results = [];
        if (controls.Holds && !parsed.GetValue(_controls))
        {
            results.AddRange(targets.Select(target => RunOne(root, target, quiet, cancellation)));
        }

        if (json != JsonFile.ToOutput)
        {
            new MutateTable(_terminal).Print(controls, results);
        }

        var report = ReportOf(controls, results, clock.Elapsed);
        report.Write(_terminal, json);
        return report.Ok ? ExitCode.Held : ExitCode.Refuted;
    }

    private MutationResult RunOne(
        string root, MutationTarget target, bool quiet, CancellationToken cancellation)
    {
        string output = Path.GetFullPath(Path.Combine(Folder, target.Figure));
        string report = new Progress(_terminal, quiet).Run(
            $"mutants of {target.Name}, in thousandths",
            1000,
            progress => new StrykerRun(root, target).Run(
                output, (done, total) => progress.Report(1000 * done / total), cancellation));
        return MutationResult.Read(target, root, report);
    }

    private static Report ReportOf(
        ControlResult controls, List<MutationResult> results, TimeSpan elapsed)
    {
        Report report = new("mutate", 0)
        {
            Ok = controls.Holds && results.All(result => result.Passes),
            Seconds = elapsed.TotalSeconds,
        };
        report.Figures["controls_deadly"] = controls.Deadly;
        report.Figures["controls_equivalent"] = controls.Equivalent;
        report.Figures["controls_wrong"] = controls.Wrong.Count;
        int mutants = results.Sum(result => result.Counted), killed = results.Sum(result => result.Killed);
        report.Figures["mutants"] = mutants;
        report.Figures["killed"] = killed;
        report.Figures["survived"] = mutants - killed;
        report.Figures["equivalent_argued"] = results.Sum(result => result.Of(MutantFate.Argued));
        report.Figures["score"] = mutants == 0 ? 0 : Math.Round(100.0 * killed / mutants, 2);
        foreach (var result in results)
        {
            report.Figures[$"{result.Target.Figure}_score"] = Math.Round(result.Score, 2);
        }

        var wrong = controls.Wrong.Select(mutant => (Mutant: mutant, Of: "control"));
        var survivors = results.SelectMany(result => result.Mutants
            .Where(mutant => mutant.Fate == MutantFate.Survived)
            .Select(mutant => (Mutant: mutant, Of: result.Target.Figure)));
        report.Failures.AddRange(wrong.Concat(survivors).Select(each =>
            $"{each.Of}: {each.Mutant.File}:{each.Mutant.Line}: {each.Mutant.Mutation}: "
            + $"{each.Mutant.Fate}. {each.Mutant.Reason}".TrimEnd()));
        return report;
    }
}

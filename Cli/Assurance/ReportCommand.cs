using System.CommandLine;
using PageProof.Cli.Bugs;
using PageProof.Cli.Verify;
using PageProof.Mutation.Bugs;
using PageProof.Mutation.Patches;
using PageProof.SmtModels;

namespace PageProof.Cli.Assurance;

/// <summary>
/// The assurance report: everything is verified, every historical bug is hunted, and one page tells what came of it,
/// what the Spec says, and what is not shown.
/// </summary>
public sealed class ReportCommand
{
    private const int SeedsDefault = 1;
    private const int SeedsMax = 1000;
    private static readonly TimeSpan HuntMost = TimeSpan.FromSeconds(60);

    private readonly Option<int> _seeds = new("--seeds")
    {
        HelpName = "N",
        Description = $"With how many seeds each historical bug is hunted; {SeedsDefault} when not given.",
        DefaultValueFactory = _ => SeedsDefault,
        CustomParser = Numbers.Parser(1, SeedsMax, number => (int)number, $"a number from 1 to {SeedsMax}"),
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private ReportCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        ReportCommand report = new(terminal);
        Command command = new(
            "report", "Verify everything, hunt every bug, and write one page of what is shown and what is not.")
        {
            report._seeds,
        };
        report._common.AddTo(command);
        command.SetAction(report.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed);
        var claims = SpecClaim.ReadAll();
        var catalogue = BugCatalogue.Read(ProjectSources.FindRoot());
        var done = VerificationSteps.Run(settings, _terminal);
        BugHunt hunt = new(parsed.GetValue(_seeds), settings.Seed, HuntMost);
        var bugs = new Progress(_terminal, settings.Quiet).Run(
            "bugs, a trial each seed",
            hunt.TrialsOf(catalogue.Bugs),
            progress => hunt.Run(catalogue.Bugs, progress.Report));
        AssuranceData told = new(claims, done, TheoremList.All, bugs, catalogue.Waiting);
        string page = ReportFolder.Write(AssurancePage.Of(told));
        var report = ToReport(told);
        if (settings.Json != JsonFile.ToOutput)
        {
            new VerifyTable(_terminal).Print(done);
            new BugTable(_terminal).Print(bugs, catalogue.Waiting, settings.Quiet);
            _terminal.Output.WriteLine($"All of it as a page: {page}");
            foreach (string failure in report.Failures)
            {
                _terminal.Output.WriteLine($"Not held: {failure}");
            }
        }

        report.Write(_terminal, settings.Json);
        return told.Holds ? ExitCode.Held : ExitCode.Refuted;
    }

    private static Report ToReport(AssuranceData told)
    {
        Report report = new("report", told.Done.Seed) { Ok = told.Holds, Seconds = told.Done.Seconds };
        Report[] parts = [told.Done.ToReport(), BugTable.ReportOf(told.Bugs, told.Waiting, told.Done.Seed)];
        foreach (var part in parts)
        {
            foreach (var (name, figure) in part.Figures)
            {
                report.Figures[name] = figure;
            }

            report.Failures.AddRange(part.Failures);
        }

        return report;
    }
}

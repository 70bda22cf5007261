using System.CommandLine;
using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Reality;

/// <summary>Holds the Spec against a real system: whoever disagrees, it is the Spec that is tested.</summary>
public sealed class RealityCommand
{
    private const long CasesDefault = 100_000;

    private readonly Argument<string> _which = new("SYSTEM")
    {
        Description = "kvm, qemu, or recorded: what the two answered before.",
    };

    private readonly Option<string?> _record = new("--record")
    {
        HelpName = "FILE",
        Description = "Keep what it answers to --cases cases of all classes as facts.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private RealityCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        RealityCommand reality = new(terminal);
        Command command = new("reality", "Check the Spec against a real MMU.")
        {
            reality._which, reality._record,
        };
        reality._common.AddTo(command);
        command.SetAction(reality.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed);
        string which = parsed.GetValue(_which)!;
        if (which is not ("kvm" or "qemu" or "recorded"))
        {
            throw new UserError($"'{which}' is not a real system: kvm, qemu and recorded are.");
        }

        if (which == "recorded")
        {
            return Show(settings, which, RecordedFacts.Paging.Select(RealityChecks.OfSpec).ToList());
        }

        using var system = Systems.Open(which);
        _terminal.Output.WriteLine($"{which}: {RealityChecks.BackendOf(system)}");
        if (parsed.GetValue(_record) is { } file)
        {
            int count = (int)Math.Min(settings.Cases ?? CasesDefault, int.MaxValue);
            int kept = FactRecorder.Record(system, settings.Seed, count, file);
            _terminal.Output.WriteLine($"{CheckTable.Grouped(kept)} facts are in {file}.");
            return ExitCode.Held;
        }

        var length = settings.Budget is { } budget && settings.Cases is null
            ? RunLength.Within(budget)
            : RunLength.Of(settings.Cases ?? CasesDefault);
        var report = new Progress(_terminal, settings.Quiet).Run(
            which,
            length.Cases ?? 0,
            progress => AgreementLaw.Run(
                system, settings.Seed, length, Systems.WorkersOf(which), progress.Report));
        return Show(settings, which, [report]);
    }

    private int Show(CommonSettings settings, string which, List<CheckReport> reports)
    {
        if (settings.Json != JsonFile.ToOutput)
        {
            new CheckTable(_terminal).Print(reports, new("paging", which));
        }

        var report = LawReport.Of("reality", settings.Seed, reports);
        report.Figures["disagreements"] = report.Figures["failures"];
        report.Write(_terminal, settings.Json);
        return report.Ok ? ExitCode.Held : ExitCode.Refuted;
    }
}

using System.CommandLine;
using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;
using PageProof.Properties.Tlb;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Reality;

/// <summary>
/// Holds the Spec against a real system, its MMU or its TLB: whoever disagrees, it is the Spec that is tested.
/// </summary>
public sealed class RealityCommand
{
    private const string Paging = "paging";
    private const string Tlb = "tlb";
    private const long CasesDefault = 100_000;
    private const long SequencesDefault = 20_000;

    private readonly Argument<string> _which = new("SYSTEM")
    {
        Description = "kvm, qemu, or recorded: what the two answered before.",
    };

    private readonly Argument<string> _domain = new("DOMAIN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => Paging,
        Description = $"What of it to ask: {Paging}, or {Tlb} for sequences of commands.",
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
        Command command = new("reality", "Check the Spec against a real MMU or TLB.")
        {
            reality._which, reality._domain, reality._record,
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

        string domain = parsed.GetValue(_domain)!;
        if (domain is not (Paging or Tlb))
        {
            throw new UserError($"A real system is not asked about '{domain}': the domain is {Paging} or {Tlb}.");
        }

        if (which == "recorded")
        {
            return Show(settings, domain, which, domain == Tlb
                ? RecordedFacts.Tlb.Select(RealityChecks.OfSpec).ToList()
                : RecordedFacts.Paging.Select(RealityChecks.OfSpec).ToList());
        }

        using var system = Systems.Open(which);
        _terminal.Output.WriteLine($"{which}: {RealityChecks.BackendOf(system)}");
        long count = settings.Cases ?? (domain == Tlb ? SequencesDefault : CasesDefault);
        if (parsed.GetValue(_record) is { } file)
        {
            int wanted = (int)Math.Min(count, int.MaxValue);
            int kept = domain == Tlb
                ? SequenceRecorder.Record(system, settings.Seed, wanted, file)
                : FactRecorder.Record(system, settings.Seed, wanted, file);
            _terminal.Output.WriteLine($"{CheckTable.Grouped(kept)} facts are in {file}.");
            return ExitCode.Held;
        }

        var length = settings.Budget is { } budget && settings.Cases is null
            ? RunLength.Within(budget)
            : RunLength.Of(count);
        int workers = Systems.WorkersOf(which);
        var report = new Progress(_terminal, settings.Quiet).Run(
            which,
            length.Cases ?? 0,
            progress => domain == Tlb
                ? TlbAgreementLaw.Run(system, settings.Seed, length, workers, progress.Report)
                : AgreementLaw.Run(system, settings.Seed, length, workers, progress.Report));
        return Show(settings, domain, which, [report]);
    }

    private int Show(CommonSettings settings, string domain, string which, List<CheckReport> reports)
    {
        if (settings.Json != JsonFile.ToOutput)
        {
            new CheckTable(_terminal).Print(reports, new(domain, which));
        }

        var report = LawReport.Of("reality", settings.Seed, reports);
        report.Figures["disagreements"] = report.Figures["failures"];
        report.Write(_terminal, settings.Json);
        return report.Ok ? ExitCode.Held : ExitCode.Refuted;
    }
}

using System.CommandLine;
using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Cli.Reality;

/// <summary>
/// Holds the Spec against a real system, an MMU, a TLB or a kernel: whoever disagrees, it is the Spec that is tested.
/// </summary>
public sealed class RealityCommand
{
    private const string Recorded = "recorded";
    private static readonly string[] Known = ["kvm", "qemu", "linux", Recorded, LayoutReality.Name];

    private readonly Argument<string> _which = new("SYSTEM")
    {
        Description = "kvm, qemu, linux, or recorded: what these answered before; or aslr: layouts of processes.",
    };

    private readonly Argument<string?> _domain = new("DOMAIN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"What to ask it about: {RealityDomain.Names}; the first that it has when not given.",
    };

    private readonly Option<long?> _commands = new("--commands")
    {
        HelpName = "N",
        Description = "For linux: run as many sequences as have so many commands together.",
        CustomParser = Numbers.Parser<long?>(1, long.MaxValue, number => (long)number, "a number from 1"),
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
        Command command = new("reality", "Check the Spec against a real MMU, TLB or kernel, or layouts of processes.")
        {
            reality._which, reality._domain, reality._commands, reality._record,
        };
        reality._common.AddTo(command);
        command.SetAction(reality.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed);
        string which = parsed.GetValue(_which)!;
        if (!Known.Contains(which))
        {
            throw new UserError($"'{which}' is not a real system: {string.Join(", ", Known)} are.");
        }

        if (which == LayoutReality.Name)
        {
            return ShowLayouts(settings);
        }

        var domain = RealityDomain.Of(which, parsed.GetValue(_domain));
        long? commands = parsed.GetValue(_commands);
        if (commands is not null && domain != RealityDomain.Kernel)
        {
            throw new UserError($"--commands is about kernels; about {domain.Name} it is --cases.");
        }

        if (which == Recorded)
        {
            return Show(settings, domain.Name, which, [.. domain.OfRecorded()]);
        }

        using var system = Systems.Open(which);
        _terminal.Output.WriteLine($"{which}: {RealityChecks.BackendOf(system)}");
        long count = settings.Cases
            ?? (commands is { } most ? KernelAgreementLaw.CasesOf(system, settings.Seed, most) : domain.CasesDefault);
        if (parsed.GetValue(_record) is { } file)
        {
            int kept = domain.Record(system, settings.Seed, (int)Math.Min(count, int.MaxValue), file);
            _terminal.Output.WriteLine($"{CheckTable.Grouped(kept)} facts are in {file}.");
            return ExitCode.Held;
        }

        var length = settings.Budget is { } budget && settings.Cases is null && commands is null
            ? RunLength.Within(budget)
            : RunLength.Of(count);
        int workers = Systems.WorkersOf(which);
        var report = new Progress(_terminal, settings.Quiet).Run(
            which,
            length.Cases ?? 0,
            progress => domain.Run(system, settings.Seed, length, workers, progress.Report));
        return Show(settings, domain.Name, which, [report]);
    }

    private int ShowLayouts(CommonSettings settings)
    {
        var report = new LayoutReality(_terminal).Run(settings);
        return Show(settings, LayoutReality.Name, LayoutReality.Name, [report]);
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

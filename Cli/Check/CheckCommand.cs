using System.CommandLine;
using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Properties.Paging;
using PageProof.Properties.Swap;
using PageProof.Properties.Tlb;

namespace PageProof.Cli.Check;

/// <summary>A law under schedules of one kind.</summary>
internal delegate CheckReport ScheduledRun(
    ISystem system, ulong seed, RunLength length, int workers, Action<long>? progress, ScheduleKind kind);

/// <summary>Puts the laws of a domain to a system.</summary>
public sealed class CheckCommand
{
    private const string Paging = "paging";
    private const string Tlb = "tlb";
    private const string Kernel = "kernel";
    private const string Pressure = "pressure";
    private const string Tiny = "tiny";
    private const string Schedules = "schedules";
    private const string Swap = "swap";
    private static readonly TimeSpan BudgetDefault = TimeSpan.FromSeconds(10);

    private readonly Argument<string> _domain = new("DOMAIN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => Paging,
        Description = $"Whose laws to check: {DomainLaws.Names}.",
    };

    private readonly Option<string> _system = new("--system")
    {
        HelpName = "SYSTEM",
        DefaultValueFactory = _ => "implementation",
        Description = $"What to check: {Systems.Names}.",
    };

    private readonly Option<bool> _exhaustive = new("--exhaustive")
    {
        Description = "Every combination of the bits that decide a right, instead of random cases.",
    };

    private readonly Option<string?> _schedule = new("--schedule")
    {
        HelpName = "HOW",
        Description = "Only the law of CPUs at work at once, with schedules: random, priority or exhaustive.",
    };

    private readonly Option<bool> _outOfMemory = new("--out-of-memory")
    {
        Description = "Only one fixed workload of kernels, without each of its frames in turn.",
    };

    private readonly Option<string?> _memory = new("--memory")
    {
        HelpName = "SIZE",
        Description = "Only the law of kernels under pressure, with few frames and swap: tiny.",
    };

    private readonly Option<bool> _ioErrors = new("--io-errors")
    {
        Description = "Only one fixed workload of swap devices, or of kernels that swap: each transfer fails in turn.",
    };

    private readonly Option<long?> _commands = new("--commands")
    {
        HelpName = "N",
        Description = "With few frames: until so many commands are answered, and how memory fares meanwhile.",
        CustomParser = Numbers.Parser<long?>(1, long.MaxValue, number => (long)number, "a number from 1"),
    };

    private readonly Option<string?> _replay = new("--replay")
    {
        HelpName = "FILE",
        Description = "Only the case that the file holds, such as a kept counterexample.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private CheckCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        CheckCommand check = new(terminal);
        Command command = new("check", "Check a system against the laws of a domain.")
        {
            check._domain, check._system, check._exhaustive, check._schedule, check._outOfMemory, check._ioErrors,
            check._memory, check._commands, check._replay,
        };
        check._common.AddTo(command);
        command.SetAction(check.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed);
        string name = parsed.GetValue(_system)!;
        var laws = DomainLaws.Of(parsed.GetValue(_domain)!);
        if (parsed.GetValue(_memory) is { } memory)
        {
            laws = laws.Name == Kernel && memory == Tiny ? DomainLaws.Of(Pressure)
                : throw new UserError($"--memory is {Tiny}, and of the domain {Kernel}.");
        }

        bool exhaustive = parsed.GetValue(_exhaustive);
        if (exhaustive && laws.Name != Paging)
        {
            throw new UserError($"--exhaustive is about rights, and so of the domain {Paging}.");
        }

        bool outOfMemory = parsed.GetValue(_outOfMemory);
        if (outOfMemory && laws.Name != Kernel)
        {
            throw new UserError($"--out-of-memory is about processes, and so of the domain {Kernel}.");
        }

        bool ioErrors = parsed.GetValue(_ioErrors);
        if (ioErrors && laws.Name is not (Swap or Kernel))
        {
            throw new UserError($"--io-errors is about swap devices, and so of the domain {Swap} or {Kernel}.");
        }

        long? commands = parsed.GetValue(_commands);
        if (commands is not null && (laws.Name != Pressure || (settings.Cases, settings.Budget) is not (null, null)))
        {
            throw new UserError("--commands is how long a check of kernels with few frames is, instead of others.");
        }

        using var system = Systems.Open(name);
        if (parsed.GetValue(_replay) is { } file)
        {
            return Replay(laws, system, file);
        }

        var reports = exhaustive ? [Exhaustive(system, name, settings)]
            : outOfMemory ? [OutOfMemory(system, name, settings)]
            : commands is { } count ? [new KernelSoak(_terminal, settings).Run(system, Systems.WorkersOf(name), count)]
            : ioErrors ? [InputErrors(system, name, settings, laws.Name == Kernel)]
            : parsed.GetValue(_schedule) is { } schedule ? Scheduled(laws, system, name, settings, schedule)
            : Random(laws, system, name, settings);
        if (settings.Json != JsonFile.ToOutput)
        {
            new CheckTable(_terminal).Print(reports, new(laws.Name, name));
            PrintPeak(reports, laws.Name);
        }

        LawReport.Of("check", settings.Seed, reports).Write(_terminal, settings.Json);
        return reports.All(report => report.Holds) ? ExitCode.Held : ExitCode.Refuted;
    }

    // Of a long run it is to be seen that memory stays bounded.
    private void PrintPeak(IReadOnlyList<CheckReport> reports, string domain)
    {
        if (domain == Pressure)
        {
            double seconds = Math.Max(1e-3, reports.Sum(report => report.Elapsed.TotalSeconds));
            _terminal.Output.WriteLine(KernelSoak.LineOf(reports.Sum(report => report.Commands), seconds));
        }
    }

    private CheckReport Exhaustive(ISystem system, string name, CommonSettings settings)
    {
        using (var translator = system.OpenTranslator())
        {
            if (translator is not { Capabilities: { Accesses: false, ImplicitAccesses: true } })
            {
                throw new UserError($"--exhaustive needs a system that translates without accessing; {name} does not.");
            }
        }

        return new Progress(_terminal, settings.Quiet).Run(
            "all combinations",
            PermissionProduct.Count,
            progress => PermissionProduct.Run(
                system, PermissionProduct.Controls, Systems.WorkersOf(name), progress.Report));
    }

    private CheckReport OutOfMemory(ISystem system, string name, CommonSettings settings) =>
        new Progress(_terminal, settings.Quiet).Run("frames", 0, progress => KernelMissingFrameLaw.RunWorkload(
            system, Systems.WorkersOf(name), 1, progress.Report));

    private CheckReport InputErrors(ISystem system, string name, CommonSettings settings, bool ofKernels) =>
        new Progress(_terminal, settings.Quiet).Run("errors", 0, progress => ofKernels
            ? KernelPressureLaw.RunWorkload(system, Systems.WorkersOf(name), 1, progress.Report)
            : SwapErrorLaw.RunWorkload(system, Systems.WorkersOf(name), 1, progress.Report));

    private List<CheckReport> Scheduled(
        DomainLaws laws, ISystem system, string name, CommonSettings settings, string schedule)
    {
        if (laws.Name != Tlb && (laws.Name != Schedules || schedule == "exhaustive"))
        {
            throw new UserError($"--schedule is of the domain {Tlb}, and random or by priority of {Schedules}, too.");
        }

        if (schedule == "exhaustive")
        {
            return new Progress(_terminal, settings.Quiet).Run(
                "schedules", 0, progress => new List<CheckReport> { Explore(system, settings, progress.Report) });
        }

        var kind = schedule switch
        {
            "random" => ScheduleKind.Random,
            "priority" => ScheduleKind.Priority,
            _ => throw new UserError($"There is no schedule '{schedule}': it is random, priority or exhaustive."),
        };
        return new Progress(_terminal, settings.Quiet).Run(
            "schedules",
            settings.Cases ?? 0,
            progress => new List<CheckReport>
            {
                (laws.Name == Tlb ? (ScheduledRun)ShootdownLaw.Run : KernelScheduleLaw.RunAs)(
                    system, settings.Seed, LengthOf(settings), Systems.WorkersOf(name), progress.Report, kind),
            });
    }

    private CheckReport Explore(ISystem system, CommonSettings settings, Action<long> progress)
    {
        var (report, explored) = ShootdownExploration.Run(system, progress);
        if (settings.Json != JsonFile.ToOutput)
        {
            string end = explored.Failing is null ? "every state was seen" : "then one failed";
            string states = CheckTable.Grouped(explored.States), schedules = CheckTable.Grouped(explored.Schedules);
            _terminal.Output.WriteLine($"{states} states in {schedules} schedules: {end}.");
        }

        return report;
    }

    private static RunLength LengthOf(CommonSettings settings) => settings.Cases is { } cases
        ? RunLength.Of(cases)
        : RunLength.Within(settings.Budget ?? BudgetDefault);

    private List<CheckReport> Random(DomainLaws laws, ISystem system, string name, CommonSettings settings)
    {
        var length = LengthOf(settings);
        return new Progress(_terminal, settings.Quiet).Run(
            "cases",
            settings.Cases ?? 0,
            progress => laws.RunAll(
                system, settings.Seed, length, Systems.WorkersOf(name), progress.Report).ToList());
    }

    private int Replay(DomainLaws laws, ISystem system, string file)
    {
        string? story = laws.Refutation(system, file);
        _terminal.Output.WriteLine(story ?? $"{system.Name} answers as the Spec permits.");
        return story is null ? ExitCode.Held : ExitCode.Refuted;
    }
}

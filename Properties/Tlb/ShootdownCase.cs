using System.Collections.Immutable;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness.Scheduling;

namespace PageProof.Properties.Tlb;

/// <summary>How schedules are drawn.</summary>
public enum ScheduleKind : byte
{
    /// <summary>One case at random, the next by priorities.</summary>
    Mixed,
    /// <summary>Whoever, at every point.</summary>
    Random,
    /// <summary>By priorities, which change at a few points.</summary>
    Priority,
}

/// <summary>Programs under one schedule: one that is drawn from a seed, or one that was recorded.</summary>
/// <param name="Program">The programs.</param>
/// <param name="Seed">What the schedule is drawn from.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Recorded">The schedule when it is not drawn.</param>
public readonly record struct ShootdownCase(
    ShootdownProgram Program, ulong Seed, ScheduleKind Kind, ImmutableArray<int> Recorded)
{
    private const int StepsOfProgram = 80;
    private const int Depth = 3;

    /// <summary>Whether the schedule was recorded.</summary>
    public bool IsRecorded => !Recorded.IsDefault;

    /// <summary>The strategy that gives its schedule.</summary>
    public IStrategy Strategy() =>
        IsRecorded ? new ReplayStrategy(Recorded)
        : Kind == ScheduleKind.Priority
            ? new PriorityStrategy(Seed, Program.Start.Cpus, StepsOfProgram, Depth)
        : new RandomStrategy(Seed);
}

/// <summary>Runs programs under schedules on one machine, and follows what happens.</summary>
internal sealed class ShootdownTrial : IDisposable
{
    private readonly IShootdownMachine _machine;
    private readonly Scheduler _scheduler = new(ShootdownStart.CpusMax);
    private readonly ShootdownWatch _watch;

    public ShootdownTrial(IShootdownMachine machine) => (_machine, _watch) = (machine, new(machine));

    /// <summary>What was seen in all runs.</summary>
    public ShootdownCoverage Coverage => _watch.Coverage;

    /// <summary>The schedule of the last run.</summary>
    public ImmutableArray<int> Schedule { get; private set; } = [];

    /// <summary>A hash of the machine and of what is known of it, between two steps.</summary>
    public ulong StateHash => _machine.StateHash ^ _watch.StateHash;

    /// <summary>The hash that the machine itself tells.</summary>
    public ulong MachineHash => _machine.StateHash;

    /// <summary>What went wrong, or null.</summary>
    public string? Run(in ShootdownProgram program, IStrategy strategy, List<string>? story = null)
    {
        _watch.Story = null;
        _watch.Begin(program.Start, PagesOf(program));
        _machine.Reset(program.Start, _watch);
        _watch.Story = story;
        var commands = program.Commands;
        var bodies = new Action<ScheduledYield>[program.Start.Cpus];
        for (int number = 0; number < bodies.Length; number++)
        {
            CpuNumber cpu = new((byte)number);
            var own = commands.Where(command => command.Cpu == cpu).ToArray();
            bodies[number] = yield => _machine.Run(cpu, own, yield);
        }

        string? broken = null;
        try
        {
            Schedule = [.. _scheduler.Run(strategy, bodies)];
            _watch.End();
        }
        catch (Exception exception) when (exception is DeadlockException or InvalidOperationException)
        {
            Schedule = [.. _scheduler.Taken];
            broken = exception.Message;
        }

        return _watch.Failure ?? broken;
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _machine.Dispose();
    }

    private static byte PagesOf(in ShootdownProgram program)
    {
        int pages = program.Start.Mapped;
        foreach (var command in program.Commands)
        {
            bool one = command.Kind is >= ShootdownCommandKind.Load and <= ShootdownCommandKind.Prefetch;
            int range = (1 << (one ? 1 : command.Count)) - 1;
            pages |= command.Kind >= ShootdownCommandKind.Run ? 0 : range << command.Page;
            pages |= command.Kind == ShootdownCommandKind.Move ? range << command.To : 0;
        }

        return (byte)pages;
    }
}

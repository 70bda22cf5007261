using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Harness.Scheduling;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Every schedule of one small contest: CPU 0 unmaps a page, gives its table pages back, and uses what came
/// back again, while CPUs 1 and 2 each access the page twice.
/// </summary>
public static class ShootdownExploration
{
    private static readonly ShootdownProgram Contest = new(
        new(Cpus: 3, Spaces: 1, Mapped: 1),
        [
            new() { Kind = ShootdownCommandKind.UnmapFree, Cpu = new(0), Page = 0, Count = 1 },
            new() { Kind = ShootdownCommandKind.Map, Cpu = new(0), Page = 0, Count = 1 },
            new() { Kind = ShootdownCommandKind.Load, Cpu = new(1), Page = 0 },
            new() { Kind = ShootdownCommandKind.Store, Cpu = new(1), Page = 0 },
            new() { Kind = ShootdownCommandKind.Store, Cpu = new(2), Page = 0 },
            new() { Kind = ShootdownCommandKind.Load, Cpu = new(2), Page = 0 },
        ]);

    /// <summary>Tries every schedule of the contest.</summary>
    /// <exception cref="UserError">The machine does not tell in which state it is.</exception>
    public static (CheckReport Report, ExplorationReport Explored) Run(
        ISystem system, Action<long>? progress = null, ShootdownProgram? program = null)
    {
        var clock = Stopwatch.StartNew();
        var asked = program ?? Contest;
        using ShootdownTrial trial = new(ShootdownLaw.Machine(system));
        var explored = Explore(trial, system, asked, progress).Report;
        CheckFailure? failure = null;
        if (explored.Failing is { } schedule)
        {
            failure = new(
                explored.Schedules - 1,
                ShootdownLaw.Story(trial, asked, new ReplayStrategy(schedule)),
                ShootdownText.Print(asked, schedule),
                0);
        }

        return (new(ShootdownLaw.Title, system.Name, 0, explored.Schedules, clock.Elapsed, failure), explored);
    }

    /// <summary>
    /// How many states random schedules of a program meet that were not met when every schedule was tried: none,
    /// if states of one hash go on alike.
    /// </summary>
    /// <exception cref="UserError">The machine does not tell in which state it is.</exception>
    public static long Missed(ISystem system, ulong seed, int runs, ShootdownProgram program)
    {
        using ShootdownTrial trial = new(ShootdownLaw.Machine(system));
        var exploration = Explore(trial, system, program, progress: null).Exploration;
        long missed = 0;
        for (int run = 0; run < runs; run++)
        {
            trial.Run(program, new Watching(
                new RandomStrategy(seed + (ulong)run), () => missed += exploration.HasSeen(trial.StateHash) ? 0 : 1));
        }

        return missed;
    }

    private static (Exploration Exploration, ExplorationReport Report) Explore(
        ShootdownTrial trial, ISystem system, ShootdownProgram program, Action<long>? progress)
    {
        trial.Run(program, new ReplayStrategy([]));
        if (trial.MachineHash == 0)
        {
            throw new UserError(
                $"The system {system.Name} does not tell its state, so not every schedule can be tried.");
        }

        Exploration exploration = new(() => trial.StateHash);
        return (exploration, exploration.Run(
            strategy => (trial.Run(program, strategy) is not null, trial.Schedule), progress));
    }

    private sealed class Watching(IStrategy strategy, Action watch) : IStrategy
    {
        public int Next(ReadOnlySpan<int> ready, int current, YieldKind? kind)
        {
            watch();
            return strategy.Next(ready, current, kind);
        }
    }
}

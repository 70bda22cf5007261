using System.Collections.Immutable;
using PageProof.Contract.Kernel;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness.Scheduling;

namespace PageProof.Properties.Kernel;

/// <summary>A command that was carried out between two moments, and what was answered.</summary>
/// <param name="Command">The command.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Ended">When it ended.</param>
internal readonly record struct Timed(KernelCommand Command, KernelAnswer Answer, int Begun, int Ended);

/// <summary>
/// Runs commands under schedules on one kernel: those that come first, then those of each CPU, and in the end whatever
/// shows what has become of memory.
/// </summary>
internal sealed class KernelTrial(IScheduledKernel kernel) : IDisposable
{
    private readonly Scheduler _scheduler = new(KernelStart.CpusMax);
    private readonly List<Timed>[] _timed =
        [.. Enumerable.Range(0, KernelStart.CpusMax).Select(_ => new List<Timed>())];
    private int _moment;

    public IScheduledKernel Kernel => kernel;

    /// <summary>What was done before, one after the other.</summary>
    public List<Timed> Before { get; } = [];

    /// <summary>What each CPU did.</summary>
    public IReadOnlyList<List<Timed>> Meanwhile => _timed;

    /// <summary>What was done in the end.</summary>
    public List<Timed> After { get; } = [];

    /// <summary>The schedule of the last run.</summary>
    public ImmutableArray<int> Schedule { get; private set; } = [];

    /// <summary>What went wrong whatever the answers are, or null.</summary>
    public string? Run(in ScheduledCase asked)
    {
        try
        {
            return WrongIn(asked);
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or InvalidOperationException)
        {
            // A kernel that has gone wrong so far answers nothing any more.
            Schedule = [.. _scheduler.Taken];
            return "The kernel could not go on.";
        }
    }

    private string? WrongIn(in ScheduledCase asked)
    {
        var (sequence, first) = (asked.Sequence, asked.First);
        kernel.Begin(sequence.Start);
        _moment = 0;
        Before.Clear();
        After.Clear();
        foreach (var commands in _timed)
        {
            commands.Clear();
        }

        foreach (var command in sequence.Commands.AsSpan()[..first])
        {
            Before.Add(new(command, kernel.Carry(command), 0, 0));
        }

        var bodies = new Action<ScheduledYield>[sequence.Start.Cpus];
        for (int number = 0; number < bodies.Length; number++)
        {
            CpuNumber cpu = new((byte)number);
            var own = sequence.Commands.Skip(first).Where(command => command.Cpu == cpu).ToArray();
            bodies[number] = yield => Carry(cpu, own, sequence.Start.Cpus, yield);
        }

        try
        {
            Schedule = [.. _scheduler.Run(asked.Strategy(), bodies)];
        }
        catch (Exception exception) when (
            exception is DeadlockException or InvalidOperationException or IndexOutOfRangeException)
        {
            Schedule = [.. _scheduler.Taken];
            return exception.Message;
        }

        if (kernel.Audit() is { } wrong)
        {
            return wrong;
        }

        foreach (var command in Reading(sequence))
        {
            After.Add(new(command, kernel.Carry(command), 0, 0));
        }

        return null;
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        kernel.Dispose();
    }

    private void Carry(CpuNumber cpu, KernelCommand[] commands, int cpus, ScheduledYield yield)
    {
        foreach (var command in commands)
        {
            int begun = _moment++;
            var answer = kernel.Carry(command, yield);
            _timed[cpu.Value].Add(new(command, answer, begun, _moment++));
        }

        kernel.Rest(cpu, cpus, yield);
    }

    // Every process is asked, also those that are not there, and then files, pipes and pins, if there were any.
    private IEnumerable<KernelCommand> Reading(KernelSequence sequence)
    {
        var start = sequence.Start;
        for (int process = 0; process < start.Processes; process++)
        {
            KernelCommand command = new() { Process = new((byte)process) };
            yield return command with { Kind = KernelCommandKind.Maps };
            yield return command with
            {
                Kind = KernelCommandKind.Checksum,
                Address = kernel.Capabilities.Arena,
                Length = new(KernelScheduleGenerator.Pages * 4096UL),
            };
        }

        foreach (var kind in (KernelCommandKind[])
            [KernelCommandKind.FileRead, KernelCommandKind.PinLoad, KernelCommandKind.PipeRead])
        {
            if (!start.Files.IsEmpty)
            {
                bool pinned = kind == KernelCommandKind.PinLoad;
                yield return new() { Kind = kind, Length = new(pinned ? 8 : KernelSequence.FileReadMax) };
            }
        }
    }
}

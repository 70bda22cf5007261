using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Looks for an order of commands that were carried out at once in which the Spec permits every answer, and also what
/// is read in the end. What had ended before something else began comes before it. An access below a stack is two
/// steps: the stack grows, and when its lock is given back the instruction begins anew; others may come between.
/// Source: Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects", TOPLAS 1990.
/// </summary>
internal sealed class SequentialOrder(KernelTrial trial)
{
    private readonly int[] _next = new int[KernelStart.CpusMax];
    private readonly bool[] _hasGrown = new bool[KernelStart.CpusMax];

    /// <summary>The answers that came last before no order led on, for the story.</summary>
    public string Furthest { get; private set; } = "";

    private int _furthest;

    /// <summary>Whether there is one, from the state in which a sequence begins.</summary>
    public bool Exists(KernelStart start)
    {
        _next.AsSpan().Clear();
        _hasGrown.AsSpan().Clear();
        (_furthest, Furthest) = (-1, "");
        var state = KernelSpec.Begin(start, trial.Kernel.Capabilities);
        return Follow(trial.Before, state, 0) is { } after && GoesOn(after, 0);
    }

    private bool GoesOn(KernelState state, int done)
    {
        bool all = true;
        for (int cpu = 0; cpu < _next.Length; cpu++)
        {
            var own = trial.Meanwhile[cpu];
            if (_next[cpu] == own.Count)
            {
                continue;
            }

            all = false;
            if (MayBeNext(own[_next[cpu]]) && (GoesOnWith(cpu, state, done) || GoesOnGrown(cpu, state, done)))
            {
                return true;
            }
        }

        return all && Follow(trial.After, state, done) is not null;
    }

    private bool GoesOnWith(int cpu, KernelState state, int done)
    {
        if (Step(state, trial.Meanwhile[cpu][_next[cpu]], done) is not { } after)
        {
            return false;
        }

        bool had = _hasGrown[cpu];
        _next[cpu]++;
        _hasGrown[cpu] = false;
        bool found = GoesOn(after, done + 1);
        _next[cpu]--;
        _hasGrown[cpu] = had;
        return found;
    }

    // The stack of an access has grown, and no more is done yet.
    private bool GoesOnGrown(int cpu, KernelState state, int done)
    {
        var command = trial.Meanwhile[cpu][_next[cpu]].Command;
        bool accesses = command.Kind is KernelCommandKind.Load or KernelCommandKind.Store;
        if (!accesses || _hasGrown[cpu] || state.Processes[command.Process.Value] is null)
        {
            return false;
        }

        var grown = StackSpec.Reach(state, command.Process, command.Address.Value);
        _hasGrown[cpu] = !ReferenceEquals(grown, state);
        bool found = _hasGrown[cpu] && GoesOn(grown, done);
        _hasGrown[cpu] = false;
        return found;
    }

    // Nothing that is still to come had ended before it began.
    private bool MayBeNext(in Timed candidate)
    {
        for (int cpu = 0; cpu < _next.Length; cpu++)
        {
            var own = trial.Meanwhile[cpu];
            if (_next[cpu] < own.Count && own[_next[cpu]].Ended < candidate.Begun)
            {
                return false;
            }
        }

        return true;
    }

    private KernelState? Follow(List<Timed> commands, KernelState? state, int done)
    {
        foreach (var command in commands)
        {
            state = Step(state!, command, done++);
            if (state is null)
            {
                return null;
            }
        }

        return state;
    }

    // How many faults there are depends on who came first.
    private KernelState? Step(KernelState state, in Timed timed, int done)
    {
        var answer = timed.Answer with { Code = 0, MinorFaults = 0, MajorFaults = 0 };
        var due = KernelSpec.Next(state, timed.Command, answer);
        var (command, told) = (timed.Command, timed.Answer);
        var lines = KernelFollower.LinesOf(command, told, trial.Kernel.Lines);
        bool agrees = timed.Command.Kind == KernelCommandKind.Maps
            ? KernelSpec.Follow(state, timed.Command, answer, lines).State is not null
            : answer == due.Answer with { Code = 0 };
        if (!agrees && done > _furthest)
        {
            _furthest = done;
            Furthest = $"{KernelText.Of(timed.Command)} was answered {KernelText.Of(answer)}, "
                + $"not {KernelText.Of(due.Answer)}";
        }

        return agrees ? due.State : null;
    }
}

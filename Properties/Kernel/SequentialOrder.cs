using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Looks for an order of commands that were carried out at once in which the Spec permits every answer, and also what
/// is read in the end. What had ended before something else began comes before it. An access that faults is several
/// steps: a stack grows, or a store gets a page of its own, and then the instruction begins anew; others may come
/// between, such as a fork, which copies that page.
/// Source: Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects", TOPLAS 1990.
/// </summary>
internal sealed class SequentialOrder(KernelTrial trial)
{
    // What more faults of one access leave is what two of them do.
    private const int FaultsMost = 2;

    private readonly int[] _next = new int[KernelStart.CpusMax];
    private readonly int[] _faults = new int[KernelStart.CpusMax];

    /// <summary>The answers that came last before no order led on, for the story.</summary>
    public string Furthest { get; private set; } = "";

    private int _furthest;

    /// <summary>Whether there is one, from the state in which a sequence begins.</summary>
    public bool Exists(KernelStart start)
    {
        _next.AsSpan().Clear();
        _faults.AsSpan().Clear();
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
            if (MayBeNext(own[_next[cpu]]) && (GoesOnWith(cpu, state, done) || GoesOnFaulted(cpu, state, done)))
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

        int had = _faults[cpu];
        _next[cpu]++;
        _faults[cpu] = 0;
        bool found = GoesOn(after, done + 1);
        _next[cpu]--;
        _faults[cpu] = had;
        return found;
    }

    // The fault of an access is resolved, and no more is done yet. That of a load leaves what is read as it was.
    private bool GoesOnFaulted(int cpu, KernelState state, int done)
    {
        var command = trial.Meanwhile[cpu][_next[cpu]].Command;
        bool accesses = command.Kind is KernelCommandKind.Load or KernelCommandKind.Store;
        if (!accesses || _faults[cpu] == FaultsMost || state.Processes[command.Process.Value] is null)
        {
            return false;
        }

        ulong address = command.Address.Value;
        var resolved = command.Kind == KernelCommandKind.Store
            ? FaultSpec.Touch(state, command.Process, address, writes: true).State
            : StackSpec.Reach(state, command.Process, address);
        if (ReferenceEquals(resolved, state))
        {
            return false;
        }

        _faults[cpu]++;
        bool found = GoesOn(resolved, done);
        _faults[cpu]--;
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

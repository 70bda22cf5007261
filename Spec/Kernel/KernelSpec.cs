using System.Diagnostics;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// A kernel, as its processes know it. An answer is followed: where the system may choose, by what it chose.
/// Source: the manual pages that the single specs name, and proc_pid_maps(5).
/// </summary>
public static class KernelSpec
{
    /// <summary>The state in which a sequence begins.</summary>
    public static KernelState Begin(KernelStart start, KernelCapabilities kernel)
    {
        var processes = new ProcessState?[start.Processes];
        processes[0] = new([], [], kernel.Arena.Value) { Heap = kernel.Heap.Value, Break = kernel.Heap.Value };
        return new(
            kernel,
            start.Files.Length,
            [.. processes],
            [.. start.Files.Select(file => new MemoryObject(file.Length.Value, [], file.Rights))])
        {
            Frames = start.Frames,
        };
    }

    /// <summary>What is to come of a command; where the system chooses, it is what was told.</summary>
    public static KernelOutcome Next(KernelState state, in KernelCommand asked, in KernelAnswer told)
    {
        if (state.Processes[asked.Process.Value] is not { } process || !ForkSpec.IsPossible(state, asked))
        {
            return new(state, new() { Kind = KernelAnswerKind.NotPossible });
        }

        KernelCommand command = asked.FromLast
            ? asked with { Address = new(process.LastMapped + asked.Address.Value) }
            : asked;
        KernelOutcome outcome = NextOf(state, command, told);
        return outcome with { State = PipeSpec.Settle(state, LoanSpec.Settle(state, outcome.State)) };
    }

    private static KernelOutcome NextOf(KernelState state, in KernelCommand command, in KernelAnswer told) =>
        command.Kind switch
        {
            KernelCommandKind.Mmap => MmapSpec.Mmap(state, command, told.Value),
            KernelCommandKind.Munmap => MmapSpec.Munmap(state, command),
            KernelCommandKind.Mprotect => MprotectSpec.Mprotect(state, command),
            KernelCommandKind.Madvise => MadviseSpec.Madvise(state, command),
            KernelCommandKind.Load => AccessSpec.Load(state, command),
            KernelCommandKind.Store => AccessSpec.Store(state, command),
            KernelCommandKind.Checksum => AccessSpec.Checksum(state, command),
            KernelCommandKind.Fork => ForkSpec.Fork(state, command),
            KernelCommandKind.Exit => ForkSpec.Exit(state, command),
            KernelCommandKind.FileRead => FileCallSpec.Read(state, command),
            KernelCommandKind.FileWrite => FileCallSpec.Write(state, command),
            KernelCommandKind.Truncate => FileCallSpec.Truncate(state, command),
            KernelCommandKind.Maps => KernelOutcome.Done(state),
            KernelCommandKind.Mremap => MremapSpec.Mremap(state, command, told),
            KernelCommandKind.Mlock or KernelCommandKind.Munlock => MlockSpec.Mlock(state, command),
            KernelCommandKind.Msync => MlockSpec.Msync(state, command),
            KernelCommandKind.PunchHole => FileCallSpec.PunchHole(state, command),
            KernelCommandKind.Fsync => FileCallSpec.Fsync(state, command),
            KernelCommandKind.ForceWrite => InspectionSpec.ForceWrite(state, command),
            KernelCommandKind.ForceRaced => InspectionSpec.ForceRaced(state, command),
            KernelCommandKind.Presence => InspectionSpec.Presence(state, command),
            KernelCommandKind.Brk => BrkSpec.Brk(state, command),
            KernelCommandKind.Exec => ExecSpec.Exec(state, command),
            KernelCommandKind.MadviseOther => MadviseOtherSpec.Madvise(state, command),
            KernelCommandKind.PipeWrite => PipeSpec.Write(state, command),
            KernelCommandKind.PipeRead => PipeSpec.Read(state, command, told),
            KernelCommandKind.Splice => SpliceSpec.Splice(state, command),
            KernelCommandKind.VmSplice => SpliceSpec.VmSplice(state, command, told),
            KernelCommandKind.Pin => PinSpec.Pin(state, command),
            KernelCommandKind.Unpin => PinSpec.Unpin(state, command),
            KernelCommandKind.PinLoad => PinSpec.Load(state, command),
            KernelCommandKind.PinStore => PinSpec.Store(state, command),
            KernelCommandKind.SwapOn => ReclaimSpec.SwapOn(state, command),
            KernelCommandKind.SwapOff => ReclaimSpec.SwapOff(state, command, told),
            KernelCommandKind.Reclaim => ReclaimSpec.Reclaim(state),
            KernelCommandKind.SwapFault => FailedTransferSpec.Fail(state, command),
            KernelCommandKind.Zswap => ReclaimSpec.Compress(state, command),
            KernelCommandKind.Compact => MigrationSpec.Compact(state),
            _ => throw new UnreachableException(),
        };

    /// <summary>The state after an answer, or why that is not permitted.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="command">What was asked.</param>
    /// <param name="answer">What was answered.</param>
    /// <param name="lines">The lines of a kernel's maps, if that was asked.</param>
    public static KernelStep Follow(
        KernelState state, in KernelCommand command, in KernelAnswer answer, ReadOnlySpan<AreaLine> lines)
    {
        KernelOutcome due = Next(state, command, answer);
        string? refusal = AnswerSpec.Refusal(due, command, answer, lines);
        return refusal is null ? OpenSpec.StepTo(due.State)
            : Explained(state, command, answer, lines) is { } step ? step
            : ReclaimSpec.MayLack(state, command, answer) ? new(ReclaimSpec.AfterLack(state, command, answer), null)
            : new(null, refusal);
    }

    // The step from another state that there may be instead. When it may be that of one page that could not be read or
    // of another, or of none, nothing is known from there on; nor when pages may also be gone that were freed, or too
    // many are open to try what may be in them.
    private static KernelStep? Explained(
        KernelState state, in KernelCommand command, in KernelAnswer answer, ReadOnlySpan<AreaLine> lines)
    {
        int open = OpenSpec.Count(state, command);
        if (open > OpenSpec.Most)
        {
            return new(null, null);
        }

        KernelState? by = null;
        KernelStep? step = null;
        foreach (var left in OpenSpec.LeftOpen(state, command))
        {
            bool isSame = by is not null && by.Swap.Lost == left.Swap.Lost;
            KernelOutcome other = isSame ? default : Next(left, command, answer);
            if (isSame || AnswerSpec.Refusal(other, command, answer, lines) is not null)
            {
                continue;
            }

            if (by is not null || (state.Swap.MayFail && open > 0))
            {
                return new(null, null);
            }

            by = left;
            step = OpenSpec.StepTo(FailedTransferSpec.Explained(left, other.State, command, answer));
            if (!state.Swap.MayFail)
            {
                break;
            }
        }

        return step;
    }
}

using System.Diagnostics;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
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
        string? refusal = Refusal(due, command, answer, lines);
        foreach (var left in refusal is null ? [] : OpenSpec.LeftOpen(state, command))
        {
            KernelOutcome other = Next(left, command, answer);
            if (Refusal(other, command, answer, lines) is null)
            {
                var after = FailedTransferSpec.Explained(left, other.State, command, answer);
                return after is null ? new(null, null) : OpenSpec.StepTo(after with { LowestPart = 0 });
            }
        }

        if (refusal is not null && ReclaimSpec.MayLack(state, command, answer))
        {
            return new(ReclaimSpec.AfterLack(state, command, answer), null);
        }

        return refusal is null ? OpenSpec.StepTo(due.State) : new(null, refusal);
    }

    private static string? Refusal(
        in KernelOutcome due, in KernelCommand command, in KernelAnswer answer, ReadOnlySpan<AreaLine> lines) =>
        due.Refusal ?? (command.Kind == KernelCommandKind.Maps && due.Answer.Kind == KernelAnswerKind.Done
            ? RefusalOfMaps(due, command, answer, lines)
            : Refusal(due, answer));

    private static string? Refusal(in KernelOutcome due, in KernelAnswer answer)
    {
        KernelAnswer bare = answer with { MinorFaults = 0, MajorFaults = 0 };
        bool tight = due.State.Tight;
        PageFaultCode open = due.EitherPresent || tight ? PageFaultCode.Present : PageFaultCode.None;
        if (bare with { Code = bare.Code & ~open, Value = bare.Value & ~due.OpenBits }
            != due.Answer with { Code = due.Answer.Code & ~open })
        {
            return $"the answer is {due.Answer}";
        }

        int faults = answer.MinorFaults + answer.MajorFaults;
        return tight ? null : faults < due.FaultsLeast || faults > due.FaultsMost ? $"{Range(due)} faults are counted"
            : answer.MajorFaults > due.MajorMost ? $"at most {due.MajorMost} faults are major"
            : null;
    }

    private static string Range(in KernelOutcome due) => due.FaultsLeast == due.FaultsMost
        ? $"{due.FaultsLeast}"
        : $"{due.FaultsLeast} to {due.FaultsMost}";

    private static string? RefusalOfMaps(
        in KernelOutcome due, in KernelCommand command, in KernelAnswer answer, ReadOnlySpan<AreaLine> lines)
    {
        if (answer.MinorFaults + answer.MajorFaults > 0)
        {
            return "who is told its areas takes no fault";
        }

        var areas = MapsSpec.LinesOf(due.State.Processes[command.Process.Value]!, due.State.Files);
        var shown = MapsSpec.Joined(lines);
        var wanted = MapsSpec.Joined(areas.AsSpan());
        if (answer.Kind == KernelAnswerKind.Done && shown.SequenceEqual(wanted))
        {
            return MapsSpec.NeedlessSeam(due.State.Processes[command.Process.Value]!, lines) is { } seam
                ? $"what meets at 0x{seam:x} is shared and alike, and so one area"
                : null;
        }

        return $"the areas are {string.Join("; ", wanted)}, and these are told: {string.Join("; ", shown)}";
    }
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// Pages that come into pipes by reference: of files, and of processes. What is written to the file later is read from
/// the pipe; and so is what the process stores later to a page of its own, until it forks or gives the page up. Of a
/// page that others may have too the pipe has the bytes as they are: whoever stores to it gets another.
/// Source: splice(2), vmsplice(2). The order of the checks, and what a fork and a page in common come to, as Linux 6.18
/// answers: the pipe counts as one who has the page, so that nobody is its sole owner.
/// </summary>
public static class SpliceSpec
{
    /// <summary>
    /// Puts bytes of a file into a pipe. Where the file has a hole, it may be zeros that nobody changes.
    /// </summary>
    public static KernelOutcome Splice(KernelState state, in KernelCommand command)
    {
        ulong offset = command.Offset, length = command.Length.Value;
        if (length == 0)
        {
            return KernelOutcome.Done(state);
        }

        if (command.File.Value >= state.Files || !state.Objects[command.File.Value].Rights.HasFlag(FileRights.Read))
        {
            return KernelOutcome.Failed(state, Errno.EBADF);
        }

        if ((long)offset < 0 || (long)(offset + length) < 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        var pipe = state.Pipes[command.Pipe.Value];
        if (pipe.Buffers.Length == pipe.Most)
        {
            return KernelOutcome.Failed(state, Errno.EAGAIN);
        }

        var file = state.Objects[command.File.Value];
        ulong end = offset + FileSpec.BytesToRead(file, offset, length), at = offset;
        var buffers = pipe.Buffers;
        while (at < end && buffers.Length < pipe.Most)
        {
            ulong index = at / PageContent.Bytes;
            int start = (int)(at % PageContent.Bytes);
            int count = (int)Math.Min(PageContent.Bytes - (ulong)start, end - at);
            PageSource page = new PageSource.OfObject(command.File.Value, index);
            buffers = buffers.Add(new(page, start, count, TakesMore: false)
            {
                MayBeZeros = FileSpec.PageOf(file, index).Words.IsEmpty,
            });
            at += (ulong)count;
        }

        return KernelOutcome.Done(state.With(command.Pipe, pipe with { Buffers = buffers }), length: at - offset);
    }

    /// <summary>
    /// Puts bytes of a process into a pipe: as many pages as there are that can be read, and as there is room for.
    /// </summary>
    public static KernelOutcome VmSplice(KernelState state, in KernelCommand command, in KernelAnswer told)
    {
        ulong start = command.Address.Value, length = command.Length.Value, end = start + length;
        if (end < start || end > AddressSpaceSpec.UserEnd)
        {
            return KernelOutcome.Failed(state, Errno.EFAULT);
        }

        if (length == 0)
        {
            return KernelOutcome.Done(state);
        }

        var pipe = state.Pipes[command.Pipe.Value];
        if (pipe.Buffers.Length == pipe.Most)
        {
            return KernelOutcome.Failed(state, Errno.EAGAIN);
        }

        KernelOutcome outcome = KernelOutcome.Done(state);
        ulong reached = start;
        while (reached < end && Take(outcome, command, reached, told.Length > reached - start) is { } taken)
        {
            outcome = taken;
            reached = Math.Min(end, AddressSpaceSpec.PageStart(reached) + PageContent.Bytes);
        }

        ulong at = start;
        while (at < reached && pipe.Buffers.Length < pipe.Most)
        {
            int offset = (int)(at % PageContent.Bytes);
            int count = (int)Math.Min(PageContent.Bytes - (ulong)offset, reached - at);
            var (after, source) = LoanSpec.Lend(outcome.State, command.Process, AddressSpaceSpec.PageStart(at));
            pipe = pipe with { Buffers = pipe.Buffers.Add(new(source, offset, count, TakesMore: false)) };
            outcome = outcome with { State = after.With(command.Pipe, pipe) };
            at += (ulong)count;
        }

        return outcome with
        {
            Answer = at == start
                ? new() { Kind = KernelAnswerKind.Failed, Errno = Errno.EFAULT }
                : outcome.Answer with { Length = at - start },
        };
    }

    // Without the right to read, what is present can be taken all the same, but for the page of zeros.
    private static KernelOutcome? Take(in KernelOutcome before, in KernelCommand command, ulong address, bool wasTaken)
    {
        ulong page = AddressSpaceSpec.PageStart(address);
        var process = before.State.Processes[command.Process.Value]!;
        if (AddressSpaceSpec.AreaAt(process, page) is not { Protection: not MemoryProtection.None } area)
        {
            return null;
        }

        if (!area.Protection.HasFlag(MemoryProtection.Read))
        {
            bool isCopy = !area.Shared && process.PageAt(page) is { IsCopy: true };
            if (!isCopy)
            {
                return !area.IsPrivateAnonymous && wasTaken ? before : null;
            }
        }

        var touch = FaultSpec.Enter(before.State, command.Process, area, page, writes: false);
        return touch.Signal != MemorySignal.None ? null : before with
        {
            State = touch.State,
            FaultsLeast = before.FaultsLeast + touch.FaultsLeast,
            FaultsMost = before.FaultsMost + touch.FaultsMost,
            MajorMost = before.MajorMost + (touch.MayBeMajor ? touch.FaultsMost : 0),
        };
    }
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// madvise. Where a part of the range is not mapped, the rest is done and the call fails in the end. What is freed
/// may be gone at any time, until the process stores to the page.
/// Source: madvise(2), sections DESCRIPTION and ERRORS; the order as Linux 6.18 answers.
/// </summary>
public static class MadviseSpec
{
    /// <summary>Takes advice about a range.</summary>
    public static KernelOutcome Madvise(KernelState state, in KernelCommand command)
    {
        ulong start = command.Address.Value, length = AddressSpaceSpec.PageAlign(command.Length.Value);
        bool overflows = (length == 0 && command.Length.Value != 0) || start + length < start;
        if (!Enum.IsDefined(command.Advice) || start % PageContent.Bytes != 0 || overflows)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (length == 0)
        {
            return KernelOutcome.Done(state);
        }

        return command.Advice switch
        {
            MemoryAdvice.PopulateRead or MemoryAdvice.PopulateWrite => PopulateSpec.Advise(state, command, length),
            MemoryAdvice.DontNeed => EachArea(state, command, length, area => !area.Locked, Drop),
            MemoryAdvice.Cold => EachArea(state, command, length, area => !area.Locked, (process, _, _) => process),
            MemoryAdvice.PageOut => EachArea(state, command, length, area => !area.Locked,
                (process, start, end) => ReclaimSpec.Out(state, process, start, end)),
            MemoryAdvice.Free => EachArea(
                state, command, length, area => !area.Locked && area.IsPrivateAnonymous, Free),
            _ => EachArea(state, command, length, _ => true, (process, _, _) => process),
        };
    }

    private static KernelOutcome EachArea(
        KernelState state,
        in KernelCommand command,
        ulong length,
        Func<Area, bool> permits,
        Func<ProcessState, ulong, ulong, ProcessState> take)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong start = command.Address.Value, end = start + length;
        var changed = process;
        foreach (var area in AddressSpaceSpec.Within(process, start, end))
        {
            if (!permits(area))
            {
                return KernelOutcome.Failed(state.With(command.Process, changed), Errno.EINVAL);
            }

            changed = take(changed, Math.Max(start, area.Start), Math.Min(end, area.End));
        }

        var after = state.With(command.Process, changed);
        return AddressSpaceSpec.IsCovered(process, start, end)
            ? KernelOutcome.Done(after)
            : KernelOutcome.Failed(after, Errno.ENOMEM);
    }

    private static ProcessState Drop(ProcessState process, ulong start, ulong end) =>
        AddressSpaceSpec.DropPages(process, start, end);

    // What others may have too is not freed.
    private static ProcessState Free(ProcessState process, ulong start, ulong end) => process with
    {
        Pages =
        [
            .. from page in process.Pages
               let frees = page.Start >= start && page.Start < end && page.IsCopy
               select frees ? page with { Freed = true } : page,
        ],
    };
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// mprotect. It goes area by area, and what it has changed before it fails stays changed. Locked private memory that
/// becomes writable gets its own pages at once.
/// Source: mprotect(2), sections DESCRIPTION and ERRORS; the order as Linux 6.18 answers. PROT_SEM is accepted
/// and of no account there.
/// </summary>
public static class MprotectSpec
{
    private const MemoryProtection Known =
        MemoryProtection.Read | MemoryProtection.Write | MemoryProtection.Execute;
    private const MemoryProtection Semaphore = (MemoryProtection)8;

    /// <summary>Changes the protection of a range.</summary>
    public static KernelOutcome Mprotect(KernelState state, in KernelCommand command)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong start = command.Address.Value, end = start + AddressSpaceSpec.PageAlign(command.Length.Value);
        if (start % PageContent.Bytes != 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (command.Length.Value == 0)
        {
            return KernelOutcome.Done(state);
        }

        if (end <= start)
        {
            return KernelOutcome.Failed(state, Errno.ENOMEM);
        }

        if ((command.Protection & ~(Known | Semaphore)) != 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        MemoryProtection protection = command.Protection & Known;
        ulong reached = start;
        foreach (var area in AddressSpaceSpec.Within(process, start, end))
        {
            if (area.Start > reached)
            {
                break;
            }

            if (protection.HasFlag(MemoryProtection.Write) && !MayWrite(state, area))
            {
                return Partly(state, command, start, reached, protection, Errno.EACCES);
            }

            reached = Math.Min(area.End, end);
        }

        return Partly(state, command, start, reached, protection, reached < end ? Errno.ENOMEM : Errno.None);
    }

    /// <summary>A shared mapping of a file that is open for reading alone can never be written.</summary>
    private static bool MayWrite(KernelState state, in Area area) =>
        !area.Shared || state.Objects[area.Object].Rights.HasFlag(FileRights.Write);

    private static KernelOutcome Partly(
        KernelState state, in KernelCommand command, ulong start, ulong end, MemoryProtection protection, Errno errno)
    {
        var process = state.Processes[command.Process.Value]!;
        var changed = AddressSpaceSpec.Change(process, start, end, area => area with { Protection = protection });
        var after = state.With(command.Process, changed);
        var outcome = errno == Errno.None ? KernelOutcome.Done(after) : KernelOutcome.Failed(after, errno);
        bool writes = protection.HasFlag(MemoryProtection.Write);
        foreach (var area in AddressSpaceSpec.Within(process, start, end))
        {
            if (writes && area is { Locked: true, Shared: false } && !area.Protection.HasFlag(MemoryProtection.Write))
            {
                outcome = PopulateSpec.Populate(
                    outcome, command.Process, Math.Max(start, area.Start), Math.Min(end, area.End));
            }
        }

        return outcome;
    }
}

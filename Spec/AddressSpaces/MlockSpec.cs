using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// mlock, munlock and msync. The first two take whole pages around what is named.
/// Source: mlock(2) and msync(2), sections DESCRIPTION and ERRORS; the order of the checks, and that nothing is
/// touched when a part of the range is not mapped, as Linux 6.18 answers.
/// </summary>
public static class MlockSpec
{
    private const MsyncFlags Known = MsyncFlags.Async | MsyncFlags.Invalidate | MsyncFlags.Sync;
    private const MsyncFlags Both = MsyncFlags.Async | MsyncFlags.Sync;

    /// <summary>Locks or unlocks a range, up to the first address that is not mapped.</summary>
    public static KernelOutcome Mlock(KernelState state, in KernelCommand command)
    {
        ulong start = AddressSpaceSpec.PageStart(command.Address.Value);
        ulong end = start + AddressSpaceSpec.PageAlign(command.Length.Value + (command.Address.Value - start));
        if (end <= start)
        {
            return end == start ? KernelOutcome.Done(state) : KernelOutcome.Failed(state, Errno.EINVAL);
        }

        var process = state.Processes[command.Process.Value]!;
        bool locks = command.Kind == KernelCommandKind.Mlock;
        ulong reached = AddressSpaceSpec.CoveredUpTo(process, start, end);
        var changed = AddressSpaceSpec.Change(process, start, reached, area => area with { Locked = locks });
        var after = state.With(command.Process, changed);
        return reached < end ? KernelOutcome.Failed(after, Errno.ENOMEM)
            : locks ? PopulateSpec.Lock(KernelOutcome.Done(after), command.Process, start, end)
            : KernelOutcome.Done(after);
    }

    /// <summary>Writes a range back. What others see does not change, since a file is its bytes.</summary>
    public static KernelOutcome Msync(KernelState state, in KernelCommand command)
    {
        ulong start = command.Address.Value, end = start + AddressSpaceSpec.PageAlign(command.Length.Value);
        if ((command.Sync & ~Known) != 0 || start % PageContent.Bytes != 0 || (command.Sync & Both) == Both)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (end <= start)
        {
            return end == start ? KernelOutcome.Done(state) : KernelOutcome.Failed(state, Errno.ENOMEM);
        }

        var process = state.Processes[command.Process.Value]!;
        bool busy = command.Sync.HasFlag(MsyncFlags.Invalidate)
            && process.Areas.Any(area => area.Meets(start, end) && area.Locked);
        return busy ? KernelOutcome.Failed(state, Errno.EBUSY)
            : AddressSpaceSpec.CoveredUpTo(process, start, end) < end ? KernelOutcome.Failed(state, Errno.ENOMEM)
            : KernelOutcome.Done(state);
    }
}

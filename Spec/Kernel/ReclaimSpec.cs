using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Spec.Kernel;

/// <summary>
/// Reclaim and swap. What a process sees is the same whatever the kernel takes from memory: a page that is touched
/// comes back with the bytes that it had. What is left open is whether that takes a fault. Pages that are locked or
/// pinned stay. Where there are few frames pages may go at any time; otherwise when somebody asks for it.
/// Source: swapon(2), section ERRORS; madvise(2), MADV_PAGEOUT; mlock(2); Linux,
/// Documentation/admin-guide/cgroup-v2.rst on memory.reclaim, Documentation/admin-guide/mm/zswap.rst,
/// Documentation/mm/unevictable-lru.rst.
/// </summary>
public static class ReclaimSpec
{
    /// <summary>
    /// Whether a private page may be in a slot, and in no frame. An area may be locked that is not all in memory: the
    /// call has failed then.
    /// </summary>
    public static bool MayBeOut(KernelState state, in PrivatePage page) =>
        page.IsCopy && state.Swap.IsOn && (page.Out || state.Tight) && !LoanSpec.IsPinned(state, page.Loan);

    /// <summary>
    /// Whether pages of shared memory may be in slots, and in no frame: of what has no name. What one process has
    /// locked and not mapped, another may have touched, and it goes.
    /// </summary>
    public static bool MayBeOut(KernelState state, in Area area) =>
        area.Shared && area.Object >= state.Files && state.Swap.IsOn;

    /// <summary>The private pages of a process in a range may be in slots from now on, if there are any.</summary>
    public static ProcessState Out(KernelState state, ProcessState process, ulong start, ulong end) =>
        !state.Swap.IsOn ? process : process with
        {
            Pages =
            [
                .. from page in process.Pages
                   let goes = page.Start >= start && page.Start < end && page.IsCopy
                       && AddressSpaceSpec.AreaAt(process, page.Start) is { Locked: false }
                   select goes ? page with { Out = true } : page,
            ],
        };

    /// <summary>Gives up frames, of whomever.</summary>
    public static KernelOutcome Reclaim(KernelState state) => KernelOutcome.Done(state with
    {
        Processes =
        [
            .. state.Processes.Select(process => process is null ? null : Out(state, process, 0, ulong.MaxValue)),
        ],
    });

    /// <summary>Lets pages go to a device.</summary>
    public static KernelOutcome SwapOn(KernelState state, in KernelCommand command) =>
        state.Swap.Devices[command.Swap.Value]
            ? KernelOutcome.Failed(state, Errno.EBUSY)
            : KernelOutcome.Done(With(state, command, on: true));

    /// <summary>
    /// Brings back what is in a device, and lets it go; fails when there is no room in memory, or a page cannot be
    /// read.
    /// </summary>
    public static KernelOutcome SwapOff(KernelState state, in KernelCommand command, in KernelAnswer told)
    {
        if (!state.Swap.Devices[command.Swap.Value])
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        bool fails = (state.Tight && told.Errno == Errno.ENOMEM) || (state.Swap.MayFail && told.Errno == Errno.EIO);
        if (fails)
        {
            return KernelOutcome.Failed(FailedTransferSpec.Settled(state, told.Errno == Errno.EIO), told.Errno);
        }

        // Without a device nothing is anywhere but in memory.
        var after = With(state, command, on: false);
        return KernelOutcome.Done(after.Swap.IsOn ? after : after with
        {
            Processes = [.. after.Processes.Select(process => process is null ? null : process with
            {
                Pages = [.. process.Pages.Select(page => page with { Out = false })],
            })],
        });
    }

    /// <summary>
    /// Pages are compressed on their way to a device, or no more. Nobody can tell: a page that is in the pool cannot
    /// fail to be read, and one that is not, still can.
    /// </summary>
    public static KernelOutcome Compress(KernelState state, in KernelCommand command) => KernelOutcome.Done(
        state with { Swap = state.Swap with { Compressor = command.Compressor } });

    /// <summary>
    /// Where there are few frames, a call or an access may find none, and fails, unless that is promised.
    /// </summary>
    public static bool MayLack(KernelState state, in KernelCommand command, in KernelAnswer answer) =>
        state.Tight && !ProgressSpec.Promises(state, command)
        && (answer is { Kind: KernelAnswerKind.Failed, Errno: Errno.ENOMEM }
            || (command.Kind == KernelCommandKind.ForceWrite && answer.Kind == KernelAnswerKind.Done
                && answer.Length < command.Length.Value));

    /// <summary>
    /// The state after that: nothing has changed but a stack that has grown before; nothing when what the kernel has
    /// touched up to there is not known.
    /// </summary>
    public static KernelState? AfterLack(KernelState state, in KernelCommand command, in KernelAnswer answer)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong address = command.Address.Value + (command.FromLast ? process.LastMapped : 0);
        return command.Kind switch
        {
            KernelCommandKind.ForceWrite when answer.Kind == KernelAnswerKind.Done =>
                KernelSpec.Next(state, command with { Length = new(answer.Length) }, answer) is var less
                    && less.Answer == answer with { MinorFaults = 0, MajorFaults = 0 } ? less.State : null,
            KernelCommandKind.Load or KernelCommandKind.Store or KernelCommandKind.ForceWrite =>
                StackSpec.Reach(state, command.Process, address),
            KernelCommandKind.Exec => state.With(command.Process, null),
            KernelCommandKind.Pin or KernelCommandKind.Mlock or KernelCommandKind.ForceRaced => null,
            KernelCommandKind.Madvise or KernelCommandKind.MadviseOther => null,
            KernelCommandKind.Checksum when process.Areas.Any(area => area.GrowsDown) => null,
            _ => state,
        };
    }

    private static KernelState With(KernelState state, in KernelCommand command, bool on) =>
        state with { Swap = state.Swap with { Devices = state.Swap.Devices.SetItem(command.Swap.Value, on) } };
}

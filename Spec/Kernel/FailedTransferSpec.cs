using PageProof.Contract.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// A page that cannot be read from its device: whoever touches it is told, and nobody else.
/// Source: Linux, mm/memory.c, do_swap_page(), and mm/shmem.c, shmem_fault(): SIGBUS for who touches it; mlock(2),
/// ENOMEM; swapoff(2). That swapoff fails with EIO, and keeps what it has, is the older answer of Linux; today it
/// leaves a mark in the entry.
/// </summary>
public static class FailedTransferSpec
{
    /// <summary>A transfer of a device is to fail from now on, or none.</summary>
    public static KernelOutcome Fail(KernelState state, in KernelCommand command) => KernelOutcome.Done(
        state with { Swap = state.Swap with { MayFail = state.Swap.MayFail || command.Value > 0 } });

    /// <summary>The states that there may be instead, since a page of a process could not be read.</summary>
    public static IEnumerable<KernelState> Failures(KernelState state, ProcessNumber number)
    {
        if (state.Processes[number.Value] is not { } process || !state.Swap.MayFail)
        {
            yield break;
        }

        foreach (var page in process.Pages)
        {
            if (ReclaimSpec.MayBeOut(state, page))
            {
                yield return state with { Swap = state.Swap with { Lost = page.Start } };
            }
        }

        foreach (var area in process.Areas)
        {
            ulong end = ReclaimSpec.MayBeOut(state, area) ? area.End : area.Start;
            for (ulong page = area.Start; page < end; page += PageContent.Bytes)
            {
                yield return state with { Swap = state.Swap with { Lost = page } };
            }
        }
    }

    /// <summary>
    /// The state after a command that is explained by a page that could not be read, or by another state. Where a frame
    /// may have lacked instead, nobody knows whether the transfer that is to fail has failed.
    /// </summary>
    public static KernelState Explained(
        KernelState by, KernelState after, in KernelCommand command, in KernelAnswer answer) =>
        by.Swap.Lost is null ? after
        : after with { Swap = after.Swap with { Lost = null, MayFail = ReclaimSpec.MayLack(by, command, answer) } };

    /// <summary>The state after a command in which a page could be read, or not.</summary>
    public static KernelState Settled(KernelState state, bool failed) => !failed ? state
        : state with { Swap = state.Swap with { Lost = null, MayFail = false } };
}

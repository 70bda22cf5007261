using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// fork and exit. The child has the same areas, none of them locked, and the same bytes; from then on what one of the
/// two stores into private memory is not seen by the other, nor in a pipe that has the page. What is pinned stays the
/// parent's, and the child gets a copy at once.
/// Source: fork(2), section DESCRIPTION; Linux, Documentation/core-api/pin_user_pages.rst. That a fork copies no
/// entries of an area in which nothing is private yet, and that both sides take a fault for their next store, is how
/// Linux 6.18 counts.
/// </summary>
public static class ForkSpec
{
    /// <summary>Whether a command is no fork, or names a number for the child that is free.</summary>
    public static bool IsPossible(KernelState state, in KernelCommand command) =>
        command.Kind != KernelCommandKind.Fork
        || (command.Other.Value < state.Processes.Length && state.Processes[command.Other.Value] is null);

    /// <summary>Makes a child; there is none yet of its number.</summary>
    public static KernelOutcome Fork(KernelState state, in KernelCommand command)
    {
        var parent = state.Processes[command.Process.Value]!;
        var copied = parent with
        {
            Pages = [.. parent.Pages.Where(page => IsCopied(parent, page)).Select(page => Child(state, page))],
        };
        var child = AddressSpaceSpec.Change(copied, 0, ulong.MaxValue, area => area with
        {
            Locked = false,
            Seams = area.Seams || area.Locked,
        });
        var left = parent with { Pages = [.. parent.Pages.Select(page => Kept(state, page))] };
        return KernelOutcome.Done(state.With(command.Process, left).With(command.Other, child));
    }

    /// <summary>Ends a process.</summary>
    public static KernelOutcome Exit(KernelState state, in KernelCommand command) =>
        KernelOutcome.Done(state.With(command.Process, null));

    private static bool IsCopied(ProcessState parent, PrivatePage page) =>
        AddressSpaceSpec.AreaAt(parent, page.Start) is { Touched: true };

    // An area of ours may be several of the system's, of which only some are touched.
    private static PrivatePage Child(KernelState state, PrivatePage page) =>
        LoanSpec.IsPinned(state, page.Loan) ? page with { Loan = 0, Freed = false }
        : page.IsCopy ? Common(page) : page with { States = page.States | PageStates.Absent };

    private static PrivatePage Kept(KernelState state, PrivatePage page) =>
        LoanSpec.IsPinned(state, page.Loan) ? page : Common(page);

    private static PrivatePage Common(PrivatePage page) =>
        page.IsCopy ? page with { States = PageStates.Common, Loan = 0 } : page;
}

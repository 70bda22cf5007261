using System.Collections.Immutable;
using System.Diagnostics;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>A page of a process.</summary>
/// <param name="Frame">The frame that it is mapped to.</param>
/// <param name="Writable">Whether the process may write it.</param>
/// <param name="Written">Whether it was written since it was mapped or asked for.</param>
public readonly record struct ProcessPage(FrameNumber Frame, bool Writable, bool Written);

/// <summary>What the processes of a kernel have mapped.</summary>
/// <param name="Start">With what the kernel started.</param>
/// <param name="Pages">The pages of all processes, one process after the other; null where none is.</param>
/// <param name="Current">The current process.</param>
/// <param name="Repeated">What was accessed last, and how, if nothing else has been done since.</param>
public sealed record SoftwareTlbKernelState(
    SoftwareTlbKernelStart Start,
    ImmutableArray<ProcessPage?> Pages,
    int Current,
    SoftwareTlbKernelCommand? Repeated)
{
    /// <summary>The state in which nothing is mapped.</summary>
    public static SoftwareTlbKernelState Begin(SoftwareTlbKernelStart start) =>
        new(start, [.. new ProcessPage?[start.Processes * SoftwareTlbKernelStart.Pages]], 0, null);
}

/// <summary>
/// What processes see of a kernel that fills the TLB: their own pages, as if there were no TLB. No ASID,
/// entry, refill or recycling can be told from the frames and faults. One thing besides: an access that is
/// repeated at once takes no trap, so that a kernel whose TLB never helps is not one.
/// Source: the abstraction of an address space; MIPS R4000 User's Manual, 4.1.
/// </summary>
public static class SoftwareTlbKernelSpec
{
    /// <summary>The state after the answer, or the reason why it is not permitted.</summary>
    public static (SoftwareTlbKernelState? State, string? Refusal) Follow(
        SoftwareTlbKernelState state, in SoftwareTlbKernelCommand command, in SoftwareTlbKernelAnswer answer)
    {
        var (kind, frame, after) = Next(state, command);
        if (answer.Kind != kind || answer.Frame != frame)
        {
            return (null, $"the answer is: {new SoftwareTlbKernelAnswer(kind, frame, answer.Traps)}");
        }

        bool wired = command.Kind == SoftwareTlbKernelCommandKind.AccessWired;
        if (answer.Traps != 0 && (wired || state.Repeated == command))
        {
            return (null, wired ? "a wired page takes no trap" : "an access that is repeated takes no trap");
        }

        return (after with { Repeated = kind == SoftwareTlbKernelAnswerKind.Frame ? command : null }, null);
    }

    private static (SoftwareTlbKernelAnswerKind Kind, FrameNumber Frame, SoftwareTlbKernelState After) Next(
        SoftwareTlbKernelState state, in SoftwareTlbKernelCommand command)
    {
        int index = command.Process * SoftwareTlbKernelStart.Pages + command.Page.Value;
        var page = state.Pages[index];
        return command.Kind switch
        {
            SoftwareTlbKernelCommandKind.Access => Access(state, command),
            SoftwareTlbKernelCommandKind.AccessWired => (SoftwareTlbKernelAnswerKind.Frame,
                new(SoftwareTlbKernelStart.WiredFrame + command.Page.Value), state),
            SoftwareTlbKernelCommandKind.Map =>
                Done(With(state, index, new(command.Frame, command.Writable, Written: false))),
            SoftwareTlbKernelCommandKind.Unmap => Done(With(state, index, null)),
            SoftwareTlbKernelCommandKind.Protect =>
                Done(With(state, index, page is { } mapped ? mapped with { Writable = false } : null)),
            SoftwareTlbKernelCommandKind.Clean => (
                page is { Written: true } ? SoftwareTlbKernelAnswerKind.WasDirty : SoftwareTlbKernelAnswerKind.IsClean,
                default,
                With(state, index, page is { } asked ? asked with { Written = false } : null)),
            SoftwareTlbKernelCommandKind.Switch => Done(state with { Current = command.Process }),
            SoftwareTlbKernelCommandKind.Exit => Done(Exit(state, command.Process)),
            _ => throw new UnreachableException(),
        };
    }

    private static (SoftwareTlbKernelAnswerKind Kind, FrameNumber Frame, SoftwareTlbKernelState After) Access(
        SoftwareTlbKernelState state, in SoftwareTlbKernelCommand command)
    {
        int index = state.Current * SoftwareTlbKernelStart.Pages + command.Page.Value;
        bool write = command.Access == AccessKind.Write;
        return state.Pages[index] is not { } page || write && !page.Writable
            ? (SoftwareTlbKernelAnswerKind.Fault, default, state)
            : (SoftwareTlbKernelAnswerKind.Frame, page.Frame,
                With(state, index, page with { Written = page.Written || write }));
    }

    private static (SoftwareTlbKernelAnswerKind Kind, FrameNumber Frame, SoftwareTlbKernelState After) Done(
        SoftwareTlbKernelState after) => (SoftwareTlbKernelAnswerKind.Done, default, after);

    private static SoftwareTlbKernelState Exit(SoftwareTlbKernelState state, int process)
    {
        var pages = state.Pages.ToBuilder();
        for (int page = 0; page < SoftwareTlbKernelStart.Pages; page++)
        {
            pages[process * SoftwareTlbKernelStart.Pages + page] = null;
        }

        return state with { Pages = pages.MoveToImmutable() };
    }

    private static SoftwareTlbKernelState With(SoftwareTlbKernelState state, int index, ProcessPage? page) =>
        state with { Pages = state.Pages.SetItem(index, page) };
}

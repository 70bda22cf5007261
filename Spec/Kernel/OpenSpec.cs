using System.Collections.Immutable;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// What the answers so far have left open, and the next one tells.
/// Source: madvise(2), MADV_FREE; Linux, mm/madvise.c and mm/vmscan.c, of pages that are freed lazily: each goes by
/// itself, and not once it was stored to; how Linux 6.18 merges stacks; and that of <see cref="ReclaimSpec"/>.
/// </summary>
public static class OpenSpec
{
    /// <summary>Of more open pages at once a command tells too little.</summary>
    public const int Most = 12;

    /// <summary>
    /// The states that there may be instead: some of what was freed is gone, or was when it was stored to, a page
    /// cannot be read that is in a slot, or what has come together of stacks is kept apart.
    /// </summary>
    public static IEnumerable<KernelState> LeftOpen(KernelState state, in KernelCommand command) =>
        LeftOpen(state, command.Process, [.. Open(state, command)]);

    /// <summary>Of how many pages that a command is about it is open what is in them.</summary>
    public static int Count(KernelState state, in KernelCommand command) => Open(state, command).Count();

    private static IEnumerable<KernelState> LeftOpen(
        KernelState state, ProcessNumber number, List<PrivatePage> open)
    {
        foreach (var chosen in Choices(state, number, open, 0))
        {
            if (!ReferenceEquals(chosen, state))
            {
                yield return chosen;
            }

            foreach (var failed in FailedTransferSpec.Failures(chosen, number))
            {
                yield return failed;
            }
        }

        foreach (var area in state.Processes[number.Value]?.Areas ?? [])
        {
            ulong length = area is { GrowsDown: true, Several: true } ? area.End - area.Start : 0;
            for (ulong part = PageContent.Bytes; part < length; part += PageContent.Bytes)
            {
                yield return state with { LowestPart = part };
            }
        }
    }

    /// <summary>
    /// What may be in a page instead of its content when it is stored to next: also zeros, if it may be gone and the
    /// faults of the store do not tell.
    /// </summary>
    public static ImmutableArray<PageContent> Instead(KernelState state, in PrivatePage page) =>
        IsGone(state, page) && (state.Tight || state.Swap.IsOn || page.States != PageStates.Own)
            ? page.Others.Add(PageContent.Zero)
            : page.Others;

    /// <summary>The step to a state; nothing is known any more when pipes or pins have a page that is open.</summary>
    public static KernelStep StepTo(KernelState state) =>
        new(KnowsLent(state) ? state with { LowestPart = 0 } : null, null);

    private static bool KnowsLent(KernelState state) => state.Processes.All(process =>
        process is null || process.Pages.All(page => page.Others.IsEmpty
            || !(PipeSpec.Has(state, page.Loan) || LoanSpec.IsPinned(state, page.Loan))));

    // The pages that a command is about of which it is open what they are.
    private static IEnumerable<PrivatePage> Open(KernelState state, KernelCommand command)
    {
        if (state.Processes[command.Process.Value] is not { } process)
        {
            return [];
        }

        ulong address = command.Address.Value + (command.FromLast ? process.LastMapped : 0);
        ulong start = AddressSpaceSpec.PageStart(address), end = address + command.Length.Value;
        return process.Pages.Where(page => page.Start >= start && page.Start < end
            && (!page.Others.IsEmpty || IsGone(state, page)));
    }

    // Each page is as it is thought to be, or otherwise, or gone, whatever the others are. In the first state all are
    // as they are thought to be.
    private static IEnumerable<KernelState> Choices(
        KernelState state, ProcessNumber number, List<PrivatePage> open, int place)
    {
        if (place == open.Count)
        {
            return [state];
        }

        var page = open[place];
        var process = state.Processes[number.Value]!;
        List<KernelState> chosen = [state];
        foreach (var other in page.Others)
        {
            var left = page.Others.Remove(other).Add(page.Content);
            chosen.Add(state.With(number, process.With(page with { Content = other, Others = left })));
        }

        if (IsGone(state, page))
        {
            // Whether what was read since has left the page of zeros there is open as well.
            chosen.Add(state.With(number, process.With(
                new PrivatePage(page.Start, PageStates.Absent | PageStates.Zero, PageContent.Zero))));
        }

        return chosen.SelectMany(each => Choices(each, number, open, place + 1));
    }

    // What a pipe or a pin has stays.
    private static bool IsGone(KernelState state, in PrivatePage page) =>
        page.Freed && !PipeSpec.Has(state, page.Loan) && !LoanSpec.IsPinned(state, page.Loan);
}

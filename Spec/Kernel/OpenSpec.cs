using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// What the answers so far have left open, and the next one tells.
/// Source: madvise(2), MADV_FREE; how Linux 6.18 merges stacks; and that of <see cref="ReclaimSpec"/>.
/// </summary>
public static class OpenSpec
{
    /// <summary>
    /// The states that there may be instead: all that a process has freed is gone, a page cannot be
    /// read that is in a slot, or what has come together of its
    /// stacks is kept apart.
    /// </summary>
    public static IEnumerable<KernelState> LeftOpen(KernelState state, ProcessNumber number)
    {
        if (state.Processes[number.Value] is { } process && process.Pages.Any(page => IsGone(state, page)))
        {
            yield return state.With(
                number, process with { Pages = process.Pages.RemoveAll(page => IsGone(state, page)) });
        }

        foreach (var failed in ReclaimSpec.Failures(state, number))
        {
            yield return failed;
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

    // What a pipe or a pin has stays.
    private static bool IsGone(KernelState state, in PrivatePage page) =>
        page.Freed && !PipeSpec.Has(state, page.Loan) && !LoanSpec.IsPinned(state, page.Loan);
}

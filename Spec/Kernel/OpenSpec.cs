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
    /// The states that there may be instead: some of what was freed is gone, or was when it was stored to, a page
    /// cannot be read that is in a slot, or what has come together of stacks is kept apart.
    /// </summary>
    public static IEnumerable<KernelState> LeftOpen(KernelState state, ProcessNumber number)
    {
        List<(ProcessNumber, PrivatePage)> open = [.. Open(state, number)];
        foreach (var chosen in Choices(state, open, 0).Skip(1))
        {
            yield return chosen;
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

    // The pages of a process, and those that others than processes have, of which it is open what they are.
    private static IEnumerable<(ProcessNumber Number, PrivatePage Page)> Open(KernelState state, ProcessNumber number) =>
        from each in state.Processes.Index()
        from page in each.Item?.Pages ?? []
        where (each.Index == number.Value || page.Loan != 0) && !page.Instead.IsEmpty
        select (new ProcessNumber((byte)each.Index), page);

    // Each page is as it is thought to be, or otherwise, or gone, whatever the others are. In the first state all are
    // as they are thought to be.
    private static IEnumerable<KernelState> Choices(
        KernelState state, List<(ProcessNumber Number, PrivatePage Page)> open, int place)
    {
        if (place == open.Count)
        {
            return [state];
        }

        var (number, page) = open[place];
        var process = state.Processes[number.Value]!;
        List<KernelState> chosen = [state];
        foreach (var other in page.Others)
        {
            var left = page.Others.Remove(other).Add(page.Content);
            chosen.Add(state.With(number, process.With(page with { Content = other, Others = left })));
        }

        if (IsGone(state, page))
        {
            chosen.Add(state.With(number, process with { Pages = process.Pages.Remove(page) }));
        }

        return chosen.SelectMany(each => Choices(each, open, place + 1));
    }

    // What a pipe or a pin has stays.
    private static bool IsGone(KernelState state, in PrivatePage page) =>
        page.Freed && !PipeSpec.Has(state, page.Loan) && !LoanSpec.IsPinned(state, page.Loan);
}

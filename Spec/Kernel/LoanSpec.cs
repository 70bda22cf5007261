using System.Diagnostics;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// Pages that others than processes have by reference: pipes and pins. A loan is the number under which both know a
/// private page. It ends for pipes when the page may change its owner; for pins it ends with the last of them, and
/// until then a page that its process or its object gives up is theirs.
/// Source: splice(2), vmsplice(2); Linux, Documentation/core-api/pin_user_pages.rst.
/// </summary>
public static class LoanSpec
{
    /// <summary>A page that a process has touched, for others to have; what is its own gets a loan.</summary>
    public static (KernelState State, PageSource Source) Lend(KernelState state, ProcessNumber number, ulong page)
    {
        var process = state.Processes[number.Value]!;
        Area area = AddressSpaceSpec.AreaAt(process, page)!.Value;
        PrivatePage known = area.Shared ? default : process.PageAt(page) ?? default;
        if (known.States != PageStates.Own)
        {
            return (state, area.IsPrivateAnonymous || known.IsCopy
                ? new PageSource.Kept(ProcessViewSpec.PageAt(state, process, area, page))
                : new PageSource.OfObject(area.Object, area.ObjectPageAt(page)));
        }

        int loan = known.Loan != 0 ? known.Loan : NextLoan(state);
        return (state.With(number, process.With(known with { Loan = loan, Others = OpenSpec.Instead(state, known) })),
            new PageSource.OfProcess(loan));
    }

    /// <summary>The bytes of the page with a loan; nothing when there is none any more.</summary>
    public static PageContent? ContentOf(KernelState state, int loan)
    {
        foreach (var process in state.Processes)
        {
            foreach (var page in process is null ? [] : process.Pages)
            {
                if (page.Loan == loan)
                {
                    return page.Content;
                }
            }
        }

        foreach (var page in state.Left)
        {
            if (page.Loan == loan)
            {
                return page.Content;
            }
        }

        return null;
    }

    /// <summary>The state with other bytes in a page that is lent.</summary>
    public static KernelState Write(KernelState state, PageSource source, PageContent content)
    {
        switch (source)
        {
            case PageSource.OfObject(var number, var index):
                return state.With(number, FileSpec.WithPage(state.Objects[number], index, content));
            case PageSource.OfProcess(var loan):
                var processes = state.Processes.Select(process => process is null ? null : process with
                {
                    Pages = [.. process.Pages.Select(page => page.Loan != loan ? page
                        : page with { Content = content, Freed = false })],
                });
                var left = state.Left.Select(page => page.Loan == loan ? page with { Content = content } : page);
                return state with { Processes = [.. processes], Left = [.. left] };
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Whether a pin has the page with a loan.</summary>
    public static bool IsPinned(KernelState state, int loan) => loan != 0
        && PinnedPages(state).Any(page => page is PageSource.OfProcess lent && lent.Loan == loan);

    /// <summary>What a command has taken from its process stays in pins, and what was unpinned goes.</summary>
    public static KernelState Settle(KernelState before, KernelState after)
    {
        var left = after.Left.RemoveAll(page => !IsPinned(after, page.Loan));
        var settled = left.Length == after.Left.Length ? after : after with { Left = left };
        foreach (var source in PinnedPages(after))
        {
            if (source is PageSource.OfProcess(var loan) && ContentOf(settled, loan) is null)
            {
                LeftPage kept = new(loan, ContentOf(before, loan)!.Value);
                settled = settled with { Left = settled.Left.Add(kept) };
            }
        }

        return settled;
    }

    /// <summary>Pages of an object are cut off: those that are pinned are pages of their own from now on.</summary>
    public static KernelState Cut(KernelState state, int number, ulong first, ulong end)
    {
        var cut = state;
        foreach (var source in PinnedPages(state).Distinct())
        {
            if (source is PageSource.OfObject page && page.Object == number && page.Index >= first && page.Index < end)
            {
                int loan = NextLoan(cut);
                LeftPage kept = new(loan, FileSpec.PageOf(cut.Objects[number], page.Index));
                cut = Replace(cut, source, new PageSource.OfProcess(loan)) with { Left = cut.Left.Add(kept) };
            }
        }

        return cut;
    }

    private static IEnumerable<PageSource> PinnedPages(KernelState state) =>
        state.Pins.OfType<PinState>().SelectMany(pin => pin.Pages);

    private static KernelState Replace(KernelState state, PageSource old, PageSource source) => state with
    {
        Pins =
        [
            .. state.Pins.Select(pin => pin is null ? null : pin with
            {
                Pages = [.. pin.Pages.Select(page => page == old ? source : page)],
            }),
        ],
        Pipes =
        [
            .. state.Pipes.Select(pipe => pipe with
            {
                Buffers = [.. pipe.Buffers.Select(each => each.Page == old ? each with { Page = source } : each)],
            }),
        ],
    };

    private static int NextLoan(KernelState state)
    {
        int most = 0;
        foreach (var process in state.Processes)
        {
            foreach (var page in process is null ? [] : process.Pages)
            {
                most = Math.Max(most, page.Loan);
            }
        }

        foreach (var page in state.Left)
        {
            most = Math.Max(most, page.Loan);
        }

        return most + 1;
    }
}

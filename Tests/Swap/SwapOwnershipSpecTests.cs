using System.Collections.Immutable;
using PageProof.Contract.Swap;
using PageProof.Spec.Swap;
using static PageProof.Spec.Swap.ProcessPageState;

namespace PageProof.Tests.Swap;

/// <summary>Who owns what, put to states that no sequence leads to.</summary>
[InLane("swap", SpecAlone = true)]
public sealed class SwapOwnershipSpecTests
{
    private static readonly SwapPlace Place = new(new(0), new(1));
    private static readonly PageContent Content = new(7, 0, true);

    [Fact]
    public void What_a_process_has_alone_nobody_else_refers_to()
    {
        const string Shared = "slot 1 of swap area 0 is not one page's alone";
        Assert.Null(Refusal(new InSwap(Place, false, false), new InSwap(Place, true, false)));
        Assert.Null(Refusal(new InSwap(Place, false, true), new None()));
        Assert.Null(Refusal(new InFrame(Content, true, null, true), new InFrame(Content, true, null, true)));
        Assert.Null(Refusal(new InFrame(Content, true, Place, true), new Lost()));
        Assert.Equal(Shared, Refusal(new InSwap(Place, false, false), new InSwap(Place, false, true)));
        Assert.Equal(Shared, Refusal(new InFrame(Content, false, Place, true), new InSwap(Place, false, false)));
    }

    private static string? Refusal(params ImmutableArray<ProcessPageState> pages)
    {
        SwapDevice device = new(SwapDeviceKind.Partition, 2, 1, 0, false);
        int references = pages.Count(page => page is InSwap or InFrame { Place: not null });
        SwapAreaState area = new(new(0), new(0), 0, 0, [null, SlotState.Unused]);
        SwapState state = new(new(4, 0, 1, 9, [device]), pages.Length, pages, [[]], [area], 1, [], 0, 0, 0, 0);
        return SwapOwnershipSpec.Refusal(state, new(4, [], [[-1, references]], [.. pages.Select(ViewOf)], [[]]));
    }

    // What a system shows of a page.
    private static ProcessPageView ViewOf(ProcessPageState page) => page switch
    {
        InSwap swapped => new()
        {
            Kind = LeafKind.Swap,
            Entry = SwappedLeafFormat.Of(swapped.Place, swapped.IsExclusive, swapped.IsMarked),
            IsMarked = swapped.IsMarked,
        },
        InFrame inFrame => new()
        {
            Kind = LeafKind.Present,
            Content = inFrame.Content,
            IsDirty = inFrame.Place is null,
            IsMarked = inFrame.IsMarked,
            Place = inFrame.Place,
        },
        Lost => new() { Kind = LeafKind.Lost, Entry = AbsentEntryFormat.Lost() },
        _ => default,
    };
}

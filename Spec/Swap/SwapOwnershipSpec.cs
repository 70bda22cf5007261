using System.Collections.Immutable;
using PageProof.Contract.Swap;
using static PageProof.Spec.Swap.ProcessPageState;

namespace PageProof.Spec.Swap;

/// <summary>
/// Who refers to which slot, counted anew from all pages: nobody but entries and frames refers to a slot, a slot to
/// which nobody refers is free, and what a process has alone nobody else refers to.
/// Source: Linux, Documentation/mm/page_table_check.rst for the manner, and the comments of mm/swapfile.c on swap_map.
/// </summary>
public static class SwapOwnershipSpec
{
    private const int NotUsable = -1;

    /// <summary>What is wrong with what is shown of pages and slots; null when nothing is.</summary>
    public static string? Refusal(SwapState state, SwapShown shown)
    {
        for (int place = 0; place < state.All.Length; place++)
        {
            var expected = ViewOf(state.All[place]);
            if (shown.Pages[place] != expected)
            {
                ProcessPage page = new((byte)(place / state.Pages), (ushort)(place % state.Pages));
                return $"page {page} is {expected}, and not {shown.Pages[place]}";
            }
        }

        var references = state.All.Select(page => PlaceOf(page)).OfType<SwapPlace>().CountBy(place => place)
            .ToImmutableDictionary();
        foreach (var (area, slots) in state.Areas.Zip(shown.Slots))
        {
            for (int slot = 0; slot < area.Slots.Length; slot++)
            {
                SwapPlace place = new(area.Number, new((ulong)slot));
                int count = area.Slots[slot] is null ? NotUsable : references.GetValueOrDefault(place);
                if (slots[slot] != count)
                {
                    return $"{place} has {count} references, and not {slots[slot]}";
                }
            }
        }

        var alone = state.All.Where(IsExclusive).Select(page => PlaceOf(page)).OfType<SwapPlace>();
        return alone.Where(place => references[place] != 1).Select(place => $"{place} is not one page's alone")
            .FirstOrDefault();
    }

    private static bool IsExclusive(ProcessPageState page) => page is InSwap { IsExclusive: true }
        or InFrame { IsExclusive: true };

    private static SwapPlace? PlaceOf(ProcessPageState page) => page switch
    {
        InSwap swapped => swapped.Place,
        InFrame inFrame => inFrame.Place,
        _ => null,
    };

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

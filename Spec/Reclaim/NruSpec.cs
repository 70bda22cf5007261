using System.Collections.Immutable;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>A page under NRU.</summary>
/// <param name="Frame">The frame that it is in.</param>
/// <param name="Marks">Its bits.</param>
public readonly record struct NruPage(int Frame, MarkedPage Marks)
{
    /// <summary>0 neither referenced nor dirty, 1 dirty, 2 referenced, 3 both.</summary>
    public int Class => (Marks.IsReferenced ? 2 : 0) + (Marks.IsDirty ? 1 : 0);
}

/// <summary>Memory under NRU.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="Tick">After how many references the clock ticks.</param>
/// <param name="Now">How many references were made.</param>
/// <param name="Pages">The pages in memory.</param>
public sealed record NruState(int Frames, int Tick, long Now, ImmutableDictionary<PageNumber, NruPage> Pages)
    : PolicyState(Frames)
{
    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident => Pages.Select(each => new ResidentPage(
        each.Key, each.Value.Marks.IsDirty, each.Value.Marks.IsReferenced, PageStanding.None));
}

/// <summary>
/// Not recently used: at each tick of the clock all reference bits are cleared, and a page of the lowest class goes.
/// That a page was written counts less than that it was used of late.
/// Decided, where the books say at random: of a class the page in the lowest frame goes. A tick comes after every
/// so many references, before the next one; frames fill in their order.
/// Source: Tanenbaum and Bos, Modern Operating Systems, 4th ed., 3.4.2; Silberschatz, Galvin and Gagne, Operating
/// System Concepts, 10th ed., 10.4.5.3.
/// </summary>
public static class NruSpec
{
    /// <summary>An empty memory.</summary>
    public static NruState Begin(ReplacementSettings settings) =>
        new(settings.Frames, settings.Tick, 0, ImmutableDictionary<PageNumber, NruPage>.Empty);

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(NruState before, Reference reference)
    {
        var state = before.Now > 0 && before.Now % before.Tick == 0 ? Ticked(before) : before;
        state = state with { Now = state.Now + 1 };
        bool writes = PolicySpec.Writes(reference);
        if (state.Pages.TryGetValue(reference.Page, out var page))
        {
            var used = page with { Marks = page.Marks.Used(writes) };
            var same = used == page ? state : state with { Pages = state.Pages.SetItem(reference.Page, used) };
            return new(same, ReferenceAnswer.Hit);
        }

        MarkedPage loaded = new(IsReferenced: true, writes);
        if (state.Pages.Count < state.Frames)
        {
            NruPage filled = new(state.Pages.Count, loaded);
            return new(state with { Pages = state.Pages.Add(reference.Page, filled) }, ReferenceAnswer.Filled);
        }

        var (victim, left) = state.Pages.MinBy(each => (each.Value.Class, each.Value.Frame));
        var pages = state.Pages.Remove(victim).Add(reference.Page, left with { Marks = loaded });
        return new(
            state with { Pages = pages },
            new(ReferenceOutcome.Replaced, victim, left.Marks.IsDirty, Cleaned: 0));
    }

    // Dirty bits stay: they say what must be written back.
    private static NruState Ticked(NruState state) => state with
    {
        Pages = state.Pages.SetItems(
            from each in state.Pages
            where each.Value.Marks.IsReferenced
            let marks = each.Value.Marks with { IsReferenced = false }
            select KeyValuePair.Create(each.Key, each.Value with { Marks = marks })),
    };
}

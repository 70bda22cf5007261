using System.Collections.Immutable;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>A page under aging.</summary>
/// <param name="Frame">The frame that it is in.</param>
/// <param name="Counter">Its reference bits at the last eight ticks, the latest in the highest bit.</param>
/// <param name="Marks">Its bits since the last tick.</param>
public readonly record struct AgingPage(int Frame, byte Counter, MarkedPage Marks)
{
    /// <summary>How much the page was used of late; the lowest goes.</summary>
    public int Worth => (Marks.IsReferenced ? 256 : 0) + Counter;

    /// <summary>The page after a tick.</summary>
    public AgingPage Ticked =>
        this with { Counter = (byte)(Worth >> 1), Marks = Marks with { IsReferenced = false } };
}

/// <summary>Memory under aging.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="Tick">After how many references the clock ticks.</param>
/// <param name="Now">How many references were made.</param>
/// <param name="Pages">The pages in memory.</param>
public sealed record AgingState(
    int Frames, int Tick, long Now, ImmutableDictionary<PageNumber, AgingPage> Pages)
    : PolicyState(Frames)
{
    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident => Pages.Select(each => new ResidentPage(
        each.Key, each.Value.Marks.IsDirty, each.Value.Marks.IsReferenced, PageStanding.None));
}

/// <summary>
/// Aging, or additional reference bits: at each tick every counter is shifted right by one, and the reference bit
/// comes in from the left. The page with the lowest counter goes.
/// Decided: the bit of the running interval counts above the counter, as the most recent of all; else a page that
/// has just come would be the first to go. Of equals the page in the lowest frame goes. A tick comes after every so
/// many references, before the next one; frames fill in their order.
/// Source: Tanenbaum and Bos, Modern Operating Systems, 4th ed., 3.4.7; Silberschatz, Galvin and Gagne, Operating
/// System Concepts, 10th ed., 10.4.5.1.
/// </summary>
public static class AgingSpec
{
    /// <summary>An empty memory.</summary>
    public static AgingState Begin(ReplacementSettings settings) =>
        new(settings.Frames, settings.Tick, 0, ImmutableDictionary<PageNumber, AgingPage>.Empty);

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(AgingState before, Reference reference)
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

        AgingPage loaded = new(state.Pages.Count, 0, new(IsReferenced: true, writes));
        if (state.Pages.Count < state.Frames)
        {
            return new(state with { Pages = state.Pages.Add(reference.Page, loaded) }, ReferenceAnswer.Filled);
        }

        var (victim, left) = state.Pages.MinBy(each => (each.Value.Worth, each.Value.Frame));
        var pages = state.Pages.Remove(victim).Add(reference.Page, loaded with { Frame = left.Frame });
        return new(
            state with { Pages = pages },
            new(ReferenceOutcome.Replaced, victim, left.Marks.IsDirty, Cleaned: 0));
    }

    // A page whose counter has run out stays as it is, so not all of them make a new state.
    private static AgingState Ticked(AgingState state) => state with
    {
        Pages = state.Pages.SetItems(
            from each in state.Pages
            where each.Value.Worth > 0
            select KeyValuePair.Create(each.Key, each.Value.Ticked)),
    };
}

using System.Collections.Immutable;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>Memory under Clock.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="LoadSetsBit">Whether a page that comes has its reference bit set.</param>
/// <param name="Circle">The page in each frame.</param>
/// <param name="Hand">The frame that is looked at next.</param>
/// <param name="Pages">The bits of each page in memory.</param>
public sealed record ClockState(
    int Frames,
    bool LoadSetsBit,
    ImmutableList<PageNumber> Circle,
    int Hand,
    ImmutableDictionary<PageNumber, MarkedPage> Pages)
    : PolicyState(Frames)
{
    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident => Pages.Select(each =>
        new ResidentPage(each.Key, each.Value.IsDirty, each.Value.IsReferenced, PageStanding.None));
}

/// <summary>
/// Clock: a hand goes around the frames. A page with its reference bit set loses the bit and is passed; the
/// first without it goes, and the hand stops behind the page that takes its place.
/// Decided: frames fill in their order, and the hand starts at the first. Loading sets the bit, as the access
/// that missed does when it is made again; in the variant it does not.
/// Source: Corbató, "A paging experiment with the Multics system", MIT Project MAC, 1968; Tanenbaum and Bos,
/// Modern Operating Systems, 4th ed., 3.4.5; Silberschatz, Galvin and Gagne, Operating System Concepts, 10th ed.,
/// 10.4.5.
/// </summary>
public static class ClockSpec
{
    /// <summary>An empty memory.</summary>
    public static ClockState Begin(ReplacementSettings settings, bool loadSetsBit) => new(
        settings.Frames, loadSetsBit, [], Hand: 0, ImmutableDictionary<PageNumber, MarkedPage>.Empty);

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(ClockState state, Reference reference)
    {
        bool writes = PolicySpec.Writes(reference);
        if (state.Pages.TryGetValue(reference.Page, out var page))
        {
            // Bits that are set already make no new state.
            var used = page.Used(writes);
            var same = used == page ? state : state with { Pages = state.Pages.SetItem(reference.Page, used) };
            return new(same, ReferenceAnswer.Hit);
        }

        MarkedPage loaded = new(state.LoadSetsBit, writes);
        if (state.Pages.Count < state.Frames)
        {
            return new(
                state with
                {
                    Circle = state.Circle.Add(reference.Page),
                    Pages = state.Pages.Add(reference.Page, loaded),
                },
                ReferenceAnswer.Filled);
        }

        var stopped = Sweep(state);
        var victim = stopped.Circle[stopped.Hand];
        return new(
            stopped with
            {
                Circle = stopped.Circle.SetItem(stopped.Hand, reference.Page),
                Hand = (stopped.Hand + 1) % stopped.Frames,
                Pages = stopped.Pages.Remove(victim).Add(reference.Page, loaded),
            },
            new(ReferenceOutcome.Replaced, victim, stopped.Pages[victim].IsDirty, Cleaned: 0));
    }

    // The hand goes on to the first page without its bit.
    private static ClockState Sweep(ClockState state)
    {
        while (state.Circle[state.Hand] is var passed && state.Pages[passed] is { IsReferenced: true } page)
        {
            state = state with
            {
                Hand = (state.Hand + 1) % state.Frames,
                Pages = state.Pages.SetItem(passed, page with { IsReferenced = false }),
            };
        }

        return state;
    }
}

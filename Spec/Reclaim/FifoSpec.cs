using System.Collections.Immutable;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>Memory under FIFO.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="Loaded">The pages as they came, the eldest first.</param>
/// <param name="Dirty">Of each, whether it is dirty.</param>
public sealed record FifoState(
    int Frames, ImmutableQueue<PageNumber> Loaded, ImmutableDictionary<PageNumber, bool> Dirty)
    : PolicyState(Frames)
{
    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident =>
        Dirty.Select(each => new ResidentPage(each.Key, each.Value, false, PageStanding.None));
}

/// <summary>
/// First in, first out: the page that came first goes first, however often it was used.
/// Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2),
/// 1966; Tanenbaum and Bos, Modern Operating Systems, 4th ed., 3.4.3.
/// </summary>
public static class FifoSpec
{
    /// <summary>An empty memory.</summary>
    public static FifoState Begin(ReplacementSettings settings) =>
        new(settings.Frames, [], ImmutableDictionary<PageNumber, bool>.Empty);

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(FifoState state, Reference reference)
    {
        var (page, writes) = (reference.Page, PolicySpec.Writes(reference));
        if (state.Dirty.TryGetValue(page, out bool dirty))
        {
            // A hit changes nothing but the dirty bit, so most steps make no new state.
            var same = dirty || !writes ? state : state with { Dirty = state.Dirty.SetItem(page, true) };
            return new(same, ReferenceAnswer.Hit);
        }

        if (state.Dirty.Count < state.Frames)
        {
            return new(Load(state, page, writes), ReferenceAnswer.Filled);
        }

        var victim = state.Loaded.Peek();
        var left = state with { Loaded = state.Loaded.Dequeue(), Dirty = state.Dirty.Remove(victim) };
        return new(
            Load(left, page, writes), new(ReferenceOutcome.Replaced, victim, state.Dirty[victim], Cleaned: 0));
    }

    private static FifoState Load(FifoState state, PageNumber page, bool writes) =>
        state with { Loaded = state.Loaded.Enqueue(page), Dirty = state.Dirty.Add(page, writes) };
}

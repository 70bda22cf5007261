using System.Collections.Immutable;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>A page under OPT.</summary>
/// <param name="NextUse">The number of the reference that will use it next, or <see cref="OptSpec.Never"/>.</param>
/// <param name="LastUse">The number of the reference that used it last.</param>
/// <param name="IsDirty">Whether it has been written since it came.</param>
public readonly record struct OptPage(long NextUse, long LastUse, bool IsDirty);

/// <summary>Memory under OPT.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="NextUses">Of each reference, the number of the next one to the same page.</param>
/// <param name="Now">How many references were made.</param>
/// <param name="Pages">The pages in memory.</param>
public sealed record OptState(
    int Frames, ImmutableArray<long> NextUses, int Now, ImmutableDictionary<PageNumber, OptPage> Pages)
    : PolicyState(Frames)
{
    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident =>
        Pages.Select(each => new ResidentPage(each.Key, each.Value.IsDirty, false, PageStanding.None));
}

/// <summary>
/// The optimum: the page goes whose next use is farthest away. No policy misses less often.
/// Decided: of several that are never used again the one goes whose last use is longest ago.
/// Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2),
/// 1966 (there: MIN); Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies", 1970.
/// </summary>
public static class OptSpec
{
    /// <summary>Stands for the next use of a page that has none.</summary>
    public const long Never = long.MaxValue;

    /// <summary>An empty memory, and all references that will be made.</summary>
    public static OptState Begin(ReplacementSettings settings, ReadOnlySpan<Reference> foreseen) =>
        new(settings.Frames, NextUses(foreseen), 0, ImmutableDictionary<PageNumber, OptPage>.Empty);

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(OptState state, Reference reference)
    {
        bool writes = PolicySpec.Writes(reference);
        if (state.Pages.TryGetValue(reference.Page, out var page))
        {
            return new(Use(state, reference.Page, page.IsDirty || writes), ReferenceAnswer.Hit);
        }

        if (state.Pages.Count < state.Frames)
        {
            return new(Use(state, reference.Page, writes), ReferenceAnswer.Filled);
        }

        var (victim, left) = state.Pages.MaxBy(each => (each.Value.NextUse, -each.Value.LastUse));
        return new(
            Use(state with { Pages = state.Pages.Remove(victim) }, reference.Page, writes),
            new(ReferenceOutcome.Replaced, victim, left.IsDirty, Cleaned: 0));
    }

    private static OptState Use(OptState state, PageNumber page, bool dirty)
    {
        // What comes after all that was foreseen is taken for the end.
        long next = state.Now < state.NextUses.Length ? state.NextUses[state.Now] : Never;
        return state with
        {
            Now = state.Now + 1,
            Pages = state.Pages.SetItem(page, new(next, state.Now, dirty)),
        };
    }

    private static ImmutableArray<long> NextUses(ReadOnlySpan<Reference> foreseen)
    {
        var uses = new long[foreseen.Length];
        Dictionary<PageNumber, long> soonest = [];
        for (int place = foreseen.Length - 1; place >= 0; place--)
        {
            uses[place] = soonest.GetValueOrDefault(foreseen[place].Page, Never);
            soonest[foreseen[place].Page] = place;
        }

        return [.. uses];
    }
}

using System.Collections.Immutable;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>A page under LRU.</summary>
/// <param name="LastUse">The number of the reference that used it last.</param>
/// <param name="IsDirty">Whether it has been written since it came.</param>
public readonly record struct LruPage(long LastUse, bool IsDirty);

/// <summary>Memory under LRU.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="Now">How many references were made.</param>
/// <param name="Pages">The pages in memory.</param>
public sealed record LruState(int Frames, long Now, ImmutableDictionary<PageNumber, LruPage> Pages)
    : PolicyState(Frames)
{
    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident =>
        Pages.Select(each => new ResidentPage(each.Key, each.Value.IsDirty, false, PageStanding.None));
}

/// <summary>
/// Least recently used: the page whose last use is longest ago goes. No two uses have the same number, so there
/// are no ties. A use changes the number of one page; only the search for a victim looks at all.
/// Source: Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies", IBM Systems
/// Journal 9(2), 1970; Tanenbaum and Bos, Modern Operating Systems, 4th ed., 3.4.6.
/// </summary>
public static class LruSpec
{
    /// <summary>An empty memory.</summary>
    public static LruState Begin(ReplacementSettings settings) =>
        new(settings.Frames, 0, ImmutableDictionary<PageNumber, LruPage>.Empty);

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(LruState state, Reference reference)
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

        var (victim, left) = state.Pages.MinBy(each => each.Value.LastUse);
        return new(
            Use(state with { Pages = state.Pages.Remove(victim) }, reference.Page, writes),
            new(ReferenceOutcome.Replaced, victim, left.IsDirty, Cleaned: 0));
    }

    private static LruState Use(LruState state, PageNumber page, bool dirty) => state with
    {
        Now = state.Now + 1,
        Pages = state.Pages.SetItem(page, new(state.Now, dirty)),
    };
}

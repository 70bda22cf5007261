using System.Collections.Immutable;
using System.Diagnostics;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>A page of the two lists.</summary>
/// <param name="Standing">Its list, and its referenced bit: cool and hot have it.</param>
/// <param name="Marks">A and D of the hardware, as they were left.</param>
public readonly record struct TwoListPage(PageStanding Standing, MarkedPage Marks);

/// <summary>Memory under two lists, each with its tail first.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="Ratio">How many times larger than the inactive list the active one may be.</param>
/// <param name="Inactive">The inactive list.</param>
/// <param name="Active">The active list.</param>
/// <param name="Pages">The pages in memory.</param>
public sealed record TwoListState(
    int Frames,
    int Ratio,
    ImmutableList<PageNumber> Inactive,
    ImmutableList<PageNumber> Active,
    ImmutableDictionary<PageNumber, TwoListPage> Pages)
    : PolicyState(Frames)
{
    /// <summary>Whether the active list has to give pages to the inactive one (inactive_is_low).</summary>
    public bool IsInactiveLow => (long)Inactive.Count * Ratio < Active.Count;

    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident => Pages.Select(each => new ResidentPage(
        each.Key, each.Value.Marks.IsDirty, each.Value.Marks.IsReferenced, each.Value.Standing));
}

/// <summary>What comes of looking at one page.</summary>
/// <param name="State">The lists after it.</param>
/// <param name="Page">The page.</param>
/// <param name="From">Where it stood.</param>
/// <param name="To">Where it stands; none when it goes.</param>
public readonly record struct TwoListScan(TwoListState State, PageNumber Page, PageStanding From, PageStanding To);

/// <summary>
/// LRU by two lists, as Linux approximates it. An access only sets A; when memory is needed the tails are looked
/// at, A is read and cleared, and then the page moves:
/// <code>
///             A set                          A clear
///   cold      cool, to the inactive head     evicted
///   cool      warm, to the active head       cold, to the inactive head
///   warm      hot, to the active head        cold, to the inactive head
///   hot       hot, to the active head        warm, to the active head
/// </code>
/// The left column is that of mark_page_accessed. While the inactive list is low the active tail is looked at, else
/// the inactive one. A page comes cold with A set by the access that missed, so that one more use tells. Decided, as
/// the diagram of edges has it: a cool page that was not used, and a hot one, are spared once more; Linux evicts and
/// deactivates them (except programs) at once. One page is looked at, where Linux takes 32 at a time, and there is no
/// memory of pages that went (shadow entries of mm/workingset.c).
/// Source: Linux 6.1, mm/swap.c, mark_page_accessed; mm/vmscan.c, folio_check_references, shrink_active_list and
/// inactive_is_low; mm/workingset.c, the comment on two CLOCK lists; Documentation/admin-guide/mm/concepts.rst,
/// Reclaim.
/// </summary>
public static class TwoListLruSpec
{
    private const int FramesOfGigabyteLog = 30 - 12;

    /// <summary>An empty memory.</summary>
    public static TwoListState Begin(ReplacementSettings settings) => new(
        settings.Frames,
        settings.Ratio == 0 ? RatioOf(settings.Frames) : settings.Ratio,
        [],
        [],
        ImmutableDictionary<PageNumber, TwoListPage>.Empty);

    /// <summary>inactive_is_low: the root of ten times the gigabytes, rounded down, and 1 below one of
    /// them.</summary>
    // Survivor: there are never fewer than no frames, so that both shifts are one.
    public static int RatioOf(int frames) =>
        frames >> FramesOfGigabyteLog is > 0 and var gigabytes ? (int)Math.Sqrt(10.0 * gigabytes) : 1;

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(TwoListState state, Reference reference)
    {
        bool writes = PolicySpec.Writes(reference);
        if (state.Pages.TryGetValue(reference.Page, out var page))
        {
            var used = page with { Marks = page.Marks.Used(writes) };
            var same = used == page ? state : state with { Pages = state.Pages.SetItem(reference.Page, used) };
            return new(same, ReferenceAnswer.Hit);
        }

        if (state.Pages.Count < state.Frames)
        {
            return new(Load(state, reference.Page, writes), ReferenceAnswer.Filled);
        }

        var scan = Scan(state);
        while (scan.To != PageStanding.None)
        {
            scan = Scan(scan.State);
        }

        bool dirty = state.Pages[scan.Page].Marks.IsDirty;
        return new(
            Load(scan.State, reference.Page, writes), new(ReferenceOutcome.Replaced, scan.Page, dirty, Cleaned: 0));
    }

    /// <summary>Looks at one page.</summary>
    public static TwoListScan Scan(TwoListState state)
    {
        bool isActive = state.IsInactiveLow;
        var page = isActive ? state.Active[0] : state.Inactive[0];
        var left = isActive
            ? state with { Active = state.Active.RemoveAt(0) } : state with { Inactive = state.Inactive.RemoveAt(0) };
        var (from, marks) = (state.Pages[page].Standing, state.Pages[page].Marks);
        var to = (from, marks.IsReferenced) switch
        {
            (PageStanding.Cold, true) => PageStanding.Cool,
            (PageStanding.Cool, true) => PageStanding.Warm,
            (PageStanding.Warm, true) => PageStanding.Hot,
            (PageStanding.Hot, true) => PageStanding.Hot,
            (PageStanding.Hot, false) => PageStanding.Warm,
            (PageStanding.Warm, false) => PageStanding.Cold,
            (PageStanding.Cool, false) => PageStanding.Cold,
            (PageStanding.Cold, false) => PageStanding.None,
            _ => throw new UnreachableException(),
        };
        var after = to == PageStanding.None
            ? left with { Pages = left.Pages.Remove(page) }
            : Put(left, page, new(to, marks with { IsReferenced = false }));
        return new(after, page, from, to);
    }

    private static TwoListState Load(TwoListState state, PageNumber page, bool writes) =>
        Put(state, page, new(PageStanding.Cold, new(IsReferenced: true, writes)));

    // At the head of the list of its standing.
    private static TwoListState Put(TwoListState state, PageNumber page, TwoListPage put)
    {
        var kept = state with { Pages = state.Pages.SetItem(page, put) };
        return put.Standing is PageStanding.Warm or PageStanding.Hot
            ? kept with { Active = kept.Active.Add(page) } : kept with { Inactive = kept.Inactive.Add(page) };
    }
}

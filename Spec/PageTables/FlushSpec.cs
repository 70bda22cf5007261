using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.PageTables;

/// <summary>
/// Something that may be cached and must not be used any more: a page, or the way to a table.
/// </summary>
/// <param name="Start">The first linear address.</param>
/// <param name="OffsetBits">How many low bits of an address it spans.</param>
/// <param name="IsTable">Whether it is the way to a table that was unlinked.</param>
public readonly record struct StaleEntry(LinearAddress Start, int OffsetBits, bool IsTable)
{
    /// <summary>The last linear address.</summary>
    public LinearAddress Last => new(Start.Value + ((1UL << OffsetBits) - 1));
}

/// <summary>
/// When a changed entry needs a flush, and which addresses a flush must have.
/// Source: Intel SDM vol. 3A, 4.10.4.2 and 4.10.4.3.
/// </summary>
public static class FlushSpec
{
    /// <summary>
    /// Whether a translation may stay cached when its page says something else now. It leads to the same
    /// place in the same way, and permits nothing more, so that only a fault can come that the tables do not
    /// give, and come once (4.10.4.3); and no write through it leaves D clear. U/S must be the same, since
    /// SMEP and SMAP forbid a supervisor what is a user page (4.6.1). A is not needed: software that finds it
    /// clear learns that the page may not have been used (4.10.4.3). G may not be lost (4.10.2.4).
    /// </summary>
    public static bool MayStayCached(in PageMapping cached, in PageMapping now)
    {
        bool same = cached.Frame == now.Frame && cached.Size == now.Size && cached.Caching == now.Caching
            && cached.Key == now.Key && (cached.Rights & PageRights.User) == (now.Rights & PageRights.User);
        PageRights lost = cached.Rights & ~now.Rights;
        bool dirtyLost = cached.Dirty && !now.Dirty;
        bool globalLost = cached.Global && !now.Global;
        return same && lost == PageRights.None && !dirtyLost && !globalLost;
    }

    /// <summary>What an edit has made stale: pages that are gone or changed, tables that are gone.</summary>
    public static IEnumerable<StaleEntry> Made(
        ImmutableArray<MappedPage> before, ImmutableArray<MappedPage> after)
    {
        foreach (var page in before)
        {
            int place = after.BinarySearch(page, ByAddress);
            if (place < 0 || !MayStayCached(page.Mapping, after[place].Mapping))
            {
                yield return new(page.Page, (int)page.Mapping.Size, IsTable: false);
            }
        }
    }

    /// <summary>The way to a table: the region of linear addresses for which a partial walk may be kept.</summary>
    public static StaleEntry WayTo(in LinkedTable table) =>
        new(table.Start, EntryFormat.OffsetBits(table.Level + 1), IsTable: true);

    /// <summary>
    /// Whether the flush reaches it: some address that is flushed lies within (4.10.4.1), and partial walks
    /// are flushed for a table.
    /// </summary>
    public static bool Covers(in FlushNeed need, in StaleEntry stale)
    {
        if (!need.Needed || need.Stride == PageSize.None || (stale.IsTable && !need.TablesUnlinked))
        {
            return false;
        }

        ulong stride = 1UL << (int)need.Stride;
        ulong first = need.First.Value;
        ulong steps = stale.Start.Value <= first ? 0 : (stale.Start.Value - first + (stride - 1)) / stride;
        ulong address = first + steps * stride;
        return address >= first && address <= need.Last.Value
            && address >= stale.Start.Value && address <= stale.Last.Value;
    }

    /// <summary>
    /// Whether the flush has an address or a step that nothing stale asks for. It does no harm, but costs.
    /// </summary>
    public static bool IsExcessive(in FlushNeed need, ImmutableArray<StaleEntry> stale)
    {
        if (stale.IsEmpty || !need.Needed)
        {
            return need.Needed;
        }

        // There are no larger steps than the largest page.
        int stride = Math.Min((int)PageSize.Size1G, stale.Min(each => each.OffsetBits));
        return need.First.Value < stale.Min(each => each.Start.Value)
            || need.Last.Value > stale.Max(each => each.Last.Value)
            || (int)need.Stride < stride
            || (need.TablesUnlinked && !stale.Any(each => each.IsTable));
    }

    /// <summary>The order of pages by their linear address.</summary>
    public static Comparer<MappedPage> ByAddress { get; } =
        Comparer<MappedPage>.Create((one, other) => one.Page.Value.CompareTo(other.Page.Value));
}

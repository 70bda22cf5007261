using System.Collections.Immutable;
using PageProof.Contract.PageTables;
using PageProof.Spec.Paging;

namespace PageProof.Spec.PageTables;

/// <summary>
/// Which tables pages need, and which are in their way: a page of 4 KiB needs a table of every level, a
/// larger one needs fewer, and its entry stands where another would lead to a table.
/// Source: Intel SDM vol. 3A, 4.5.
/// </summary>
public static class TableNeedSpec
{
    /// <summary>Whether a table is linked where a large page is to come.</summary>
    public static bool IsInTheWay(PageTableState state, MappedPage page) =>
        state.Tables.Any(table => table.Level < LevelOf(page)
            && table.Start.Value <= EditSpec.LastOf(page) && table.Last.Value >= page.Page.Value);

    /// <summary>How many tables are missing below the top table for pages to be mapped.</summary>
    public static int Missing(PageTableState state, ImmutableArray<MappedPage> added)
    {
        var wanted = from page in added
                     from level in Enumerable.Range(1, EntryFormat.LevelsOf(state.Control) - 1)
                     where level >= LevelOf(page)
                     select (level, page.Page.Value >> EntryFormat.OffsetBits(level + 1));
        var linked = from table in state.Tables
                     select (table.Level, table.Start.Value >> EntryFormat.OffsetBits(table.Level + 1));
        return wanted.Except(linked).Count();
    }

    private static int LevelOf(in MappedPage page) => 1 + ((int)page.Mapping.Size - 12) / 9;
}

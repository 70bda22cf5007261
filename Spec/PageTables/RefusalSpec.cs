using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.PageTables;

/// <summary>A reason for which an edit is refused.</summary>
/// <param name="Outcome">The reason.</param>
/// <param name="Must">Whether it may not be carried out either.</param>
public readonly record struct Refusal(EditOutcome Outcome, bool Must);

/// <summary>
/// Which edits are refused. When there are several reasons, each may be told.
/// Source: Intel SDM vol. 3A, 4.5.5 for what entries can say, and 4.10.4.3 for why the frame, the size and
/// the memory type of a page change only by way of an absent entry and a flush.
/// </summary>
public static class RefusalSpec
{
    /// <summary>Every reason against an edit.</summary>
    public static IReadOnlyList<Refusal> Of(PageTableState state, PageTableCommand command)
    {
        List<Refusal> refusals = [];
        if (command.Kind > PageTableCommandKind.FreeTables)
        {
            return refusals;
        }

        bool badRange = Add(refusals, EditOutcome.BadRange, IsBadRange(state, command));
        bool badMapping = Add(refusals, EditOutcome.BadMapping, IsBadMapping(command));
        if (badRange || (badMapping && command.Kind == PageTableCommandKind.Map))
        {
            return refusals;
        }

        ImmutableArray<MappedPage> added = [];
        if (command.Kind == PageTableCommandKind.Map)
        {
            added = EditSpec.Next([], command);
        }
        else if (command.Kind == PageTableCommandKind.Move)
        {
            added = [.. EditSpec.Within(state.Pages, command.Range).Select(page => EditSpec.Moved(page, command))];
        }

        Add(refusals, EditOutcome.PartOfPage, IsPartOfPage(state, command));
        if (command.Kind is PageTableCommandKind.Map or PageTableCommandKind.Move)
        {
            PageRange target = command.Kind == PageTableCommandKind.Map
                ? command.Range
                : new(command.Target, command.Range.Length);
            bool occupied = EditSpec.Within(state.Pages, target).Any()
                || added.Any(page => TableNeedSpec.IsInTheWay(state, page));
            Add(refusals, EditOutcome.Occupied, occupied);

            // What is asked to be flushed may be more than what is stale.
            bool stale = state.Stale.Any(each => !each.IsTable && Overlaps(target, each.Start, each.Last));
            if (stale || (state.Flush.Needed && Overlaps(target, state.Flush.First, state.Flush.Last)))
            {
                refusals.Add(new(EditOutcome.FlushPending, stale));
            }

            if (TableNeedSpec.Missing(state, added) > state.TablesFree)
            {
                refusals.Add(new(EditOutcome.NoTable, Must: true));
            }
        }

        return refusals;
    }

    private static bool IsBadRange(PageTableState state, in PageTableCommand command)
    {
        bool bad = IsBad(state, command.Range);
        if (command.Kind == PageTableCommandKind.Map)
        {
            ulong offset = (1UL << (int)command.Mapping.Size) - 1;
            return bad || ((command.Range.Start.Value | command.Range.Length.Value) & offset) != 0;
        }

        if (bad || command.Kind != PageTableCommandKind.Move)
        {
            return bad;
        }

        PageRange target = new(command.Target, command.Range.Length);
        return IsBad(state, target) || IsUpper(target.Start) != IsUpper(command.Range.Start)
            || Overlaps(target, command.Range.Start, command.Range.Last);
    }

    /// <summary>Empty, not on page boundaries, or not all canonical and in one half.</summary>
    private static bool IsBad(PageTableState state, PageRange range)
    {
        int levels = EntryFormat.LevelsOf(state.Control);
        return range.Length.Value == 0 || (range.Start.Value | range.Length.Value) % 4096 != 0
            || range.Last.Value < range.Start.Value
            || !CanonicalSpec.IsCanonical(range.Start, levels) || !CanonicalSpec.IsCanonical(range.Last, levels)
            || IsUpper(range.Start) != IsUpper(range.Last);
    }

    private static bool IsBadMapping(in PageTableCommand command)
    {
        PageRights rights = command.Kind switch
        {
            PageTableCommandKind.Map => command.Mapping.Rights,
            PageTableCommandKind.Protect => command.Rights,
            _ => PageRights.None,
        };

        // Tables of the upper half keep user mode out, so no leaf could let it in.
        if ((rights & PageRights.ShadowStack) != 0
            || (IsUpper(command.Range.Start) && (rights & PageRights.User) != 0))
        {
            return true;
        }

        PageMapping mapping = command.Mapping;
        ulong offset = (1UL << (int)mapping.Size) - 1, last = command.Range.Length.Value - 1;
        return command.Kind == PageTableCommandKind.Map
            && (mapping.Size is not (PageSize.Size4K or PageSize.Size2M or PageSize.Size1G)
                || (mapping.Frame.Value & offset) != 0
                || mapping.Frame.Value >> 52 != 0 || mapping.Frame.Value + last >> 52 != 0
                || mapping.Caching > 7 || mapping.Key.Value > 15);
    }

    /// <summary>An end lies within a large page, or a large page would be moved off its boundary.</summary>
    private static bool IsPartOfPage(PageTableState state, PageTableCommand command)
    {
        if (command.Kind is PageTableCommandKind.Map or PageTableCommandKind.FreeTables)
        {
            return false;
        }

        return EditSpec.Within(state.Pages, command.Range).Any(page =>
            page.Page.Value < command.Range.Start.Value || EditSpec.LastOf(page) > command.Range.Last.Value
            || (command.Kind == PageTableCommandKind.Move
                && (EditSpec.Moved(page, command).Page.Value & ((1UL << (int)page.Mapping.Size) - 1)) != 0));
    }

    private static bool Overlaps(PageRange range, LinearAddress first, LinearAddress last) =>
        first.Value <= range.Last.Value && last.Value >= range.Start.Value;

    private static bool IsUpper(LinearAddress address) => address.Value >> 63 != 0;

    private static bool Add(List<Refusal> refusals, EditOutcome outcome, bool applies)
    {
        if (applies)
        {
            refusals.Add(new(outcome, Must: true));
        }

        return applies;
    }
}

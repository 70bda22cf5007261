using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;

namespace PageProof.Spec.PageTables;

/// <summary>
/// What an editor of page tables may do: its tables say what a plain map from pages to frames says, an
/// access that overtakes an edit comes before it or after it and its marks are not lost, all that may be
/// cached and must not be used is reached by the flush that is asked for, and until then nothing that it
/// leads to is given back. Source: Intel SDM vol. 3A, 4.8 and 4.10.4.
/// </summary>
public static class PageTableSpec
{
    private static readonly FlushNeed NoFlush = default;

    /// <summary>One order in which an edit and the access that overtakes it may have come.</summary>
    /// <param name="Before">The pages just before the edit.</param>
    /// <param name="After">The pages just after the edit.</param>
    /// <param name="Pages">The pages after both.</param>
    /// <param name="Walk">How the access ends.</param>
    /// <param name="Told">What the edit tells.</param>
    private readonly record struct Course(
        ImmutableArray<MappedPage> Before,
        ImmutableArray<MappedPage> After,
        ImmutableArray<MappedPage> Pages,
        TranslationOutcome Walk,
        ImmutableArray<MappedPage> Told);

    /// <summary>Nothing is mapped.</summary>
    public static PageTableState Begin(PageTableStart start, PhysicalAddress top, bool elides)
    {
        ControlState control = start.Control with { Cr3 = new(top.Value) };
        var tree = PageTree.Empty(top, Paging.EntryFormat.LevelsOf(control));
        return new(control, [], tree.Tables, [], [], NoFlush, start.Tables, start.Tables, elides);
    }

    /// <summary>Whether the answer is permitted, and the state after it.</summary>
    public static PageTableStep Follow(
        PageTableState before, PageTableCommand command, PageTableAnswer answer, Shown shown)
    {
        bool done = answer.Outcome == EditOutcome.Done;
        var refusals = RefusalSpec.Of(before, command);
        if (done ? refusals.Any(each => each.Must) : refusals.All(each => each.Outcome != answer.Outcome))
        {
            string reasons = string.Join(" or ", refusals.Select(each => each.Outcome));
            return Refuse(refusals.Count == 0 ? "nothing speaks against the command" : $"it is refused: {reasons}");
        }

        var courses = Courses(before, command, done);
        if (courses.FindIndex(each => each.Walk == answer.Walk) < 0)
        {
            var ends = courses.Select(each => each.Walk).Distinct();
            return Refuse($"the access ends so: {string.Join(" or so: ", ends)}");
        }

        int explains = courses.FindIndex(each => each.Walk == answer.Walk
            && each.Pages.SequenceEqual(shown.Tree.Pages) && each.Told.SequenceEqual(shown.Told));
        if (explains < 0)
        {
            return Refuse(Difference(courses.Find(each => each.Walk == answer.Walk), shown));
        }

        if (command.Kind == PageTableCommandKind.Find
            && answer.Found != (EditSpec.At(before.Pages, command.Range.Start) ?? default))
        {
            return Refuse("something else is mapped there");
        }

        return Settle(before, command, answer, shown, courses[explains]);
    }

    private static List<Course> Courses(PageTableState before, PageTableCommand command, bool done)
    {
        var pages = before.Pages;
        PageTableCommand edit = done ? command : default(PageTableCommand) with { Kind = PageTableCommandKind.Find };
        TranslationOutcome first = EditSpec.Walk(before.Control, pages, command.Access);
        var accessed = EditSpec.Accessed(pages, command.Access, first);
        if (command.Kind == PageTableCommandKind.Access)
        {
            return [new(pages, pages, accessed, first, [])];
        }

        var edited = EditSpec.Next(pages, edit);
        List<Course> courses = [new(pages, edited, edited, default, [.. EditSpec.Told(pages, edit)])];
        if (command.OvertakenAt != 0)
        {
            var late = EditSpec.Next(accessed, edit);
            TranslationOutcome last = EditSpec.Walk(before.Control, edited, command.Access);
            var marked = EditSpec.Accessed(edited, command.Access, last);
            courses.Add(new(accessed, late, late, first, [.. EditSpec.Told(accessed, edit)]));
            courses.Add(new(pages, edited, marked, last, [.. EditSpec.Told(pages, edit)]));
        }

        return courses;
    }

    /// <summary>What is held back and what must be flushed, when the pages are as they should be.</summary>
    private static PageTableStep Settle(
        PageTableState before, PageTableCommand command, in PageTableAnswer answer, Shown shown, Course course)
    {
        var tables = shown.Tree.Tables;
        var unlinked = before.Tables.Where(old => tables.All(table => table.Address != old.Address)).ToList();
        var gone = course.Before.Where(page => command.Kind == PageTableCommandKind.Unmap
            && EditSpec.At(course.Pages, page.Page) is null);
        var stale = before.Stale.AddRange(FlushSpec.Made(course.Before, course.After))
            .AddRange(unlinked.Select(table => FlushSpec.WayTo(table)));
        var held = before.Held
            .AddRange(gone.Select(page => Held(page.Mapping)))
            .AddRange(unlinked.Select(table => Held(table)));
        if (command.Kind == PageTableCommandKind.Flush)
        {
            (stale, held) = ([], []);
        }

        FlushNeed flush = answer.Flush;
        string? refusal =
            !SameFrames(held, shown.Held)
                ? $"held back must be {List(held)}, and is {List(shown.Held)}"
            : stale.FirstOrDefault(each => !FlushSpec.Covers(flush, each)) is { OffsetBits: > 0 } left
                ? $"the flush does not reach what is stale from {left.Start} to {left.Last}"
            : before.Elides && FlushSpec.IsExcessive(flush, stale)
                ? "a flush is asked for where nothing is stale"
            : tables.Length - 1 + held.Count(each => each.IsTable) + answer.TablesFree != before.TablesAll
                ? $"{before.TablesAll} tables are not {tables.Length - 1} linked, "
                    + $"{held.Count(each => each.IsTable)} held back and {answer.TablesFree} free"
            : command.Kind == PageTableCommandKind.FreeTables && answer.Outcome == EditOutcome.Done
                && tables.Skip(1).Any(table => table.Used == 0 && table.Start.Value <= command.Range.Last.Value
                    && table.Last.Value >= command.Range.Start.Value)
                ? "an empty table is left in the range"
            : null;
        return refusal is not null ? Refuse(refusal) : new(
            before with
            {
                Pages = course.Pages,
                Tables = tables,
                Stale = stale,
                Held = held,
                Flush = flush,
                TablesFree = answer.TablesFree,
            },
            null);
    }

    private static HeldFrame Held(in LinkedTable table) =>
        new(table.Address, PageSize.Size4K, IsTable: true, Dirty: false);

    // Who gives the frame back must know whether it was written.
    private static HeldFrame Held(in PageMapping mapping) =>
        new(mapping.Frame, mapping.Size, IsTable: false, mapping.Dirty);

    private static bool SameFrames(ImmutableArray<HeldFrame> one, ImmutableArray<HeldFrame> other) =>
        one.Length == other.Length && one.Order(ByAddress).SequenceEqual(other.Order(ByAddress));

    private static Comparer<HeldFrame> ByAddress { get; } = Comparer<HeldFrame>.Create((one, other) =>
        (one.Frame.Value, one.Size, one.IsTable, one.Dirty).CompareTo(
            (other.Frame.Value, other.Size, other.IsTable, other.Dirty)));

    private static string Difference(in Course course, Shown shown) =>
        !course.Pages.SequenceEqual(shown.Tree.Pages)
            ? $"the pages are to be {List(course.Pages)}, and are {List(shown.Tree.Pages)}"
            : $"told must be {List(course.Told)}, and is {List(shown.Told)}";

    private static string List<T>(IEnumerable<T> items) => $"[{string.Join("; ", items)}]";
    private static PageTableStep Refuse(string reason) => new(null, reason);
}

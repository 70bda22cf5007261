using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.PageTables;
using PageProof.Spec.Paging;

namespace PageProof.Properties.PageTables;

/// <summary>Counts the classes of the steps of a run, and judges them against the floor.</summary>
public sealed class PageTableCoverage
{
    /// <summary>How many steps of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 8_000;

    private static readonly PageTableClass[] Classes = Enum.GetValues<PageTableClass>();

    private readonly long[] _counts = new long[Classes.Length];

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    public long this[PageTableClass each] => _counts[(int)each];

    /// <summary>Counts a step that was permitted.</summary>
    public void Count(
        PageTableState before, in PageTableCommand command, in PageTableAnswer answer, PageTableState after)
    {
        Commands++;
        Add(ClassOf(before, command, answer, after));
        if (command.OvertakenAt != 0 && answer.Walk.Kind != OutcomeKind.None)
        {
            CountOvertaken(before, command, answer, after);
        }
    }

    public void Add(PageTableCoverage other)
    {
        Commands += other.Commands;
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            _counts[slot] += other._counts[slot];
        }
    }

    /// <summary>The floor binds once the run is long enough for its rarest class.</summary>
    public CoverageReport Judge(long cases)
    {
        var below = Classes.Where(each => this[each] < Floor).Select(each => $"{each}: {this[each]}");
        return new(Classes.Length, _counts.Min(), cases >= CasesToBind ? [.. below] : [], []);
    }

    private static PageTableClass ClassOf(
        PageTableState before, in PageTableCommand command, in PageTableAnswer answer, PageTableState after)
    {
        bool done = answer.Outcome == EditOutcome.Done;
        bool stale = after.Stale.Length > before.Stale.Length, changed = !after.Pages.SequenceEqual(before.Pages);
        return command.Kind switch
        {
            PageTableCommandKind.Map => OfMap(command.Mapping.Size, answer.Outcome),
            PageTableCommandKind.Unmap => OfUnmap(before, after, answer.Outcome),
            PageTableCommandKind.Move => OfMove(stale, answer.Outcome),
            PageTableCommandKind.Protect => answer.Outcome switch
            {
                EditOutcome.Done => stale ? PageTableClass.ProtectedFlush
                    : changed ? PageTableClass.ProtectedNoFlush : PageTableClass.ProtectedNothing,
                EditOutcome.BadMapping => PageTableClass.ProtectBadMapping,
                EditOutcome.PartOfPage => PageTableClass.ProtectPartOfPage,
                _ => PageTableClass.ProtectBadRange,
            },
            PageTableCommandKind.Clean => !done ? PageTableClass.CleanRefused
                : stale ? PageTableClass.Cleaned : PageTableClass.CleanedNothing,
            PageTableCommandKind.Age => !done ? PageTableClass.AgeRefused
                : changed ? PageTableClass.Aged : PageTableClass.AgedNothing,
            PageTableCommandKind.FreeTables => !done ? PageTableClass.FreeRefused
                : stale ? PageTableClass.FreedTables : PageTableClass.FreedNothing,
            PageTableCommandKind.Find => answer.Found.Mapping.Size != PageSize.None
                ? PageTableClass.Found : PageTableClass.FoundNothing,
            PageTableCommandKind.Access => OfWalk(answer.Walk),
            _ => before.Held.Any(each => each.IsTable) ? PageTableClass.FlushedTables
                : before.Stale.IsEmpty ? PageTableClass.FlushedNothing : PageTableClass.Flushed,
        };
    }

    private static PageTableClass OfMap(PageSize size, EditOutcome outcome) => outcome switch
    {
        EditOutcome.Done => size switch
        {
            PageSize.Size4K => PageTableClass.MappedSmall,
            PageSize.Size2M => PageTableClass.MappedLarge,
            _ => PageTableClass.MappedGigabyte,
        },
        EditOutcome.BadRange => PageTableClass.MapBadRange,
        EditOutcome.BadMapping => PageTableClass.MapBadMapping,
        EditOutcome.Occupied => PageTableClass.MapOccupied,
        EditOutcome.FlushPending => PageTableClass.MapFlushPending,
        _ => PageTableClass.MapNoTable,
    };

    private static PageTableClass OfUnmap(PageTableState before, PageTableState after, EditOutcome outcome)
    {
        var gone = before.Pages.Where(page => EditSpec.At(after.Pages, page.Page) is null).ToList();
        return outcome switch
        {
            EditOutcome.Done when gone.Count == 0 => PageTableClass.UnmappedNothing,
            EditOutcome.Done => gone.Any(page => page.Mapping.Size > PageSize.Size4K)
                ? PageTableClass.UnmappedLarge : PageTableClass.UnmappedSmall,
            EditOutcome.PartOfPage => PageTableClass.UnmapPartOfPage,
            _ => PageTableClass.UnmapBadRange,
        };
    }

    private static PageTableClass OfMove(bool moved, EditOutcome outcome) => outcome switch
    {
        EditOutcome.Done => moved ? PageTableClass.Moved : PageTableClass.MovedNothing,
        EditOutcome.BadRange => PageTableClass.MoveBadRange,
        EditOutcome.Occupied => PageTableClass.MoveOccupied,
        EditOutcome.FlushPending => PageTableClass.MoveFlushPending,
        EditOutcome.NoTable => PageTableClass.MoveNoTable,
        _ => PageTableClass.MovePartOfPage,
    };

    private static PageTableClass OfWalk(in TranslationOutcome walk) => walk.Kind switch
    {
        OutcomeKind.Translated => PageTableClass.AccessTranslated,
        OutcomeKind.PageFault => (walk.Code & PageFaultCode.Present) == 0
            ? PageTableClass.AccessAbsent : PageTableClass.AccessForbidden,
        _ => PageTableClass.AccessNotCanonical,
    };

    private void CountOvertaken(
        PageTableState before, in PageTableCommand command, in PageTableAnswer answer, PageTableState after)
    {
        if (answer.Outcome != EditOutcome.Done)
        {
            Add(PageTableClass.RefusedOvertaken);
            return;
        }

        if (answer.Walk.Kind != OutcomeKind.Translated)
        {
            Add(PageTableClass.OvertakenByFault);
            return;
        }

        bool writes = PermissionSpec.IsWrite(command.Access.Kind);
        bool first = writes && EditSpec.At(before.Pages, command.Access.Address) is { Mapping.Dirty: false };
        Add(!writes ? PageTableClass.OvertakenByRead : PageTableClass.OvertakenByFirstWrite, !writes || first);
        bool edits = command.Kind is not (PageTableCommandKind.Map or PageTableCommandKind.FreeTables
            or PageTableCommandKind.Age);
        Add(PageTableClass.LateDirtyKept, edits && first && !after.Pages.SequenceEqual(before.Pages));
    }

    private void Add(PageTableClass each, bool when = true) => _counts[(int)each] += when ? 1 : 0;
}

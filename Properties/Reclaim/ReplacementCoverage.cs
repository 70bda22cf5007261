using PageProof.Contract.Reclaim;
using PageProof.Properties.Harness;
using PageProof.Spec.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>
/// Counts the references of a run: the outcomes of each policy, and the classes. Judges them against the floor.
/// </summary>
public sealed class ReplacementCoverage
{
    /// <summary>How many references of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 8_000;

    private const int Outcomes = 4;

    private static readonly ReplacementClass[] Classes = Enum.GetValues<ReplacementClass>();
    private static readonly ReplacementKind[] Kinds = Enum.GetValues<ReplacementKind>();

    private readonly long[] _classes = new long[Classes.Length];
    private readonly long[] _outcomes = new long[Kinds.Length * Outcomes];
    private readonly HashSet<PageNumber> _writtenBack = [];

    /// <summary>How many references were counted.</summary>
    public long References { get; private set; }

    public long this[ReplacementClass each] => _classes[(int)each];

    /// <summary>Counts a reference of one sequence, made in this state, with its right answer.</summary>
    public void Count(ReplacementKind kind, PolicyState before, Reference reference, ReferenceAnswer answer)
    {
        References++;
        _outcomes[Slot(kind, answer)]++;
        if (answer.Outcome == ReferenceOutcome.Hit)
        {
            Add(ReplacementClass.FirstWrite, reference.Mask.HasFlag(ReferenceMask.Write)
                && before.Resident.Any(each => each.Page == reference.Page && !each.IsDirty));
            return;
        }

        Add(ReplacementClass.ComesBack, _writtenBack.Contains(reference.Page));
        if (answer.Outcome == ReferenceOutcome.Replaced)
        {
            Add(ReplacementClass.OneFrame, before.Frames == 1);
            Add(ReplacementClass.TwoFrames, before.Frames == 2);
            CountVictim(before, answer);
        }

        if (answer.IsDirty)
        {
            _writtenBack.Add(answer.Victim);
        }
    }

    public void Add(ReplacementCoverage other)
    {
        References += other.References;
        for (int slot = 0; slot < _classes.Length; slot++)
        {
            _classes[slot] += other._classes[slot];
        }

        for (int slot = 0; slot < _outcomes.Length; slot++)
        {
            _outcomes[slot] += other._outcomes[slot];
        }
    }

    /// <summary>The floor binds once the run is long enough for its rarest class.</summary>
    public CoverageReport Judge(long cases, ReplacementCapabilities offered)
    {
        var counts = Classes.Where(each => OwnerOf(each) is not { } kind || offered.Kinds.Contains(kind))
            .Select(each => (Name: each.ToString(), Count: this[each]))
            .Concat(from kind in offered.Kinds
                    from outcome in Enumerable.Range(0, Outcomes)
                    select (Name: $"{kind} {NameOf(outcome)}", Count: _outcomes[(int)kind * Outcomes + outcome]))
            .ToList();
        var below = counts.Where(each => each.Count < Floor).Select(each => $"{each.Name}: {each.Count}");
        return new(counts.Count, counts.Min(each => each.Count), cases >= CasesToBind ? [.. below] : [], []);
    }

    private static int Slot(ReplacementKind kind, ReferenceAnswer answer) =>
        (int)kind * Outcomes + answer.Outcome switch
        {
            ReferenceOutcome.Hit => 0,
            ReferenceOutcome.Filled => 1,
            _ => answer.IsDirty ? 3 : 2,
        };

    private static string NameOf(int outcome) => outcome switch
    {
        0 => "hit",
        1 => "filled",
        2 => "replaced clean",
        _ => "replaced dirty",
    };

    // The policy of which a class is; null when it is one of all.
    private static ReplacementKind? OwnerOf(ReplacementClass each) => each switch
    {
        < ReplacementClass.SeveralAreDead => null,
        ReplacementClass.SeveralAreDead => ReplacementKind.Opt,
        <= ReplacementClass.HandGoesAround => ReplacementKind.Clock,
        <= ReplacementClass.NruClassThree => ReplacementKind.Nru,
        <= ReplacementClass.AgingAllReferenced => ReplacementKind.Aging,
        <= ReplacementClass.AllDirtyInWorkingSet => ReplacementKind.WsClock,
        _ => ReplacementKind.TwoList,
    };

    private void CountVictim(PolicyState before, ReferenceAnswer answer)
    {
        switch (before)
        {
            case OptState opt:
                Add(ReplacementClass.SeveralAreDead,
                    opt.Pages.Values.Count(page => page.NextUse == OptSpec.Never) > 1);
                break;
            case ClockState clock:
                bool all = clock.Pages.Values.All(page => page.IsReferenced);
                Add(ReplacementClass.HandGoesAround, all);
                Add(ReplacementClass.HandPasses, !all && clock.Pages[clock.Circle[clock.Hand]].IsReferenced);
                break;
            case NruState nru:
                var (page, ticked) = (nru.Pages[answer.Victim], nru.Now % nru.Tick == 0);
                Add((ReplacementClass)((int)ReplacementClass.NruClassZero + (ticked ? page.Class & 1 : page.Class)));
                break;
            case AgingState aging:
                CountAging(aging);
                break;
            case WsClockState clock:
                Add(OfWsClock(clock, answer));
                break;
            case TwoListState lists:
                CountScans(lists);
                break;
        }
    }

    private void CountAging(AgingState aging)
    {
        bool ticked = aging.Now % aging.Tick == 0;
        var worths = aging.Pages.Values.Select(page => ticked ? page.Ticked.Worth : page.Worth).Order().ToList();
        bool tied = worths.Count > 1 && worths[0] == worths[1];
        Add(tied ? ReplacementClass.AgingTie : ReplacementClass.AgingOneLowest);
        Add(ReplacementClass.AgingAllReferenced, worths[0] > byte.MaxValue);
    }

    private static ReplacementClass OfWsClock(WsClockState clock, ReferenceAnswer answer)
    {
        var victim = clock.Pages[answer.Victim];
        bool old = !victim.Marks.IsReferenced && clock.Now - victim.LastUse > clock.Window;
        return answer.IsDirty ? ReplacementClass.AllDirtyInWorkingSet
            : !old ? ReplacementClass.CleanInWorkingSet
            : victim.Marks.IsDirty ? ReplacementClass.GoesAfterCleaning
            : answer.Cleaned > 0 ? ReplacementClass.CleanedOnTheWay : ReplacementClass.LeftWorkingSet;
    }

    private void CountScans(TwoListState lists)
    {
        for (var scan = TwoListLruSpec.Scan(lists); ; scan = TwoListLruSpec.Scan(scan.State))
        {
            Add((scan.From, scan.To) switch
            {
                (PageStanding.Cold, PageStanding.Cool) => ReplacementClass.ColdToCool,
                (PageStanding.Cool, PageStanding.Cold) => ReplacementClass.CoolToCold,
                (PageStanding.Cool, _) => ReplacementClass.Activated,
                (PageStanding.Warm, PageStanding.Hot) => ReplacementClass.WarmToHot,
                (PageStanding.Warm, _) => ReplacementClass.Deactivated,
                (PageStanding.Hot, PageStanding.Hot) => ReplacementClass.StaysHot,
                (PageStanding.Hot, _) => ReplacementClass.HotToWarm,
                _ => ReplacementClass.Evicted,
            });
            if (scan.To == PageStanding.None)
            {
                return;
            }
        }
    }

    private void Add(ReplacementClass each, bool when = true) => _classes[(int)each] += when ? 1 : 0;
}

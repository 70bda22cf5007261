using PageProof.Contract.Swap.Compressed;
using PageProof.Properties.Harness;
using PageProof.Spec.Swap.Compressed;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>Counts the classes of the steps of a run, and judges them against the floor.</summary>
public sealed class CompressedCoverage
{
    /// <summary>How many steps of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 6_000;

    private static readonly CompressedClass[] Classes = Enum.GetValues<CompressedClass>();

    private readonly long[] _counts = new long[Classes.Length];
    private readonly HashSet<ulong> _writtenBack = [];
    private readonly HashSet<ulong> _released = [];
    private readonly HashSet<ulong> _reused = [];

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    public long this[CompressedClass each] => _counts[(int)each];

    /// <summary>A sequence begins.</summary>
    public void Begin()
    {
        _writtenBack.Clear();
        _released.Clear();
        _reused.Clear();
    }

    /// <summary>Counts a step that was permitted.</summary>
    public void Count(
        CompressedState before,
        in CompressedCommand command,
        in CompressedAnswer answer,
        CompressedShown shown,
        CompressedState after)
    {
        Commands++;
        ulong slot = command.Slot.Value;
        var held = before.Slots.GetValueOrDefault(slot);
        Follow(command.Kind, slot, held is not null, shown);
        if (before.Settings.Kind == CompressedKind.Zswap)
        {
            CountZswap(before, command, answer, shown, after);
        }
        else
        {
            CountZram(before, command, answer, shown, after);
        }
    }

    public void Add(CompressedCoverage other)
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

    // What has become of the slots.
    private void Follow(CompressedCommandKind kind, ulong slot, bool isHeld, CompressedShown shown)
    {
        foreach (var each in shown.WrittenBack)
        {
            if (!each.HasFailed)
            {
                _writtenBack.Add(each.Slot.Value);
            }
        }

        if (kind == CompressedCommandKind.Store)
        {
            _writtenBack.Remove(slot);
            if (_released.Contains(slot))
            {
                _reused.Add(slot);
            }
        }
        else if (kind == CompressedCommandKind.Release && isHeld)
        {
            _released.Add(slot);
        }
    }

    private void CountZswap(
        CompressedState before,
        in CompressedCommand command,
        in CompressedAnswer answer,
        CompressedShown shown,
        CompressedState after)
    {
        ulong slot = command.Slot.Value;
        var held = before.Slots.GetValueOrDefault(slot);
        bool hasFailed = shown.WrittenBack.Any(each => each.HasFailed);
        Add(CompressedClass.ZswapWriteBackFailed, hasFailed);
        switch (command.Kind)
        {
            case CompressedCommandKind.Store:
                CountZswapStore(before, held, answer, shown, after);
                break;
            case CompressedCommandKind.Load:
                CountZswapLoad(before, slot, answer);
                break;
            case CompressedCommandKind.Release:
                Add(CompressedClass.ZswapReleasedPool, held is { Place: StoredPlace.Pool });
                Add(CompressedClass.ZswapReleasedWord, held is { Place: StoredPlace.Word });
                Add(CompressedClass.ZswapReleasedDevice, held is { Place: StoredPlace.Device });
                break;
            case CompressedCommandKind.Shrink:
                Add(shown.WrittenBack.IsEmpty ? CompressedClass.ZswapShrunkNothing : CompressedClass.ZswapShrunk);
                break;
            case CompressedCommandKind.Limit:
                Add(CompressedClass.ZswapLimitLowered, after.Pool.Pages > ZswapSpec.PagesMax(after.Settings)
                    && before.Pool.Pages <= ZswapSpec.PagesMax(before.Settings));
                break;
            case CompressedCommandKind.Compact:
                Add(CompressedClass.ZswapCompacted, after.Pool.Pages < before.Pool.Pages);
                break;
        }
    }

    private void CountZswapStore(
        CompressedState before,
        StoredPage? held,
        in CompressedAnswer answer,
        CompressedShown shown,
        CompressedState after)
    {
        bool isAtLimit = after.ZswapSince.PoolLimitHit > before.ZswapSince.PoolLimitHit;
        bool made = !shown.WrittenBack.IsEmpty, isIn = answer.Place is StoredPlace.Pool or StoredPlace.Word;
        Add(CompressedClass.ZswapStored, answer.Place == StoredPlace.Pool);
        Add(CompressedClass.ZswapSameFilled, answer.Place == StoredPlace.Word);
        Add(CompressedClass.ZswapIncompressible, answer.Length == SizeClassSpec.PageSize);
        Add(CompressedClass.ZswapStoredAgain, held is { Place: StoredPlace.Pool });
        Add(CompressedClass.ZswapStoredOverDevice, held is { Place: StoredPlace.Device } && isIn);
        Add(CompressedClass.ZswapMadeRoom, isAtLimit && made && isIn);
        Add(CompressedClass.ZswapMadeRoomByAnother, made && isIn && shown.WrittenBack[0].HasFailed);
        Add(CompressedClass.ZswapGivenUp, made && before.IsReadOnly);
        Add(CompressedClass.ZswapStillFull, made && !isAtLimit);
        Add(CompressedClass.ZswapAcceptsAgain, before.IsFull && !made && isIn);
        Add(CompressedClass.ZswapPassedOn, after.IsFull && answer.Place == StoredPlace.Device);
        Add(CompressedClass.ZswapStoreFailed, answer.Outcome == CompressedOutcome.IoError);
    }

    private void CountZswapLoad(CompressedState before, ulong slot, in CompressedAnswer answer)
    {
        bool isDone = answer.Outcome == CompressedOutcome.Done;
        Add(answer switch
        {
            { Outcome: CompressedOutcome.Empty } => CompressedClass.ZswapLoadedNothing,
            { Outcome: CompressedOutcome.IoError } => CompressedClass.ZswapLoadFailed,
            { Place: StoredPlace.Word } => CompressedClass.ZswapLoadedWord,
            { Place: StoredPlace.Device } => CompressedClass.ZswapLoadedDevice,
            _ => before.Settings.ExclusiveLoads
                ? CompressedClass.ZswapLoadedAlone : CompressedClass.ZswapLoadedPool,
        });
        Add(CompressedClass.ZswapLoadedWrittenBack, isDone && _writtenBack.Contains(slot));
        Add(CompressedClass.ZswapLoadedReused, isDone && _reused.Contains(slot));
    }

    private void CountZram(
        CompressedState before,
        in CompressedCommand command,
        in CompressedAnswer answer,
        CompressedShown shown,
        CompressedState after)
    {
        var held = before.Slots.GetValueOrDefault(command.Slot.Value);
        switch (command.Kind)
        {
            case CompressedCommandKind.Store:
                CountZramStore(before, held, answer, after);
                break;
            case CompressedCommandKind.Load:
                bool isDone = answer.Outcome == CompressedOutcome.Done;
                Add(!isDone ? CompressedClass.ZramLoadFailed : answer.Place switch
                {
                    StoredPlace.Pool => CompressedClass.ZramLoadedPool,
                    StoredPlace.Raw => CompressedClass.ZramLoadedRaw,
                    StoredPlace.Word => CompressedClass.ZramLoadedWord,
                    StoredPlace.Device => CompressedClass.ZramLoadedDevice,
                    _ => CompressedClass.ZramLoadedZeros,
                });
                Add(CompressedClass.ZramLoadedReused,
                    isDone && held is not null && _reused.Contains(command.Slot.Value));
                break;
            case CompressedCommandKind.Release:
                Add(CompressedClass.ZramReleasedPool, held is { Place: StoredPlace.Pool });
                Add(CompressedClass.ZramReleasedRaw, held is { Place: StoredPlace.Raw });
                Add(CompressedClass.ZramReleasedDevice, held is { Place: StoredPlace.Device });
                break;
            case CompressedCommandKind.WriteBack:
                CountWriteBack(before, command.Which, answer, shown);
                break;
            case CompressedCommandKind.Compact:
                Add(CompressedClass.ZramCompacted, after.Pool.Pages < before.Pool.Pages);
                break;
        }
    }

    private void CountZramStore(
        CompressedState before, StoredPage? held, in CompressedAnswer answer, CompressedState after)
    {
        bool failed = answer.Outcome == CompressedOutcome.IoError, isRaw = answer.Place == StoredPlace.Raw;
        int limit = before.Settings.LimitPages;
        Add(CompressedClass.ZramStored, answer.Place == StoredPlace.Pool);
        Add(CompressedClass.ZramSameFilled, answer.Place == StoredPlace.Word);
        Add(CompressedClass.ZramRaw, isRaw && answer.Length == SizeClassSpec.PageSize);
        Add(CompressedClass.ZramRawThoughShorter, isRaw && answer.Length < SizeClassSpec.PageSize);
        Add(CompressedClass.ZramStoredAgain, held is { IsInPool: true } && !failed);
        Add(CompressedClass.ZramStoredOverDevice, held is { Place: StoredPlace.Device } && !failed);
        Add(CompressedClass.ZramLimitHit, failed);
        Add(CompressedClass.ZramLimitHitAgain, failed && held is not null);
        Add(CompressedClass.ZramStoredAtLimit, answer.Place == StoredPlace.Pool && answer.PagesMet == limit
            && after.Pool.Pages == limit);
    }

    private void CountWriteBack(
        CompressedState before, WriteBackKinds which, in CompressedAnswer answer, CompressedShown shown)
    {
        bool any = shown.WrittenBack.Any(each => !each.HasFailed);
        var inPool = before.Slots.Values.Where(page => page.IsInPool);
        Add(CompressedClass.ZramWrittenBackHuge, any && which == WriteBackKinds.Huge);
        Add(CompressedClass.ZramWrittenBackIdle, any && which == WriteBackKinds.Idle);
        Add(CompressedClass.ZramNotIdleAnyMore, any && which == WriteBackKinds.Idle
            && inPool.Any(page => !page.IsIdle));
        Add(CompressedClass.ZramWrittenBackBoth, any && which == (WriteBackKinds.Huge | WriteBackKinds.Idle)
            && inPool.Any(page => page.IsIdle != (page.Place == StoredPlace.Raw)));
        Add(CompressedClass.ZramWriteBackFailed, shown.WrittenBack.Any(each => each.HasFailed));
        Add(CompressedClass.ZramBackingFull, answer.Outcome == CompressedOutcome.NoSpace);
        Add(CompressedClass.ZramWrittenBackNothing,
            answer.Outcome == CompressedOutcome.Done && shown.WrittenBack.IsEmpty);
    }

    private void Add(CompressedClass each, bool when = true) => _counts[(int)each] += when ? 1 : 0;
}

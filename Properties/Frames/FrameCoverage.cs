using PageProof.Contract.Frames;
using PageProof.Properties.Harness;
using PageProof.Spec.Frames;

namespace PageProof.Properties.Frames;

/// <summary>Counts the classes of the steps of a run, and judges them against the floor.</summary>
public sealed class FrameCoverage
{
    /// <summary>How many steps of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 3_000;

    private static readonly FrameClass[] Classes = Enum.GetValues<FrameClass>();

    private readonly long[] _counts = new long[Classes.Length];

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    public long this[FrameClass each] => _counts[(int)each];

    /// <summary>Counts a step that was permitted.</summary>
    public void Count(FrameState before, in FrameCommand command, in FrameAnswer answer, FrameState after)
    {
        Commands++;
        var frame = command.Frame;
        var block = before.Blocks.FirstOrDefault(each => each.First == frame);
        bool counts = command.Kind is >= FrameCommandKind.Release and <= FrameCommandKind.Unpin;
        if (block is { Use: FrameKind.Zero } && counts && answer.Outcome == FrameOutcome.Done)
        {
            Add(FrameClass.ZeroNotCounted);
            return;
        }

        Add(command.Kind switch
        {
            FrameCommandKind.Allocate => OfAllocation(before, command, answer.Outcome),
            FrameCommandKind.Map or FrameCommandKind.MapFromHold or FrameCommandKind.Unmap
                or FrameCommandKind.UnmapToHold => OfMapping(block, command.Kind, answer.Outcome),
            FrameCommandKind.Compact => OfCompaction(before, command.Order, answer.Outcome),
            FrameCommandKind.Measure => answer.Index == -1000 ? FrameClass.MeasuredSuitable
                : before.Free.Blocks.IsEmpty ? FrameClass.MeasuredNothing : FrameClass.MeasuredPieces,
            _ => OfReference(command.Kind, answer.Outcome),
        });
        Add(FrameClass.AllocatedLargest, command is { Kind: FrameCommandKind.Allocate, Order.Value: FrameOrder.Most }
            && answer.Outcome == FrameOutcome.Done);
        bool freed = answer.Outcome == FrameOutcome.Freed, isBlock = block is { Order.Value: > 0 };
        Add(FrameClass.ReleasedBlock, freed && isBlock);
        Add(FrameClass.Merged, freed && after.Free.Blocks.Length < before.Free.Blocks.Length);
        Add(FrameClass.FreedBatch, freed && !isBlock && before.Start.KeptMost > 0
            && before.Free.Kept[command.Cpu.Value].Length == before.Start.KeptMost);
        Add(FrameClass.UnmappedOfSeveral, command.Kind == FrameCommandKind.Unmap && block is { Places.Length: > 1 });
    }

    public void Add(FrameCoverage other)
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

    private static FrameClass OfAllocation(FrameState before, in FrameCommand command, FrameOutcome outcome)
    {
        var order = command.Order;
        bool isSingle = order.Value == 0 && before.Start.KeptMost > 0;
        return outcome == FrameOutcome.OutOfMemory
            ? before.FailsIn == 1 ? FrameClass.FailedOnPurpose
                : before.FreeCount < order.Frames ? FrameClass.OutOfMemory : FrameClass.OutOfRuns
            : isSingle && before.Free.Kept[command.Cpu.Value].Length != 0 ? FrameClass.AllocatedKept
            : !before.Free.Blocks.Any(block => block.Order.Value >= order.Value) ? FrameClass.AllocatedFromKept
            : isSingle ? FrameClass.AllocatedFromBatch : FrameClass.AllocatedBlock;
    }

    private static FrameClass OfMapping(FrameBlock? block, FrameCommandKind kind, FrameOutcome outcome) =>
        (kind, outcome) switch
        {
            (FrameCommandKind.Map, FrameOutcome.Saturated) => FrameClass.MapSaturated,
            (FrameCommandKind.Map, FrameOutcome.OutOfNodes) => FrameClass.MapOutOfNodes,
            (FrameCommandKind.Map, FrameOutcome.Refused) => FrameClass.MapRefused,
            (FrameCommandKind.Map, _) =>
                block!.Places.IsEmpty ? FrameClass.Mapped : FrameClass.MappedAgain,
            (FrameCommandKind.MapFromHold, FrameOutcome.OutOfNodes) => FrameClass.MapFromHoldOutOfNodes,
            (FrameCommandKind.MapFromHold, FrameOutcome.Refused) => FrameClass.MapFromHoldRefused,
            (FrameCommandKind.MapFromHold, _) => FrameClass.MappedFromHold,
            (FrameCommandKind.Unmap, FrameOutcome.Refused) => FrameClass.UnmapRefused,
            (FrameCommandKind.Unmap, FrameOutcome.Freed) => FrameClass.UnmappedLast,
            (FrameCommandKind.Unmap, _) => FrameClass.Unmapped,
            (_, FrameOutcome.Refused) => FrameClass.UnmapToHoldRefused,
            _ => FrameClass.UnmappedToHold,
        };

    private static FrameClass OfCompaction(FrameState before, FrameOrder order, FrameOutcome outcome) =>
        outcome == FrameOutcome.Done
            ? FrameSpec.CanAllocate(before, order) ? FrameClass.CompactedAlready : FrameClass.CompactedByMoves
            : before.FreeCount < order.Frames ? FrameClass.CompactRefusedTooFew : FrameClass.CompactRefusedUnmovable;

    private static FrameClass OfReference(FrameCommandKind kind, FrameOutcome outcome) => (kind, outcome) switch
    {
        (FrameCommandKind.Hold, FrameOutcome.Saturated) => FrameClass.HoldSaturated,
        (FrameCommandKind.Pin, FrameOutcome.Saturated) => FrameClass.PinSaturated,
        (FrameCommandKind.EnterCache, FrameOutcome.Saturated) => FrameClass.EnterCacheSaturated,
        (FrameCommandKind.Release, FrameOutcome.Freed) => FrameClass.ReleasedLast,
        (FrameCommandKind.Unpin, FrameOutcome.Freed) => FrameClass.UnpinnedLast,
        (FrameCommandKind.LeaveCache, FrameOutcome.Freed) => FrameClass.LeftCacheLast,
        (FrameCommandKind.Release, FrameOutcome.Refused) => FrameClass.ReleaseRefused,
        (FrameCommandKind.Hold, FrameOutcome.Refused) => FrameClass.HoldRefused,
        (FrameCommandKind.Pin, FrameOutcome.Refused) => FrameClass.PinRefused,
        (FrameCommandKind.Unpin, FrameOutcome.Refused) => FrameClass.UnpinRefused,
        (FrameCommandKind.EnterCache, FrameOutcome.Refused) => FrameClass.EnterCacheRefused,
        (FrameCommandKind.LeaveCache, FrameOutcome.Refused) => FrameClass.LeaveCacheRefused,
        (FrameCommandKind.Mark, FrameOutcome.Refused) => FrameClass.MarkRefused,
        (FrameCommandKind.Write, FrameOutcome.Refused) => FrameClass.WriteRefused,
        (FrameCommandKind.Release, _) => FrameClass.Released,
        (FrameCommandKind.Hold, _) => FrameClass.Held,
        (FrameCommandKind.Pin, _) => FrameClass.Pinned,
        (FrameCommandKind.Unpin, _) => FrameClass.Unpinned,
        (FrameCommandKind.EnterCache, _) => FrameClass.EnteredCache,
        (FrameCommandKind.LeaveCache, _) => FrameClass.LeftCache,
        (FrameCommandKind.Mark, _) => FrameClass.Marked,
        (FrameCommandKind.Write, _) => FrameClass.Written,
        (FrameCommandKind.Drain, _) => FrameClass.Drained,
        (FrameCommandKind.DrainAll, _) => FrameClass.DrainedAll,
        _ => FrameClass.FailureSet,
    };

    private void Add(FrameClass each, bool when = true) => _counts[(int)each] += when ? 1 : 0;
}

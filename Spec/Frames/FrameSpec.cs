using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>
/// Frames, each with one owner or none: an allocation takes any aligned run of free ones, and must find one
/// whenever there is one, wherever it is kept; a block is free when the last reference to it goes.
/// Source: Linux, Documentation/core-api/memory-allocation.rst, the comments of mm/page_alloc.c, and
/// Documentation/fault-injection/fault-injection.rst for allocations that are made to fail.
/// </summary>
public static class FrameSpec
{
    /// <summary>All frames free but the reserved ones.</summary>
    public static FrameStep Begin(FrameStart start, FramesShown shown)
    {
        var all = start.Frames;
        FrameState state = new(start, [], [.. Enumerable.Repeat(false, all.Count)], shown.Free, 0);
        return Audit(
            start.Reserved.Aggregate(
                state, (each, range) => each.With(range.First, range.Count, true)),
            shown);
    }

    /// <summary>The frame that a command is about: of a block in use, of what is mapped at its place, or any.</summary>
    public static FrameNumber FrameOf(FrameState state, FrameCommand command)
    {
        var (target, all) = (command.Target, state.Start.Frames);
        return command.Kind is FrameCommandKind.Unmap or FrameCommandKind.UnmapToHold
                && state.BlockAt(command.Place) is { } mapped ? mapped.First
            : target.IsInUse && state.Blocks.Length != 0
                ? state.Blocks[state.Blocks.Length - 1 - target.Number % state.Blocks.Length].First
            : new(all.First.Value + target.Number % all.Count);
    }

    /// <summary>Whether a block of an order can be taken.</summary>
    public static bool CanAllocate(FrameState state, FrameOrder order) =>
        RunsOf(state.Start, order).Any(first => state.IsFree(first, order.Frames));

    /// <summary>Where a block of an order can be: at multiples of its size.</summary>
    public static IEnumerable<int> RunsOf(FrameStart start, FrameOrder order)
    {
        int size = order.Frames, end = start.Frames.First.Value + start.Frames.Count;
        int first = (start.Frames.First.Value + size - 1) / size;
        return Enumerable.Range(first, Math.Max(0, end / size - first)).Select(each => each * size);
    }

    /// <summary>How a command ends.</summary>
    public static FrameOutcome OutcomeOf(FrameState state, FrameCommand command) => command.Kind switch
    {
        FrameCommandKind.Allocate => state.FailsIn != 1 && CanAllocate(state, command.Order)
            ? FrameOutcome.Done : FrameOutcome.OutOfMemory,
        FrameCommandKind.Compact => CompactionSpec.IsPossible(state, command.Order)
            ? FrameOutcome.Done : FrameOutcome.Refused,
        FrameCommandKind.Drain or FrameCommandKind.DrainAll or FrameCommandKind.Measure or FrameCommandKind.Fail =>
            FrameOutcome.Done,
        FrameCommandKind.Unmap or FrameCommandKind.UnmapToHold when state.BlockAt(command.Place) is null =>
            FrameOutcome.Refused,
        _ => ReferenceSpec.Step(state, state.BlockAt(command.Frame), command).Outcome,
    };

    /// <summary>Whether the answer is permitted, and the state after it.</summary>
    public static FrameStep Follow(FrameState before, FrameCommand command, FrameAnswer answer, FramesShown shown)
    {
        var outcome = OutcomeOf(before, command);
        if (answer.Outcome != outcome)
        {
            return new(null, $"it ends with {outcome}");
        }

        var step = command.Kind switch
        {
            FrameCommandKind.Allocate => Allocate(before, command, answer),
            FrameCommandKind.Compact => CompactionSpec.Follow(before, command.Order, shown.Moves),
            FrameCommandKind.Measure =>
                new(before, FragmentationSpec.Refusal(before.Free.Blocks, command.Order, answer)),
            FrameCommandKind.Fail => new(before with { FailsIn = command.Value }, null),
            FrameCommandKind.Drain or FrameCommandKind.DrainAll => new(before, null),
            _ => new FrameStep(Referred(before, command, outcome), null),
        };
        if (step.State is not { } after || step.Refusal is not null)
        {
            return new(null, step.Refusal);
        }

        after = after with { Free = shown.Free };
        return CpuCacheSpec.Refusal(before, command, answer, after) is { } wrong
            ? new(null, wrong)
            : Audit(after, shown);
    }

    private static FrameStep Allocate(FrameState before, FrameCommand command, FrameAnswer answer)
    {
        var state = before with { FailsIn = before.FailsIn == 0 ? 0 : before.FailsIn - 1 };
        if (answer.Outcome == FrameOutcome.OutOfMemory)
        {
            return new(state, null);
        }

        var (first, order) = (answer.Frame, command.Order);
        if (first.Value % order.Frames != 0 || !state.IsFree(first.Value, order.Frames))
        {
            return new(null, $"{first} is not the first of an aligned block that is free");
        }

        FrameBlock block = new(first, order, command.Use, 1, 0, [], null, FrameFlags.None, null);
        return new(state.With(first, order.Frames, true) with { Blocks = state.Blocks.Add(block) }, null);
    }

    private static FrameState Referred(FrameState state, FrameCommand command, FrameOutcome outcome)
    {
        if (outcome is not (FrameOutcome.Done or FrameOutcome.Freed))
        {
            return state;
        }

        var block = state.BlockAt(command.Frame)!;
        return ReferenceSpec.Step(state, block, command).Block is { } left
            ? state with { Blocks = state.Blocks.Replace(block, left) }
            : state.With(block.First, block.Order.Frames, false) with { Blocks = state.Blocks.Remove(block) };
    }

    private static FrameStep Audit(FrameState state, FramesShown shown)
    {
        string? wrong = BuddySpec.Refusal(state) ?? OwnershipSpec.Refusal(state, shown);
        return wrong is null ? new(state, null) : new(null, wrong);
    }
}

using System.Collections.Immutable;
using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>
/// Moving frames so that a block of an order is free. What is moved takes all with it: content, references,
/// mappings, and what is noted of it. It can be moved when everybody who refers to it is known: mappings and
/// a cache, but no hold and no pin; single frames alone. Which frames go where is free. It must work when
/// there is an aligned run in which nothing has to stay, and as many frames are free as it has: so many then
/// fit outside it as are in its way.
/// Source: Linux, Documentation/mm/page_migration.rst, and Documentation/admin-guide/sysctl/vm.rst,
/// compact_memory; the comments of mm/compaction.c on the two scanners, which may give up sooner.
/// </summary>
public static class CompactionSpec
{
    /// <summary>Whether everybody who refers to a block can be told that it is elsewhere.</summary>
    public static bool IsMovable(FrameBlock block) => block is
    {
        Order.Value: 0,
        Use: FrameKind.Anonymous or FrameKind.File,
        Holds: 0,
        Pins: 0,
    };

    /// <summary>Whether a block of the order can be made free.</summary>
    public static bool IsPossible(FrameState state, FrameOrder order)
    {
        if (FrameSpec.CanAllocate(state, order))
        {
            return true;
        }

        var movable = state.Blocks.Where(IsMovable).Select(block => block.First.Value).ToHashSet();
        return state.FreeCount >= order.Frames && FrameSpec.RunsOf(state.Start, order).Any(
            run => Enumerable.Range(run, order.Frames).All(
                frame => state.IsFree(frame, 1) || movable.Contains(frame)));
    }

    /// <summary>The state after moves, or why one is not permitted; nothing is moved in vain.</summary>
    public static FrameStep Follow(FrameState before, FrameOrder order, ImmutableArray<FrameMove> moves)
    {
        bool possible = IsPossible(before, order);
        if (moves.Length != 0 && (!possible || FrameSpec.CanAllocate(before, order)))
        {
            return new(null, "nothing is to be moved");
        }

        var state = before;
        foreach (var move in moves)
        {
            if (state.BlockAt(move.From) is not { } block || !IsMovable(block))
            {
                return new(null, $"{move.From} is not to be moved");
            }

            if (!state.IsFree(move.To.Value, 1))
            {
                return new(null, $"{move.To} is not free");
            }

            state = state.With(move.From, 1, false).With(move.To, 1, true) with
            {
                Blocks = state.Blocks.Replace(block, block with { First = move.To }),
            };
        }

        return !possible || FrameSpec.CanAllocate(state, order)
            ? new(state, null)
            : new(null, $"no block of {order} is free after it");
    }
}

using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>How a command on a block ends, and the block after it.</summary>
public readonly record struct ReferenceStep(FrameOutcome Outcome, FrameBlock? Block);

/// <summary>
/// Who refers to a block. It is free when nobody does, so a reference is only taken of a block that has one,
/// and a count that is full stays: were it to wrap, the block would be freed under those who use it. How the
/// counts change is said by <see cref="FrameCountSpec"/>; here, where it is mapped and as what it is named.
/// The page of zeros is not counted.
/// Source: Linux, include/linux/mm_types.h on the counts of struct page; Documentation/core-api/pin_user_pages.rst;
/// commits 88b1a17dfc3e and 15fab63e1e57 of 2019, on references that must not overflow.
/// </summary>
public static class ReferenceSpec
{
    /// <summary>What a command does to a block; null stands for a frame with which no block in use begins.</summary>
    public static ReferenceStep Step(FrameState state, FrameBlock? block, FrameCommand command)
    {
        bool maps = command.Kind is FrameCommandKind.Map or FrameCommandKind.MapFromHold;
        return block is null || maps && state.BlockAt(command.Place) is not null ? Refuse(block)
            : block.Use == FrameKind.Zero ? OfZero(block, command)
            : command.Kind switch
            {
                FrameCommandKind.Mark => new(FrameOutcome.Done, block with { Flags = command.Flags }),
                FrameCommandKind.Write => new(FrameOutcome.Done, block with { Content = command.Value }),
                _ => Counted(state, block, command),
            };
    }

    private static ReferenceStep Counted(FrameState state, FrameBlock block, FrameCommand command)
    {
        var happened = EventOf(command.Kind);
        var counts = CountsOf(block);
        uint most = (uint)state.Start.CountMost;
        var step = FrameCountSpec.Step(counts, happened, block.Use, most);
        if (!step.Permitted)
        {
            // What could be done if the limit were not reached ends so.
            bool isFull = FrameCountSpec.Step(counts, happened, block.Use, most + 1).Permitted;
            return isFull ? new(FrameOutcome.Saturated, block) : Refuse(block);
        }

        if (step.After.Mappings > counts.Mappings && Noted(state) == state.Start.MappingsMost)
        {
            return new(FrameOutcome.OutOfNodes, block);
        }

        return step.After.References == 0 ? new(FrameOutcome.Freed, null) : new(FrameOutcome.Done, block with
        {
            Holds = (int)step.After.Holds,
            Pins = (int)step.After.Pins,
            Places = step.After.Mappings > counts.Mappings ? block.Places.Add(command.Place)
                : step.After.Mappings < counts.Mappings ? block.Places.Remove(command.Place) : block.Places,
            Page = !step.After.Cached ? null : block.Page ?? command.Page,
        });
    }

    // D7: it is never dirty, never written, and never freed.
    private static ReferenceStep OfZero(FrameBlock block, FrameCommand command) => command.Kind switch
    {
        FrameCommandKind.Map or FrameCommandKind.MapFromHold =>
            new(FrameOutcome.Done, block with { Places = block.Places.Add(command.Place) }),
        FrameCommandKind.Unmap or FrameCommandKind.UnmapToHold =>
            new(FrameOutcome.Done, block with { Places = block.Places.Remove(command.Place) }),
        FrameCommandKind.Hold or FrameCommandKind.Release or FrameCommandKind.Pin or FrameCommandKind.Unpin =>
            new(FrameOutcome.Done, block),
        _ => Refuse(block),
    };

    private static FrameCounts CountsOf(FrameBlock block) => new(
        true, block.Use, (uint)block.References, (uint)block.Holds, (uint)block.Places.Length, (uint)block.Pins,
        block.Page is not null);

    private static FrameEvent EventOf(FrameCommandKind kind) => kind switch
    {
        FrameCommandKind.Hold => FrameEvent.Hold,
        FrameCommandKind.Release => FrameEvent.Release,
        FrameCommandKind.Map => FrameEvent.Map,
        FrameCommandKind.MapFromHold => FrameEvent.MapFromHold,
        FrameCommandKind.Unmap => FrameEvent.Unmap,
        FrameCommandKind.UnmapToHold => FrameEvent.UnmapToHold,
        FrameCommandKind.Pin => FrameEvent.Pin,
        FrameCommandKind.Unpin => FrameEvent.Unpin,
        FrameCommandKind.EnterCache => FrameEvent.EnterCache,
        _ => FrameEvent.LeaveCache,
    };

    private static int Noted(FrameState state) =>
        state.Blocks.Where(block => block.Use != FrameKind.Zero).Sum(block => block.Places.Length);

    private static ReferenceStep Refuse(FrameBlock? block) => new(FrameOutcome.Refused, block);
}

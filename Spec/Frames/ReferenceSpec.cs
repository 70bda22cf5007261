using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>How a command on a block ends, and the block after it.</summary>
public readonly record struct ReferenceStep(FrameOutcome Outcome, FrameBlock? Block);

/// <summary>
/// Who refers to a block. It is free when nobody does, so a reference is only taken of a block that has one,
/// and a count that is full stays: were it to wrap, the block would be freed under those who use it. What
/// processes see is anonymous memory and files, never a table. The page of zeros is not counted.
/// Source: Linux, include/linux/mm_types.h on the counts of struct page; Documentation/core-api/pin_user_pages.rst;
/// commits 88b1a17dfc3e and 15fab63e1e57 of 2019, on references that must not overflow.
/// </summary>
public static class ReferenceSpec
{
    /// <summary>What a command does to a block; null stands for a frame with which no block in use begins.</summary>
    public static ReferenceStep Step(FrameState state, FrameBlock? block, FrameCommand command) =>
        block is null ? new(FrameOutcome.Refused, null)
        : block.Use == FrameKind.Zero ? OfZero(state, block, command)
        : command.Kind switch
        {
            FrameCommandKind.Hold => Add(state, block, block with { Holds = block.Holds + 1 }),
            FrameCommandKind.Release => block.Holds == 0 ? Refuse(block)
                : Drop(block with { Holds = block.Holds - 1 }),
            FrameCommandKind.Map => state.BlockAt(command.Place) is not null || !IsShown(block) ? Refuse(block)
                : HasNode(state, Add(state, block, block with { Places = block.Places.Add(command.Place) })),
            FrameCommandKind.MapFromHold =>
                state.BlockAt(command.Place) is not null || !IsShown(block) || block.Holds == 0 ? Refuse(block)
                : HasNode(state, new(FrameOutcome.Done, block with
                {
                    Holds = block.Holds - 1,
                    Places = block.Places.Add(command.Place),
                })),
            FrameCommandKind.Unmap => Drop(block with { Places = block.Places.Remove(command.Place) }),
            FrameCommandKind.UnmapToHold => new(FrameOutcome.Done, block with
            {
                Holds = block.Holds + 1,
                Places = block.Places.Remove(command.Place),
            }),
            FrameCommandKind.Pin => !IsShown(block) ? Refuse(block)
                : Add(state, block, block with { Pins = block.Pins + 1 }),
            FrameCommandKind.Unpin => block.Pins == 0 ? Refuse(block) : Drop(block with { Pins = block.Pins - 1 }),
            // E4: what a process alone has is never a page of a file.
            FrameCommandKind.EnterCache => block.Use != FrameKind.File || block.Page is not null ? Refuse(block)
                : Add(state, block, block with { Page = command.Page }),
            FrameCommandKind.LeaveCache => block.Page is null ? Refuse(block) : Drop(block with { Page = null }),
            FrameCommandKind.Mark => new(FrameOutcome.Done, block with { Flags = command.Flags }),
            _ => new(FrameOutcome.Done, block with { Content = command.Value }),
        };

    // D7: it is never dirty, never written, and never freed.
    private static ReferenceStep OfZero(FrameState state, FrameBlock block, FrameCommand command) =>
        command.Kind switch
        {
            FrameCommandKind.Map or FrameCommandKind.MapFromHold => state.BlockAt(command.Place) is not null
                ? Refuse(block)
                : new(FrameOutcome.Done, block with { Places = block.Places.Add(command.Place) }),
            FrameCommandKind.Unmap or FrameCommandKind.UnmapToHold =>
                new(FrameOutcome.Done, block with { Places = block.Places.Remove(command.Place) }),
            FrameCommandKind.Hold or FrameCommandKind.Release or FrameCommandKind.Pin or FrameCommandKind.Unpin =>
                new(FrameOutcome.Done, block),
            _ => Refuse(block),
        };

    private static bool IsShown(FrameBlock block) => block.Use is FrameKind.Anonymous or FrameKind.File;

    private static ReferenceStep Add(FrameState state, FrameBlock before, FrameBlock after) =>
        before.References == state.Start.CountMost
            ? new(FrameOutcome.Saturated, before)
            : new(FrameOutcome.Done, after);

    private static ReferenceStep Drop(FrameBlock after) =>
        after.References == 0 ? new(FrameOutcome.Freed, null) : new(FrameOutcome.Done, after);

    private static ReferenceStep HasNode(FrameState state, ReferenceStep step)
    {
        int noted = state.Blocks.Where(block => block.Use != FrameKind.Zero).Sum(block => block.Places.Length);
        return step.Outcome == FrameOutcome.Done && noted == state.Start.MappingsMost
            ? new(FrameOutcome.OutOfNodes, step.Block)
            : step;
    }

    private static ReferenceStep Refuse(FrameBlock block) => new(FrameOutcome.Refused, block);
}

using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>
/// How free frames are kept: each once, in a free block or by a CPU. A block begins at a multiple of its size.
/// Two free blocks that together make the block of the next order are that block, up to the largest order;
/// only frames that CPUs keep lie between. So without those a block of an order can be taken exactly if an
/// aligned run of so many free frames is there.
/// Source: Knuth, The Art of Computer Programming, volume 1, 2.5, the buddy system; Linux, the comment of
/// __free_one_page in mm/page_alloc.c.
/// </summary>
public static class BuddySpec
{
    /// <summary>The block that makes the block of the next order with this one.</summary>
    public static FrameNumber BuddyOf(FreeBlock block)
    {
        int number = block.First.Value, size = block.Order.Frames;
        return new(number / size % 2 == 0 ? number + size : number - size);
    }

    /// <summary>What is wrong with the way in which the free frames of a state are kept, or null.</summary>
    public static string? Refusal(FrameState state)
    {
        var (blocks, kept) = (state.Free.Blocks, state.Free.Kept);
        foreach (var block in blocks)
        {
            if (block.First.Value % block.Order.Frames != 0)
            {
                return $"the free block of {block} does not begin at a multiple of its size";
            }

            if (block.Order.Value < FrameOrder.Most && blocks.Contains(new(BuddyOf(block), block.Order)))
            {
                return $"the free block of {block} is apart from its buddy, which is free, too";
            }
        }

        var free = blocks.SelectMany(block => Enumerable.Range(block.First.Value, block.Order.Frames))
            .Concat(kept.SelectMany(frames => frames).Select(frame => frame.Value)).Order();
        var expected = Enumerable.Range(state.Start.Frames.First.Value, state.Taken.Length)
            .Where((_, place) => !state.Taken[place]);
        return free.SequenceEqual(expected)
            ? null
            : $"what is in free blocks or kept by CPUs is not what is free: {state.FreeCount} frames";
    }
}

using PageProof.Contract.Frames;

namespace PageProof.Implementation.Frames;

/// <summary>What of a block in use can be moved out of it.</summary>
internal interface IBlockContent
{
    /// <summary>Whether the page of a frame in use can go elsewhere.</summary>
    bool IsMovable(int frame);
}

/// <summary>Chooses the block that is emptied with the fewest moves: one pass over the records.</summary>
internal readonly struct BlockChoice<TContent>(FrameTable table, TContent content)
    where TContent : struct, IBlockContent
{
    /// <summary>There is no such block.</summary>
    public const int None = -1;

    /// <summary>
    /// The block of an order with the fewest frames to be moved, the first of several; none when each has some that
    /// must stay.
    /// </summary>
    public int Cheapest(int first, int count, int order)
    {
        int size = 1 << order;
        int cheapest = None, fewest = size + 1;
        int start = BuddyArithmetic.BlockOf(first + size - 1, order);
        for (int block = start; block + size <= first + count; block += size)
        {
            int moves = MovesOutOf(block, block + size);
            if (moves != None && moves < fewest)
            {
                (cheapest, fewest) = (block, moves);
            }
        }

        return cheapest;
    }

    private int MovesOutOf(int frame, int end)
    {
        int moves = 0;
        while (frame < end)
        {
            ref var record = ref table[frame];
            if (record.Kind == FrameKind.Free)
            {
                frame += 1 << record.Order;
                continue;
            }

            if (!content.IsMovable(frame))
            {
                return None;
            }

            moves++;
            frame++;
        }

        return moves;
    }
}

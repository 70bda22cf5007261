using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;

namespace PageProof.Implementation.Frames;

/// <summary>What moving a frame means to those who know it by its number.</summary>
public interface IFrameMover
{
    /// <summary>The entry that leads to the frame is made to lead nowhere, and flushed.</summary>
    void Unmap(int space, ulong page, int frame);

    /// <summary>The content is copied; and a list that the frame is on has the new one in its place.</summary>
    void Copy(int from, int to);

    /// <summary>The entry leads to the new frame.</summary>
    void Map(int space, ulong page, int frame);

    /// <summary>The cache that knows a page of an object by its frame learns of the new one.</summary>
    void Renew(int owner, uint index, int from, int to);
}

/// <summary>
/// Makes a block of an order free by moving what is in its way. It empties the aligned block that needs the
/// fewest moves and holds nothing that must stay; the frames go to the last free ones outside it. That works
/// whenever so many frames are free as the block has. One pass over the records to choose, one to move.
/// No other CPU edits tables meanwhile.
/// </summary>
public sealed class Compactor(FrameAllocator frames, int first, int count)
{
    private const int None = BlockChoice<Content>.None;

    private readonly FrameTable _table = frames.Table;
    private readonly BuddyAllocator _free = frames.Free;

    /// <summary>How many frames were moved so far.</summary>
    public long Moved { get; private set; }

    /// <summary>Whether a block of the order is free now. When it cannot be made so, nothing is moved.</summary>
    public bool TryCompact<TMover, TYield>(int order, TMover mover, TYield yield)
        where TMover : struct, IFrameMover
        where TYield : struct, IYield
    {
        yield.Point(YieldKind.Lock);
        frames.DrainAll();
        if (_free.Has(order))
        {
            return true;
        }

        int block = _free.FreeFrames >> order == 0 ? None
            : new BlockChoice<Content>(_table, new(_table)).Cheapest(first, count, order);
        if (block == None)
        {
            return false;
        }

        Empty(block, order, mover);
        return true;
    }

    private void Empty<TMover>(int block, int order, TMover mover)
        where TMover : struct, IFrameMover
    {
        int end = block + (1 << order);
        int target = first + count;
        for (int frame = block; frame < end; frame++)
        {
            if (!_table[frame].IsMovable)
            {
                continue;
            }

            do
            {
                // Nothing outside the block is freed meanwhile, so no target is passed over for good.
                target = target == end ? block - 1 : target - 1;
            }
            while (!_free.TryTakeFrame(target));

            Move(frame, target, mover);
        }
    }

    private void Move<TMover>(int from, int to, TMover mover)
        where TMover : struct, IFrameMover
    {
        int chain = _table[from].FirstMapping;
        for (int node = chain; node != 0; node = _table.Mapping(node).Next)
        {
            mover.Unmap(_table.Mapping(node).Space, _table.Mapping(node).Page, from);
        }

        mover.Copy(from, to);
        _table.Move(from, to);
        for (int node = chain; node != 0; node = _table.Mapping(node).Next)
        {
            mover.Map(_table.Mapping(node).Space, _table.Mapping(node).Page, to);
        }

        ref var moved = ref _table[to];
        if ((moved.Flags & FrameFlags.Cached) != 0)
        {
            mover.Renew(moved.Owner, moved.Index, from, to);
        }

        _free.Give(from, 0);
        Moved++;
    }

    private readonly struct Content(FrameTable table) : IBlockContent
    {
        public bool IsMovable(int frame) => table[frame].IsMovable;
    }
}

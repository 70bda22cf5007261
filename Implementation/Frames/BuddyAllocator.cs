using System.Numerics;
using PageProof.Contract.Frames;

namespace PageProof.Implementation.Frames;

/// <summary>
/// The free blocks of a range of frames, by their order: a list for each, which runs through the records of
/// the first frames, and a bit for each list that is not empty. Two free buddies never stay apart, so taking
/// and giving back cost at most one step an order. What was given back last is taken first.
/// </summary>
public sealed class BuddyAllocator
{
    private const int None = -1;
    private const int Orders = FrameOrder.Most + 1;

    private readonly FrameTable _table;
    private readonly int _first;
    private readonly int _count;
    private readonly int[] _heads = new int[Orders];
    private readonly int[] _blocks = new int[Orders];
    private uint _notEmpty;

    /// <summary>A range of frames, none of which is free yet.</summary>
    public BuddyAllocator(FrameTable table, int first, int count)
    {
        (_table, _first, _count) = (table, first, count);
        Array.Fill(_heads, None);
    }

    /// <summary>How many frames are free.</summary>
    public int FreeFrames { get; private set; }

    /// <summary>How many free blocks of an order there are.</summary>
    public int BlocksOf(int order) => _blocks[order];

    /// <summary>The first of them; -1 when there is none. The others follow by the records.</summary>
    public int FirstOf(int order) => _heads[order];

    /// <summary>Whether a block of the order, or a larger one, is free.</summary>
    public bool Has(int order) => _notEmpty >> order != 0;

    /// <summary>No frame is free; the records have been reset as well.</summary>
    public void Reset()
    {
        Array.Fill(_heads, None);
        _blocks.AsSpan().Clear();
        (FreeFrames, _notEmpty) = (0, 0);
    }

    /// <summary>Frees a range that is in use: with the largest blocks that fit.</summary>
    public void GiveRange(int frame, int count)
    {
        int end = frame + count;
        while (frame < end)
        {
            int aligned = Math.Min(BitOperations.TrailingZeroCount(frame), FrameOrder.Most);
            int order = Math.Min(aligned, BitOperations.Log2((uint)(end - frame)));
            Give(frame, order);
            frame += 1 << order;
        }
    }

    /// <summary>
    /// Takes a block out of the smallest that is large enough; its lower part is taken, and what is above it
    /// stays free. False when there is none.
    /// </summary>
    public bool TryTake(int order, out int frame)
    {
        uint fitting = _notEmpty >> order << order;
        if (fitting == 0)
        {
            frame = None;
            return false;
        }

        int from = BitOperations.TrailingZeroCount(fitting);
        frame = _heads[from];
        Remove(frame, from);
        Halve(frame, frame, from, order);
        return true;
    }

    /// <summary>Takes this very frame out of the free block that it is in; false when it is in none.</summary>
    public bool TryTakeFrame(int frame)
    {
        int order = OrderOfFree(frame);
        if (order == None)
        {
            return false;
        }

        int block = BuddyArithmetic.BlockOf(frame, order);
        Remove(block, order);
        Halve(block, frame, order, 0);
        return true;
    }

    /// <summary>The order of the free block that a frame is in; -1 when it is in none.</summary>
    public int OrderOfFree(int frame)
    {
        for (int order = 0; order < Orders; order++)
        {
            if (IsFreeBlock(BuddyArithmetic.BlockOf(frame, order), order))
            {
                return order;
            }
        }

        return None;
    }

    /// <summary>Takes a block back, and merges it with its buddy as long as that is free.</summary>
    public void Give(int frame, int order)
    {
        FreeFrames += 1 << order;
        _table[frame].Become(FrameKind.Tail, 0);
        while (order < FrameOrder.Most)
        {
            int buddy = BuddyArithmetic.BuddyOf(frame, order);
            if (!IsFreeBlock(buddy, order))
            {
                break;
            }

            Unlink(buddy, order);
            frame = BuddyArithmetic.MergedWithBuddy(frame, order);
            order++;
        }

        Link(frame, order);
    }

    // The upper halves go back, or the lower ones where the wanted block is above them.
    private void Halve(int frame, int wanted, int order, int down)
    {
        while (order > down)
        {
            order--;
            int upper = BuddyArithmetic.UpperHalf(frame, order);
            FreeFrames += 1 << order;
            if (wanted < upper)
            {
                Link(upper, order);
            }
            else
            {
                Link(frame, order);
                frame = upper;
            }
        }
    }

    private bool IsFreeBlock(int frame, int order)
    {
        if ((uint)(frame - _first) >= (uint)_count)
        {
            return false;
        }

        ref var record = ref _table[frame];
        return record.Kind == FrameKind.Free && record.Order == order;
    }

    private void Remove(int frame, int order)
    {
        Unlink(frame, order);
        FreeFrames -= 1 << order;
    }

    private void Link(int frame, int order)
    {
        ref var record = ref _table[frame];
        int head = _heads[order];
        record.Become(FrameKind.Free, order);
        (record.Next, record.Previous) = (head, None);
        if (head != None)
        {
            _table[head].Previous = frame;
        }

        _heads[order] = frame;
        _blocks[order]++;
        _notEmpty |= 1u << order;
    }

    private void Unlink(int frame, int order)
    {
        ref var record = ref _table[frame];
        record.Become(FrameKind.Tail, 0);
        if (record.Next != None)
        {
            _table[record.Next].Previous = record.Previous;
        }

        if (record.Previous != None)
        {
            _table[record.Previous].Next = record.Next;
        }
        else
        {
            _heads[order] = record.Next;
        }

        if (--_blocks[order] == 0)
        {
            _notEmpty &= ~(1u << order);
        }
    }
}

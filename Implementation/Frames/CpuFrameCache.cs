using PageProof.Contract.Frames;

namespace PageProof.Implementation.Frames;

/// <summary>How many frames each CPU keeps.</summary>
/// <param name="High">From how many on it gives some back; none are kept when it is zero.</param>
/// <param name="Batch">How many it takes or gives back at once, at least one.</param>
public readonly record struct FrameCacheSize(int High, int Batch);

/// <summary>
/// Free frames that one CPU keeps for itself, so that it seldom needs the lock of the free blocks: a stack in
/// a flat array. What was freed last is taken first, as it may still be in the CPU's cache; what lies at the
/// bottom goes back first.
/// </summary>
public sealed class CpuFrameCache
{
    private readonly FrameTable _table;
    private readonly int[] _frames;
    private readonly int _batch;

    public CpuFrameCache(FrameTable table, FrameCacheSize size)
    {
        (_table, _batch) = (table, size.Batch);
        _frames = new int[size.High];
    }

    /// <summary>How many frames it keeps.</summary>
    public int Count { get; private set; }

    /// <summary>The CPU has found nothing where it wanted a block, since somebody last looked.</summary>
    public bool Lacks { get; set; }

    /// <summary>Whether some have to go back before another one can be kept.</summary>
    public bool IsFull => Count == _frames.Length;

    /// <summary>The frames, that which is taken next at the end.</summary>
    public ReadOnlySpan<int> Frames => _frames.AsSpan(0, Count);

    /// <summary>Keeps nothing; the records have been reset as well.</summary>
    public void Reset() => (Count, Lacks) = (0, false);

    /// <summary>Takes the frame that was kept last; there has to be one.</summary>
    public int Pop() => _frames[--Count];

    /// <summary>Keeps a frame; it must not be full.</summary>
    public void Push(int frame)
    {
        _table[frame].Become(FrameKind.InCpuCache, 0);
        _frames[Count++] = frame;
    }

    /// <summary>Takes a batch, or what there is of one, and never more than it can keep.</summary>
    public void Refill(BuddyAllocator free)
    {
        for (int wanted = Math.Min(_batch, _frames.Length); wanted > 0 && free.TryTake(0, out int frame); wanted--)
        {
            Push(frame);
        }
    }

    /// <summary>Gives back the batch that was kept longest.</summary>
    public void DrainBatch(BuddyAllocator free) => Drain(free, Math.Min(_batch, Count));

    /// <summary>Gives all back.</summary>
    public void Drain(BuddyAllocator free) => Drain(free, Count);

    private void Drain(BuddyAllocator free, int count)
    {
        for (int place = 0; place < count; place++)
        {
            free.Give(_frames[place], 0);
        }

        Count -= count;
        _frames.AsSpan(count, Count).CopyTo(_frames);
    }
}

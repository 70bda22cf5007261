using PageProof.Implementation.Reclaim;

namespace PageProof.Implementation.Frames;

/// <summary>
/// The frames of a machine: their records, the free blocks, and what each CPU keeps for itself. What a CPU
/// does with them is done by <see cref="CpuFrames{TYield}"/>.
/// </summary>
public sealed class FrameAllocator
{
    private readonly CpuFrameCache[] _caches;

    /// <summary>All frames of a range are free.</summary>
    public FrameAllocator(FrameTable table, int first, int count, int cpus, FrameCacheSize size)
        : this(table, new BuddyAllocator(table, first, count), cpus, size) => Free.GiveRange(first, count);

    /// <summary>Gives out what a list of free blocks has.</summary>
    public FrameAllocator(FrameTable table, BuddyAllocator free, int cpus, FrameCacheSize size)
    {
        (Table, Free, IsCaching) = (table, free, size.High != 0);
        _caches = new CpuFrameCache[cpus];
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            _caches[cpu] = new(table, size);
        }
    }

    public FrameTable Table { get; }

    /// <summary>The free blocks.</summary>
    public BuddyAllocator Free { get; }

    /// <summary>The lists of what may be given up: what is free is on none; null where there are none.</summary>
    internal PageLists? Lists { get; set; }

    /// <summary>Whether CPUs keep frames at all.</summary>
    public bool IsCaching { get; }

    /// <summary>How many frames are free, those that CPUs keep among them.</summary>
    public int FreeFrames
    {
        get
        {
            int count = Free.FreeFrames;
            foreach (var cache in _caches)
            {
                count += cache.Count;
            }

            return count;
        }
    }

    /// <summary>How often it was asked for a block, whether or not it had one.</summary>
    public long Asked { get; private set; }

    /// <summary>
    /// The allocation that fails, as a number of <see cref="Asked"/>, whatever is free; 0 for none.
    /// </summary>
    public long FailsAt { get; set; }

    /// <summary>What a CPU keeps.</summary>
    public CpuFrameCache CacheOf(int cpu) => _caches[cpu];

    /// <summary>All frames of a range are free, none was asked for, and none is to fail.</summary>
    public void Reset(int first, int count)
    {
        Table.Reset();
        Free.Reset();
        foreach (var cache in _caches)
        {
            cache.Reset();
        }

        (Asked, FailsAt) = (0, 0);
        Free.GiveRange(first, count);
    }

    /// <summary>Counts an allocation; true when it is that which is to fail.</summary>
    public bool IsToFail() => ++Asked == FailsAt;

    /// <summary>Gives back what every CPU keeps. Under the lock of the free blocks.</summary>
    public void DrainAll()
    {
        foreach (var cache in _caches)
        {
            cache.Drain(Free);
        }
    }
}

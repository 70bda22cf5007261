using PageProof.Contract.Frames;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.PageTables;

namespace PageProof.Implementation.Frames;

/// <summary>
/// What one CPU does with frames. It gives them out, and takes them back when their last reference goes:
/// single frames through its own cache, larger blocks from the lists of free ones. Before it says that there
/// is no memory, the caches of all CPUs are emptied, so that what is free counts wherever it lies. What a
/// frame holds when it is given out is anything; who takes it clears it. It is also a source of tables, and
/// the place where what comes out of quarantine goes.
/// </summary>
/// <typeparam name="TYield">Where other CPUs may run: before a lock, and before a frame is given back.</typeparam>
public readonly struct CpuFrames<TYield>(FrameAllocator frames, int cpu, TYield yield) : ITableSource, IFrameSink
    where TYield : struct, IYield
{
    private const int FrameBits = 12;

    /// <summary>Gives a block out, held once. False when no block of the order is free, or it is to fail.</summary>
    public bool TryAllocate(int order, FrameKind kind, out int frame)
    {
        if (frames.IsToFail())
        {
            frame = -1;
            return false;
        }

        bool found = order == 0 && frames.IsCaching ? TryTakeCached(out frame) : TryTakeLocked(order, out frame);
        if (!found)
        {
            DrainAll();
            found = frames.Free.TryTake(order, out frame);
        }

        if (found)
        {
            frames.Table.Begin(frame, order, kind);
        }
        else
        {
            frames.CacheOf(cpu).Lacks = true;
        }

        return found;
    }

    /// <summary>Drops a reference that somebody held; <see cref="FrameOutcome.Freed"/> if it was the last.</summary>
    public FrameOutcome Release(int frame) => Finish(frame, frames.Table.Drop(frame));

    /// <summary>Drops a mapping and its reference.</summary>
    public FrameOutcome Unmap(int frame, int space, ulong page) =>
        Finish(frame, frames.Table.Unmap(frame, space, page));

    /// <summary>Drops a pin and its reference.</summary>
    public FrameOutcome Unpin(int frame) => Finish(frame, frames.Table.Unpin(frame));

    /// <summary>Drops the reference of the cache that named it.</summary>
    public FrameOutcome LeaveCache(int frame) => Finish(frame, frames.Table.LeaveCache(frame));

    /// <summary>Gives back what this CPU keeps.</summary>
    public void Drain()
    {
        yield.Point(YieldKind.Lock);
        frames.CacheOf(cpu).Drain(frames.Free);
    }

    /// <summary>Gives back what every CPU keeps.</summary>
    public void DrainAll()
    {
        yield.Point(YieldKind.Lock);
        frames.DrainAll();
    }

    public bool TryTake(out ulong frame)
    {
        bool taken = TryAllocate(0, FrameKind.Table, out int number);
        frame = taken ? (ulong)number << FrameBits : 0;
        return taken;
    }

    public void ReturnTable(ulong frame) => Release((int)(frame >> FrameBits));

    /// <summary>Undoes the hold that <see cref="FrameTable.UnmapToHold"/> has left.</summary>
    public void ReturnPage(ulong frame, PageSize size) => Release((int)(frame >> FrameBits));

    private bool TryTakeCached(out int frame)
    {
        var cache = frames.CacheOf(cpu);
        if (cache.Count == 0)
        {
            yield.Point(YieldKind.Lock);
            cache.Refill(frames.Free);
        }

        bool found = cache.Count != 0;
        frame = found ? cache.Pop() : -1;
        return found;
    }

    private bool TryTakeLocked(int order, out int frame)
    {
        yield.Point(YieldKind.Lock);
        return frames.Free.TryTake(order, out frame);
    }

    private FrameOutcome Finish(int frame, FrameOutcome outcome)
    {
        if (outcome == FrameOutcome.Freed)
        {
            // Without a reference nobody can take hold of it any more, so it may wait here.
            frames.Lists?.Remove(frame);
            yield.Point(YieldKind.FrameRelease);
            GiveBack(frame);
        }

        return outcome;
    }

    private void GiveBack(int frame)
    {
        ref var record = ref frames.Table[frame];
        int order = record.Order;
        record.Flags = FrameFlags.None;
        if (order != 0 || !frames.IsCaching)
        {
            yield.Point(YieldKind.Lock);
            frames.Free.Give(frame, order);
            return;
        }

        var cache = frames.CacheOf(cpu);
        if (cache.IsFull)
        {
            yield.Point(YieldKind.Lock);
            cache.DrainBatch(frames.Free);
        }

        cache.Push(frame);
    }
}

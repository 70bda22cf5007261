using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Swap;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Swap;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// The entries of pages that are in a slot of a swap device, and the frames that such pages may have besides. Each
/// entry is a reference to its slot, and so is the cache's. Under the lock of the tables of an entry.
/// </summary>
internal static class SwapLeaves
{
    /// <summary>Whether an entry says that a slot has the page.</summary>
    public static bool IsSwap(ulong entry) =>
        (entry & 1) == 0 && entry != 0 && AbsentLeaf.KindOf(entry) == LeafKind.Swap;

    /// <summary>Whether an entry leads to no frame: a slot has the page, or it is on its way to another.</summary>
    public static bool IsAway(ulong entry) => IsSwap(entry) || MigrationLeaf.IsMigration(entry);

    /// <summary>The slot of an entry that says so.</summary>
    public static SwapPlace PlaceOf(ulong entry) =>
        new(new((byte)AbsentLeaf.AreaOf(entry)), new(AbsentLeaf.SlotOf(entry)));

    /// <summary>The entry of a page in a slot, which may be its process's own.</summary>
    public static ulong Of(SwapPlace place, bool own) => AbsentLeaf.Of(place.Area.Value, place.Slot.Value, own);

    /// <summary>Empties the entries of this kind in a range, and gives up their slots.</summary>
    public static void Zap<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        if (space.Swapped == 0)
        {
            return;
        }

        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if (IsSwap(entries.Entry))
            {
                Drop(cpu, space, editor.Store(entries.At, 0));
            }
        }
    }

    /// <summary>An entry is no more.</summary>
    public static void Drop<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong entry)
        where TYield : struct, IWait
    {
        space.Swapped--;
        Release(cpu, PlaceOf(entry));
    }

    /// <summary>One less refers to a slot. A page to which nothing else leads goes from the cache, too.</summary>
    public static void Release<TYield>(in KernelCpu<TYield> cpu, SwapPlace place)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        if (!swap.Space.Release(place) && swap.Cache.Find(place) is var frame and not SwapCache.None
            && cpu.Pages.Table[frame].References == 1)
        {
            TryForget(cpu, frame);
        }
    }

    /// <summary>
    /// Drops a hold. A page to which nothing but the cache leads then, and whose slot no entry names, goes with it.
    /// </summary>
    public static void LetGo<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait =>
        Left(cpu, frame, cpu.Frames.Release(frame));

    /// <summary>The same for a pin.</summary>
    public static void Unpin<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait =>
        Left(cpu, frame, cpu.Frames.Unpin(frame));

    /// <summary>
    /// A page is in memory alone from now on, if no entry names its slot; whether it is, or was not in the cache.
    /// </summary>
    public static bool TryForget<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        if (!swap.Cache.Has(frame))
        {
            return true;
        }

        if (swap.Space.ReferencesOf(swap.Cache.PlaceOf(frame)) > 1)
        {
            return false;
        }

        LeaveCache(cpu, frame);
        return true;
    }

    /// <summary>A page leaves the cache: it is either in its slot or in its frame.</summary>
    public static void LeaveCache<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        var place = swap.Cache.PlaceOf(frame);
        swap.Cache.Remove(frame);
        swap.Space.Release(place);
        cpu.Frames.Release(frame);
    }

    private static void Left<TYield>(in KernelCpu<TYield> cpu, int frame, FrameOutcome outcome)
        where TYield : struct, IWait
    {
        if (outcome != FrameOutcome.Freed && cpu.Pages.Table[frame].References == 1)
        {
            TryForget(cpu, frame);
        }
    }

    /// <summary>
    /// The frame of a page that an entry names: it is in the cache, or read into it. Lost when it cannot be read.
    /// </summary>
    public static FaultEnd Bring<TYield>(in KernelCpu<TYield> cpu, SwapPlace place, out int frame, out bool read)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        frame = swap.Cache.Find(place);
        read = frame == SwapCache.None;
        if (!read)
        {
            swap.Counts.CacheHits++;
            return FaultEnd.Resolved;
        }

        if (!cpu.TryTakeAnonymous(out frame))
        {
            return FaultEnd.NoMemory;
        }

        // The entry refers to the slot until it is replaced, so that it stays this page's while others run.
        cpu.Yield.Point(YieldKind.InputOutput);

        // What another has brought meanwhile may be in no slot any more.
        int there = swap.Cache.Find(place);
        if (there == SwapCache.None)
        {
            if (!swap.TryRead(place, cpu.Pages.WordsOf(frame)))
            {
                cpu.Frames.Release(frame);
                return FaultEnd.Lost;
            }

            cpu.Yield.Point(YieldKind.Lock);
            there = swap.Cache.Find(place);
        }

        if (there != SwapCache.None)
        {
            cpu.Frames.Release(frame);
            frame = there;
            return FaultEnd.Resolved;
        }

        // What was taken is held by the cache from now on.
        swap.Space.Duplicate(place);
        swap.Cache.Add(frame, place);
        cpu.Pages.Table[frame].Flags |= swap.TakeFromPool(place) ? FrameFlags.Dirty : FrameFlags.None;
        swap.Counts.SwappedIn++;
        cpu.Core.Watch?.Taken(frame, frame);
        return FaultEnd.Resolved;
    }
}

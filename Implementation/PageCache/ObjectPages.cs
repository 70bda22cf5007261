using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Swap;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Reclaim;

namespace PageProof.Implementation.PageCache;

/// <summary>How the pages of objects come into memory and go, and how long objects live.</summary>
internal static class ObjectPages
{
    // With a page that is read come those behind it.
    private const ulong ReadAhead = 3;
    private const int FramesLeft = 16;

    // No file is longer.
    private const ulong LastPage = (1UL << 24 >> AddressSpace.PageBits) - 1;

    /// <summary>
    /// The frame of a page of a file, which is brought into memory; false when there is no frame for it.
    /// </summary>
    public static bool TryGet<TYield>(
        in KernelCpu<TYield> cpu, int file, ulong index, out int frame, out bool read)
        where TYield : struct, IWait => Get(cpu, file, index, out frame, out read) == FaultEnd.Resolved;

    /// <summary>
    /// The frame of a page, which is brought into memory; otherwise there is no frame for it, or it cannot be read
    /// from its slot.
    /// </summary>
    /// <param name="cpu">Who wants it.</param>
    /// <param name="number">The object.</param>
    /// <param name="index">The page.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="read">Whether a device was asked for it.</param>
    public static FaultEnd Get<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong index, out int frame, out bool read)
        where TYield : struct, IWait
    {
        read = false;
        frame = cpu.Core.Cache.Find(number, index);
        if (frame != ObjectCache.None)
        {
            cpu.Pages.Table[frame].Flags |= FrameFlags.Referenced;
            return FaultEnd.Resolved;
        }

        var end = Bring(cpu, number, index, out frame, out read);
        if (end != FaultEnd.Resolved)
        {
            return end;
        }

        if (read)
        {
            // Held, so that nobody evicts it before whoever wanted it has it.
            cpu.Pages.Table.Hold(frame);
            BringAhead(cpu, number, index);
            cpu.Frames.Release(frame);
        }

        return FaultEnd.Resolved;
    }

    // Only into frames that nobody misses.
    private static void BringAhead<TYield>(in KernelCpu<TYield> cpu, int number, ulong index)
        where TYield : struct, IWait
    {
        for (ulong ahead = index + 1; ahead <= index + ReadAhead; ahead++)
        {
            if (cpu.Pages.Frames.FreeFrames < FramesLeft || !cpu.Core.Store.Has(number, ahead)
                || (cpu.Core.Cache.Find(number, ahead) == ObjectCache.None
                    && Bring(cpu, number, ahead, out _, out _) != FaultEnd.Resolved))
            {
                return;
            }
        }
    }

    private static FaultEnd Bring<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong index, out int frame, out bool read)
        where TYield : struct, IWait
    {
        read = false;
        if (!cpu.TryTake(FrameKind.File, out frame))
        {
            return FaultEnd.NoMemory;
        }

        if (IsStored(cpu, number, index))
        {
            cpu.Yield.Point(YieldKind.InputOutput);
        }

        // Another CPU may have brought the same page meanwhile: there is one copy of it.
        cpu.Yield.Point(YieldKind.Lock);
        int there = cpu.Core.Cache.Find(number, index);
        if (there != ObjectCache.None)
        {
            cpu.Frames.Release(frame);
            frame = there;
            return FaultEnd.Resolved;
        }

        // Nor is what the device had before of any worth: it may have been written back and evicted since.
        read = IsStored(cpu, number, index);
        if (!read)
        {
            cpu.Pages.Clear(frame);
        }
        else if (!TryRead(cpu, number, index, cpu.Pages.WordsOf(frame)))
        {
            cpu.Frames.Release(frame);
            return FaultEnd.Lost;
        }

        cpu.Core.Cache.Add(number, index, frame);
        bool file = number < cpu.Core.Cache.Files;
        cpu.Core.Lists.Add(frame, file ? PageList.InactiveFile : PageList.InactiveAnonymous);
        cpu.Core.Watch?.Tell(SharingNoteKind.Bring, frame);
        cpu.Frames.Release(frame);
        return FaultEnd.Resolved;
    }

    private static bool IsStored<TYield>(in KernelCpu<TYield> cpu, int number, ulong index)
        where TYield : struct, IWait => number < cpu.Core.Cache.Files
            ? cpu.Core.Store.Has(number, index) : cpu.Core.Cache.TryFindSlot(number, index, out _);

    // What came out of a slot is in memory alone; what cannot be read stays there.
    private static bool TryRead<TYield>(in KernelCpu<TYield> cpu, int number, ulong index, Span<ulong> words)
        where TYield : struct, IWait
    {
        if (number < cpu.Core.Cache.Files)
        {
            cpu.Core.Store.Read(number, index, words);
            return true;
        }

        cpu.Core.Cache.TryFindSlot(number, index, out var place);
        bool done = cpu.Core.Swap.TryRead(place, words);
        if (done)
        {
            cpu.Core.Swap.TakeFromPool(place);
            LeaveSlot(cpu, number, index, place);
            cpu.Core.Swap.Counts.SharedIn++;
        }

        return done;
    }

    private static void LeaveSlot<TYield>(in KernelCpu<TYield> cpu, int number, ulong index, SwapPlace place)
        where TYield : struct, IWait
    {
        cpu.Core.Cache.LeaveSlot(number, index);
        cpu.Core.Swap.Space.Release(place);
    }

    /// <summary>
    /// Brings back the pages of objects that are in a swap area, up to the first that cannot be; no lock is held.
    /// </summary>
    public static FaultEnd BringFrom<TYield>(in KernelCpu<TYield> cpu, SwapAreaNumber area)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        var end = FaultEnd.Resolved;
        for (int number = cache.Files; number < cache.Objects && end == FaultEnd.Resolved; number++)
        {
            // While a device is busy those who have it may give it up.
            bool kept = cache[number].Swapped > 0;
            cache[number].References += kept ? 1 : 0;
            for (ulong index = 0; cache[number].Swapped > 0 && index < cache[number].PageCount
                && end == FaultEnd.Resolved; index++)
            {
                if (cache.TryFindSlot(number, index, out var place) && place.Area == area)
                {
                    end = Get(cpu, number, index, out _, out _);
                }
            }

            if (kept)
            {
                Drop(cpu, number);
            }
        }

        return end;
    }

    /// <summary>One more area or opening of an object.</summary>
    public static void Hold(ObjectCache cache, int number, int space)
    {
        if (number != Area.NoObject)
        {
            cache[number].References++;
            cache[number].Spaces |= 1u << space;
        }
    }

    /// <summary>One less; after the last the object is gone with its pages.</summary>
    public static void Drop<TYield>(in KernelCpu<TYield> cpu, int number)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        if (number == Area.NoObject || --cache[number].References > 0)
        {
            return;
        }

        while (cache[number].First != ObjectCache.None)
        {
            Remove(cpu, cache[number].First);
        }

        for (ulong index = 0; cache[number].Swapped > 0; index++)
        {
            if (cache.TryFindSlot(number, index, out var place))
            {
                LeaveSlot(cpu, number, index, place);
            }
        }

        cache.Forget(number);
    }

    /// <summary>
    /// Removes the pages from one index to another, from the device too. Nobody comes in between before all are gone.
    /// </summary>
    public static void RemoveRange<TYield>(in KernelCpu<TYield> cpu, int number, ulong first, ulong last)
        where TYield : struct, IWait
    {
        int gone = ObjectCache.None;
        for (int frame = cpu.Core.Cache[number].First; frame != ObjectCache.None;)
        {
            ref var record = ref cpu.Pages.Table[frame];
            int next = record.Next;
            if (record.Index >= first && record.Index <= last)
            {
                Forget(cpu, frame);
                (record.Next, gone) = (gone, frame);
            }

            frame = next;
        }

        for (ulong index = first; cpu.Core.Store.Count > 0 && index <= Math.Min(last, LastPage); index++)
        {
            cpu.Core.Store.Remove(number, index);
        }

        while (gone != ObjectCache.None)
        {
            int next = cpu.Pages.Table[gone].Next;
            cpu.Frames.LeaveCache(gone);
            gone = next;
        }
    }

    /// <summary>Removes one page, to which no entry leads.</summary>
    public static void Remove<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        Forget(cpu, frame);
        cpu.Frames.LeaveCache(frame);
    }

    private static void Forget<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        cpu.Core.Cache.Remove(frame);
        cpu.Core.Lists.Remove(frame);
        cpu.Core.Watch?.Tell(SharingNoteKind.LeaveCache, frame);
    }
}

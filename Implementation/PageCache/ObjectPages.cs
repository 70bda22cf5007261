using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
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

    /// <summary>The frame of a page, which is brought into memory; false when there is no frame for it.</summary>
    /// <param name="cpu">Who wants it.</param>
    /// <param name="number">The object.</param>
    /// <param name="index">The page.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="read">Whether the device was asked for it.</param>
    public static bool TryGet<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong index, out int frame, out bool read)
        where TYield : struct, IWait
    {
        read = false;
        frame = cpu.Core.Cache.Find(number, index);
        if (frame != ObjectCache.None)
        {
            cpu.Pages.Table[frame].Flags |= FrameFlags.Referenced;
            return true;
        }

        read = number < cpu.Core.Cache.Files && cpu.Core.Store.Has(number, index);
        if (!TryBring(cpu, number, index, read, out frame))
        {
            return false;
        }

        if (read)
        {
            BringAhead(cpu, number, index);
        }

        return true;
    }

    // Only into frames that nobody misses.
    private static void BringAhead<TYield>(in KernelCpu<TYield> cpu, int number, ulong index)
        where TYield : struct, IWait
    {
        for (ulong ahead = index + 1; ahead <= index + ReadAhead; ahead++)
        {
            if (cpu.Pages.Frames.FreeFrames < FramesLeft || !cpu.Core.Store.Has(number, ahead)
                || (cpu.Core.Cache.Find(number, ahead) == ObjectCache.None
                    && !TryBring(cpu, number, ahead, read: true, out _)))
            {
                return;
            }
        }
    }

    private static bool TryBring<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong index, bool read, out int frame)
        where TYield : struct, IWait
    {
        if (!cpu.TryTake(FrameKind.File, out frame))
        {
            return false;
        }

        if (read)
        {
            cpu.Yield.Point(YieldKind.InputOutput);
            cpu.Core.Store.Read(number, index, cpu.Pages.WordsOf(frame));
        }
        else
        {
            cpu.Pages.Clear(frame);
        }

        // Another CPU may have brought the same page meanwhile: there is one copy of it.
        cpu.Yield.Point(YieldKind.Lock);
        int there = cpu.Core.Cache.Find(number, index);
        if (there != ObjectCache.None)
        {
            cpu.Frames.Release(frame);
            frame = there;
            return true;
        }

        cpu.Core.Cache.Add(number, index, frame);
        if (number < cpu.Core.Cache.Files)
        {
            cpu.Core.Lists.Add(frame, PageList.InactiveFile);
        }

        cpu.Core.Watch?.Tell(SharingNoteKind.Bring, frame);
        cpu.Frames.Release(frame);
        return true;
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

        cache.Forget(number);
    }

    /// <summary>Removes the pages from one index to another, from the device too.</summary>
    public static void RemoveRange<TYield>(in KernelCpu<TYield> cpu, int number, ulong first, ulong last)
        where TYield : struct, IWait
    {
        for (int frame = cpu.Core.Cache[number].First; frame != ObjectCache.None;)
        {
            ref var record = ref cpu.Pages.Table[frame];
            int next = record.Next;
            if (record.Index >= first && record.Index <= last)
            {
                Remove(cpu, frame);
            }

            frame = next;
        }

        for (ulong index = first; cpu.Core.Store.Count > 0 && index <= Math.Min(last, LastPage); index++)
        {
            cpu.Core.Store.Remove(number, index);
        }
    }

    /// <summary>Removes one page, to which no entry leads.</summary>
    public static void Remove<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        cpu.Core.Cache.Remove(frame);
        cpu.Core.Lists.Remove(frame);
        cpu.Core.Watch?.Tell(SharingNoteKind.LeaveCache, frame);
        cpu.Frames.LeaveCache(frame);
    }
}

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

        if (!TryBring(cpu, number, index, out frame, out read))
        {
            return false;
        }

        if (read)
        {
            // Held, so that nobody evicts it before whoever wanted it has it.
            cpu.Pages.Table.Hold(frame);
            BringAhead(cpu, number, index);
            cpu.Frames.Release(frame);
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
                    && !TryBring(cpu, number, ahead, out _, out _)))
            {
                return;
            }
        }
    }

    private static bool TryBring<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong index, out int frame, out bool read)
        where TYield : struct, IWait
    {
        read = false;
        if (!cpu.TryTake(FrameKind.File, out frame))
        {
            return false;
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
            return true;
        }

        // Nor is what the device had before of any worth: it may have been written back and evicted since.
        read = IsStored(cpu, number, index);
        if (read)
        {
            cpu.Core.Store.Read(number, index, cpu.Pages.WordsOf(frame));
        }
        else
        {
            cpu.Pages.Clear(frame);
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

    private static bool IsStored<TYield>(in KernelCpu<TYield> cpu, int number, ulong index)
        where TYield : struct, IWait => number < cpu.Core.Cache.Files && cpu.Core.Store.Has(number, index);

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

using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// Makes frames free: from the tails of the lists pages go that were not used, each unmapped and flushed everywhere,
/// and kept in its file or in a slot, before its frame is another's. A page that was used gets a second chance. No lock
/// of a space is held.
/// </summary>
internal static class PageReclaim
{
    // Few, so that what an instruction has just brought in is not what goes.
    private const int Batch = 4;

    // A page is looked at so often until it goes, or cannot; and each kind only every second time.
    private const int LooksOfPage = 10;

    /// <summary>
    /// Makes some room, if this CPU has found too little; false when there is no need or no way. What it had taken
    /// before may be free again, and still not be enough.
    /// </summary>
    public static bool TryMakeRoom<TYield>(in KernelCpu<TYield> cpu)
        where TYield : struct, IWait
    {
        var cache = cpu.Pages.Frames.CacheOf(cpu.Self.Number.Value);
        if (!cache.Lacks)
        {
            return false;
        }

        cache.Lacks = false;
        cpu.Core.Swap.Counts.DirectReclaims++;
        return Shrink(cpu, Batch) > 0;
    }

    /// <summary>Who is about to need frames makes room first, if there are too few left.</summary>
    public static void KeepReserve<TYield>(in KernelCpu<TYield> cpu)
        where TYield : struct, IWait
    {
        if (cpu.Pages.Frames.FreeFrames < cpu.Core.Marks.Min)
        {
            cpu.Core.Swap.Counts.DirectReclaims++;
            Shrink(cpu, cpu.Core.Marks.Min - cpu.Pages.Frames.FreeFrames);
        }
    }

    /// <summary>One round in the background: nothing, or as much as brings what is free to the highest mark.</summary>
    public static void Balance<TYield>(in KernelCpu<TYield> cpu)
        where TYield : struct, IWait
    {
        int free = cpu.Pages.Frames.FreeFrames;
        if (free < cpu.Core.Marks.Low)
        {
            cpu.Core.Swap.Counts.BackgroundReclaims++;
            Shrink(cpu, cpu.Core.Marks.High - free);
        }
    }

    /// <summary>Gives up so many frames, or as many as can be; tells how many.</summary>
    public static int Shrink<TYield>(in KernelCpu<TYield> cpu, int wanted)
        where TYield : struct, IWait
    {
        var lists = cpu.Core.Lists;
        int freed = 0;
        for (int looks = LooksOfPage * lists.Count; looks > 0 && freed < wanted; looks--)
        {
            if (TryChoose(cpu, looks % 2 == 0, out int frame))
            {
                freed += Look(cpu, frame) ? 1 : 0;
            }
        }

        return freed;
    }

    /// <summary>
    /// Gives up a frame that is held and whose page is not needed soon, whoever has used it; not one that several map.
    /// </summary>
    public static void PageOut<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        if ((record.Flags & FrameFlags.Listed) == 0 || record.Mappings > 1)
        {
            SwapLeaves.LetGo(cpu, frame);
            return;
        }

        // Its hold is that of whoever looks at it.
        var list = cpu.Core.Lists.ListOf(frame);
        cpu.Core.Lists.Remove(frame);
        _ = TryGiveUp(cpu, frame) || PutBack(cpu, frame, list, false);
    }

    // Anonymous pages and those of files take turns, as far as there are any and they can go somewhere.
    private static bool TryChoose<TYield>(in KernelCpu<TYield> cpu, bool file, out int frame)
        where TYield : struct, IWait
    {
        var lists = cpu.Core.Lists;
        bool swaps = cpu.Core.Swap.On > 0;
        int ofFiles = lists.CountOf(PageList.InactiveFile) + lists.CountOf(PageList.ActiveFile);
        file = ofFiles > 0 && (file || !swaps || ofFiles == lists.Count);
        var (inactive, active) = file
            ? (PageList.InactiveFile, PageList.ActiveFile)
            : (PageList.InactiveAnonymous, PageList.ActiveAnonymous);
        int ratio = ListBalance.RatioOf(cpu.Pages.Total);
        bool ages = lists.CountOf(inactive) * ratio < lists.CountOf(active);
        frame = file || swaps ? lists.TailOf(ages ? active : inactive) : -1;
        return frame >= 0;
    }

    // What was used goes to the head of its list or rises, what was not goes down by one step; at the end it goes.
    private static bool Look<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        bool found = cpu.Core.Lists.WasFoundUsed(frame);
        var list = Isolate(cpu, frame);
        bool active = list is PageList.ActiveAnonymous or PageList.ActiveFile;
        bool used = ReverseMapping.TakeUsed(cpu, frame, out bool locked);
        if (locked)
        {
            cpu.Core.Swap.Counts.Unevictable++;
            return PutBack(cpu, frame, Active(list), false);
        }

        if (used)
        {
            cpu.Core.Swap.Counts.SecondChances++;
            return PutBack(cpu, frame, active || found ? Active(list) : list, active || !found);
        }

        if (active || found)
        {
            return PutBack(cpu, frame, active && !found ? Inactive(list) : list, false);
        }

        return TryGiveUp(cpu, frame) || PutBack(cpu, frame, Active(list), false);
    }

    // Off its list, and held: it is not freed under the eyes of who looks at it.
    private static PageList Isolate<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var list = cpu.Core.Lists.ListOf(frame);
        cpu.Core.Lists.Remove(frame);
        cpu.Pages.Table.Hold(frame);
        return list;
    }

    /// <summary>A page that was looked at stays: it comes back to a list if it is one that can go at all.</summary>
    public static bool PutBack<TYield>(in KernelCpu<TYield> cpu, int frame, PageList list, bool foundUsed)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        if (record.Kind == FrameKind.Anonymous || (record.Flags & FrameFlags.Cached) != 0)
        {
            // What was freed lazily goes as pages of files do.
            bool file = (record.Kind == FrameKind.File && record.Owner < cpu.Core.Cache.Files)
                || (record.Flags & FrameFlags.LazilyFreed) != 0;
            list = file ? list | PageList.InactiveFile : list & ~PageList.InactiveFile;
            cpu.Core.Lists.Add(frame, list, foundUsed);
        }

        SwapLeaves.LetGo(cpu, frame);
        return false;
    }

    // True when the frame is free; otherwise it is still held, and all that was in it is.
    private static bool TryGiveUp<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        return (record.Flags & FrameFlags.LazilyFreed) != 0 ? TryDropFreed(cpu, frame)
            : record.Kind == FrameKind.Anonymous ? cpu.Core.Swap.On > 0 && TrySwapOut(cpu, frame)
            : record.Owner < cpu.Core.Cache.Files ? TryDropFile(cpu, frame)
            : TrySwapShared(cpu, frame);
    }

    private static bool TryDropFreed<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        if (IsKept(cpu, frame) || !LazyFree.TryDrop(cpu, frame) || IsKept(cpu, frame))
        {
            return false;
        }

        cpu.Frames.Release(frame);
        cpu.Core.Swap.Counts.FreedDropped++;
        return true;
    }

    private static bool TrySwapOut<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        ref var record = ref cpu.Pages.Table[frame];
        if (IsKept(cpu, frame) || !TryEnterCache(cpu, frame))
        {
            return false;
        }

        var place = swap.Cache.PlaceOf(frame);
        if (!ReverseMapping.TryUnmap(cpu, frame, place) || !swap.Cache.Has(frame))
        {
            SwapLeaves.TryForget(cpu, frame);
            return false;
        }

        bool clean = (record.Flags & FrameFlags.Dirty) == 0;
        if (!clean)
        {
            record.Flags &= ~FrameFlags.Dirty;
            cpu.Yield.Point(YieldKind.InputOutput);
            if (!swap.Cache.Has(frame) || !swap.TryWrite(place, cpu.Pages.WordsOf(frame)))
            {
                record.Flags |= FrameFlags.Dirty;
                return false;
            }
        }

        // While the device was busy others may have found the page.
        if (record.Mappings > 0 || (record.Flags & FrameFlags.Dirty) != 0 || IsKept(cpu, frame))
        {
            return false;
        }

        SwapLeaves.LeaveCache(cpu, frame);
        cpu.Frames.Release(frame);
        swap.Counts.SwappedOut++;
        swap.Counts.CleanDrops += clean ? 1 : 0;
        return true;
    }

    // A page gets a slot, which holds nothing of it yet. To a device that is being given up none goes back.
    private static bool TryEnterCache<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        if (swap.Cache.Has(frame))
        {
            return swap.Space.AreaOf(swap.Cache.PlaceOf(frame).Area)!.IsOpen;
        }

        if (!swap.Space.TryAllocate(out var place))
        {
            swap.Counts.DeviceFull++;
            return false;
        }

        swap.Cache.Add(frame, place);
        cpu.Pages.Table.Hold(frame);
        cpu.Pages.Table[frame].Flags |= FrameFlags.Dirty;
        return true;
    }

    // The cache of the object names the slot in place of the frame, and no entry does: all are emptied.
    private static bool TrySwapShared<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        ref var record = ref cpu.Pages.Table[frame];
        if (IsKept(cpu, frame) || swap.Space.Free == 0 || !ReverseMapping.TryUnmap(cpu, frame, null))
        {
            swap.Counts.DeviceFull += swap.Space.Free == 0 ? 1 : 0;
            return false;
        }

        record.Flags &= ~FrameFlags.Dirty;
        cpu.Yield.Point(YieldKind.InputOutput);

        // While the device was busy others may have found the page. From here on nobody comes in between.
        if (record.Mappings > 0 || (record.Flags & FrameFlags.Dirty) != 0 || IsKept(cpu, frame)
            || !swap.Space.TryAllocate(out var place))
        {
            return false;
        }

        if (!swap.TryWrite(place, cpu.Pages.WordsOf(frame)))
        {
            swap.Space.Release(place);
            return false;
        }

        var (number, index) = (record.Owner, record.Index);
        ObjectPages.Remove(cpu, frame);
        cpu.Core.Cache.EnterSlot(number, index, place);
        cpu.Frames.Release(frame);
        swap.Counts.SharedOut++;
        return true;
    }

    private static bool TryDropFile<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        if (IsKept(cpu, frame) || !ReverseMapping.TryUnmap(cpu, frame, null))
        {
            return false;
        }

        bool clean = (record.Flags & FrameFlags.Dirty) == 0;
        WriteBack.WriteOne(cpu, frame);
        if (record.Mappings > 0 || (record.Flags & FrameFlags.Dirty) != 0 || IsKept(cpu, frame))
        {
            return false;
        }

        ObjectPages.Remove(cpu, frame);
        cpu.Frames.Release(frame);
        cpu.Core.Swap.Counts.FilesDropped++;
        cpu.Core.Swap.Counts.CleanDrops += clean ? 1 : 0;
        return true;
    }

    // Others than entries, the cache and who looks at it refer to the page, or the cache of its object does no more.
    private static bool IsKept<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        bool kept = record.Pins > 0 || record.Holds != (cpu.Core.Swap.Cache.Has(frame) ? 2 : 1)
            || (record.Kind == FrameKind.File && (record.Flags & FrameFlags.Cached) == 0);
        cpu.Core.Swap.Counts.Unevictable += kept ? 1 : 0;
        return kept;
    }

    private static PageList Active(PageList list) => list | PageList.ActiveAnonymous;

    private static PageList Inactive(PageList list) => list & ~PageList.ActiveAnonymous;
}

using System.Runtime.InteropServices;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>What mmap is asked for.</summary>
internal readonly record struct MapRequest(
    ulong Address, ulong Length, MemoryProtection Protection, MmapFlags Flags, int File, ulong Offset);

/// <summary>mmap and munmap.</summary>
internal static class MappingCalls
{
    // Places are chosen downwards from below what Linux keeps for the stack.
    private const ulong ChosenEnd = AddressSpace.UserEnd - (1UL << 28);

    /// <summary>The lowest address of a hint and of a stack that grows: mmap_min_addr.</summary>
    public const ulong Lowest = 1UL << 16;
    /// <summary>No address.</summary>
    public const ulong Nowhere = ulong.MaxValue;

    private const MmapFlags Kinds = MmapFlags.Shared | MmapFlags.Private;
    private const MemoryProtection Known =
        MemoryProtection.Read | MemoryProtection.Write | MemoryProtection.Execute;

    // Linux refuses shared memory of more than there could ever be.
    private const ulong SharedMost = 1UL << 43;

    /// <summary>Maps; tells the address.</summary>
    public static CallEnd Map<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in MapRequest asked)
        where TYield : struct, IWait
    {
        cpu.Lock(space);
        var errno = Check(cpu.Core.Cache, space, asked);
        var end = errno == Errno.None ? MapChecked(cpu, space, asked) : CallEnd.Failed(errno);
        cpu.Flush(space);
        cpu.Unlock(space);
        return end;
    }

    /// <summary>Unmaps what is in a range; where nothing is, that is no error.</summary>
    public static CallEnd Unmap<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length)
        where TYield : struct, IWait
    {
        if (start % AddressSpace.PageBytes != 0 || start > AddressSpace.UserEnd
            || length > AddressSpace.UserEnd - start || length == 0)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        cpu.Lock(space);
        bool done = TryUnmapShared(cpu, space, start, start + AddressSpace.PageAlign(length));
        cpu.Flush(space);
        cpu.Unlock(space);
        return done ? CallEnd.Done() : CallEnd.Failed(Errno.ENOMEM);
    }

    /// <summary>Unmaps all of a space under the write lock, and flushes.</summary>
    public static void UnmapAll<TYield>(in KernelCpu<TYield> cpu, AddressSpace space)
        where TYield : struct, IWait
    {
        TryUnmap(cpu, space, 0, AddressSpace.UserEnd);

        // What an edit that failed has made of tables goes as well.
        cpu.LockTables(space);
        cpu.EditorOf(space).FreeTables(new(default, new(1UL << 47)), cpu.Gather);
        cpu.UnlockTables(space);
        cpu.Flush(space);
    }

    /// <summary>
    /// Unmaps under the write lock; false when an area had to be cut in two, and there are too many. Tables can be
    /// kept for what is to come there.
    /// </summary>
    public static bool TryUnmap<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, bool keepsTables = false)
        where TYield : struct, IWait
    {
        bool done = TryDetach(cpu, space, start, end);
        if (done)
        {
            FinishUnmap(cpu, space, start, end, keepsTables);
        }

        return done;
    }

    /// <summary>
    /// The same, but others read the areas that are left while the pages of those that are gone are taken away: what
    /// was the write lock is a read lock then.
    /// </summary>
    public static bool TryUnmapShared<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        bool done = TryDetach(cpu, space, start, end);
        cpu.Downgrade(space);
        if (done)
        {
            FinishUnmap(cpu, space, start, end, keepsTables: false);
        }

        return done;
    }

    // Takes the areas of a range out, so that nobody finds them any more; their pages are still there.
    private static bool TryDetach<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var areas = space.Areas;
        if (space.IsFree(start, end))
        {
            return true;
        }

        if (!AreaEdits.TrySplit(cpu, space, start, end))
        {
            AreaEdits.Merge(cpu, space, start, end);
            return false;
        }

        for (int node = areas.FirstEndingAbove(start); node != 0 && areas[node].Start < end;)
        {
            int next = areas.NextOf(node);
            cpu.StartWrite(space, node);
            cpu.Detached.Add(areas[node]);
            areas.Remove(node, cpu.Yield);
            node = next;
        }

        return true;
    }

    // Takes the pages away of areas that are gone.
    private static void FinishUnmap<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, bool keepsTables)
        where TYield : struct, IWait
    {
        var detached = cpu.Detached;
        if (detached.Count == 0)
        {
            return;
        }

        cpu.LockTables(space);
        foreach (ref readonly Area area in CollectionsMarshal.AsSpan(detached))
        {
            PageEdits.Zap(cpu, space, area, area.Start, area.End);
        }

        if (!keepsTables)
        {
            PageEdits.FreeTables(cpu, space, start, end);
        }

        cpu.UnlockTables(space);
        for (int place = 0; place < detached.Count; place++)
        {
            ObjectPages.Drop(cpu, detached[place].Object);
        }

        detached.Clear();
    }

    private static CallEnd MapChecked<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in MapRequest asked)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        ulong length = AddressSpace.PageAlign(asked.Length);
        bool shared = IsShared(asked), anonymous = (asked.Flags & MmapFlags.Anonymous) != 0;
        ulong place = PlaceOf(space, asked, length);
        if (place == Nowhere || space.Areas.Count >= AreaTree.Most - 1
            || (shared && anonymous && length > SharedMost) || !TryUnmap(cpu, space, place, place + length))
        {
            return CallEnd.Failed(Errno.ENOMEM);
        }

        Area area = new()
        {
            Start = place,
            End = place + length,
            Offset = anonymous ? 0 : asked.Offset,
            Object = !anonymous ? asked.File : shared ? cache.Create(length) : Area.NoObject,
            Protection = asked.Protection & Known,
            Flags = (shared ? AreaFlags.Shared : AreaFlags.None)
                | ((asked.Flags & MmapFlags.Locked) != 0 ? AreaFlags.Locked : AreaFlags.None)
                | ((asked.Flags & MmapFlags.GrowsDown) != 0 ? AreaFlags.GrowsDown : AreaFlags.None),
        };
        ObjectPages.Hold(cache, area.Object, space.Number);
        if (shared && anonymous)
        {
            // The area is the only one that refers to it.
            cache[area.Object].References--;
            cache[area.Object].Rights = FileRights.Read | FileRights.Write;
        }

        space.Areas.Insert(area, cpu.Yield);
        AreaEdits.Merge(cpu, space, place, place + length);
        space.LastMapped = place;
        if ((asked.Flags & (MmapFlags.Locked | MmapFlags.Populate)) != 0)
        {
            // What was there may be cached no more when others find what is there now.
            cpu.Flush(space);
            cpu.Downgrade(space);
            Population.Populate(cpu, space, place, place + length);
        }

        return CallEnd.Done(place);
    }

    // Where nothing fits there is no place.
    private static ulong PlaceOf(AddressSpace space, in MapRequest asked, ulong length)
    {
        if (IsFixed(asked))
        {
            return asked.Address;
        }

        ulong hint = AddressSpace.PageStart(asked.Address);
        hint = hint == 0 ? 0 : Math.Max(hint, Lowest);
        if (hint != 0 && hint <= AddressSpace.UserEnd - length && space.IsFree(hint, hint + length)
            && !StackGrowth.Guards(space, hint + length))
        {
            return hint;
        }

        return ChosenPlace(space, length);
    }

    /// <summary>A place in which nothing is, chosen by us; where there is none, no address at all.</summary>
    public static ulong ChosenPlace(AddressSpace space, ulong length)
    {
        ulong found = HighestBelow(space, length, ChosenEnd);
        found = found != 0 ? found : HighestBelow(space, length, AddressSpace.UserEnd);
        return found != 0 ? found : Nowhere;
    }

    // Where it would be in the gap of a stack, a place below that.
    private static ulong HighestBelow(AddressSpace space, ulong length, ulong end)
    {
        ulong found = space.Areas.HighestGap(length, Lowest, end);
        while (found != 0 && StackGrowth.Guards(space, found + length))
        {
            found = space.Areas.HighestGap(length, Lowest, StackGrowth.GuardOf(space, found + length));
        }

        return found;
    }

    private static bool IsShared(in MapRequest asked) => (asked.Flags & MmapFlags.Shared) != 0;

    private static bool IsFixed(in MapRequest asked) =>
        (asked.Flags & (MmapFlags.Fixed | MmapFlags.FixedNoReplace)) != 0;

    // In the order in which Linux finds them.
    private static Errno Check(ObjectCache cache, AddressSpace space, in MapRequest asked)
    {
        bool anonymous = (asked.Flags & MmapFlags.Anonymous) != 0;
        var rights = anonymous || asked.File >= cache.Files ? FileRights.None : cache[asked.File].Rights;
        ulong length = AddressSpace.PageAlign(asked.Length);
        if (asked.Offset % AddressSpace.PageBytes != 0)
        {
            return Errno.EINVAL;
        }

        if (!anonymous && rights == FileRights.None)
        {
            return Errno.EBADF;
        }

        if (asked.Length == 0)
        {
            return Errno.EINVAL;
        }

        if (length == 0 || length > AddressSpace.UserEnd)
        {
            return Errno.ENOMEM;
        }

        var errno = IsFixed(asked) ? CheckPlace(space, asked, length) : Errno.None;
        return errno != Errno.None ? errno
            : anonymous ? CheckAnonymous(asked) : CheckFile(asked, rights, length);
    }

    private static Errno CheckPlace(AddressSpace space, in MapRequest asked, ulong length)
    {
        ulong place = asked.Address;
        bool keeps = (asked.Flags & MmapFlags.FixedNoReplace) != 0;
        return place > AddressSpace.UserEnd - length ? Errno.ENOMEM
            : place % AddressSpace.PageBytes != 0 ? Errno.EINVAL
            : keeps && !space.IsFree(place, place + length) ? Errno.EEXIST
            : Errno.None;
    }

    // Only what is a process's own grows like a stack.
    private static Errno CheckAnonymous(in MapRequest asked) => (asked.Flags & Kinds) switch
    {
        MmapFlags.Private => Errno.None,
        MmapFlags.Shared when (asked.Flags & MmapFlags.GrowsDown) == 0 => Errno.None,
        _ => Errno.EINVAL,
    };

    private static Errno CheckFile(in MapRequest asked, FileRights rights, ulong length)
    {
        bool reads = (rights & FileRights.Read) != 0, writes = (rights & FileRights.Write) != 0;
        bool stores = IsShared(asked) && (asked.Protection & MemoryProtection.Write) != 0;

        // Both kinds at once are MAP_SHARED_VALIDATE, which knows no later flags.
        return asked.Offset > (ulong)long.MaxValue - length ? Errno.EOVERFLOW
            : (asked.Flags & Kinds) == 0 ? Errno.EINVAL
            : (asked.Flags & Kinds) == Kinds && (asked.Flags & MmapFlags.FixedNoReplace) != 0 ? Errno.EOPNOTSUPP
            : (stores && !writes) || !reads ? Errno.EACCES
            : (asked.Flags & MmapFlags.GrowsDown) != 0 ? Errno.EINVAL
            : Errno.None;
    }
}

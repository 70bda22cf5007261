using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>What mremap is asked for; lengths in whole pages.</summary>
internal readonly record struct MoveRequest(ulong From, ulong Old, ulong Length, ulong Target, MremapFlags Flags)
{
    public bool IsFixed => (Flags & MremapFlags.Fixed) != 0;

    public bool Leaves => (Flags & MremapFlags.DontUnmap) != 0;

    /// <summary>It is to be elsewhere, even if it could stay.</summary>
    public bool Moves => IsFixed || Leaves;

    /// <summary>How much of it there is before and after.</summary>
    public ulong Kept => Math.Min(Old, Length);
}

/// <summary>
/// mremap. Entries are moved, never copied; nothing is cached of the old place when the lock is given back.
/// </summary>
internal static class MoveCalls
{
    private const MremapFlags Known = MremapFlags.MayMove | MremapFlags.Fixed | MremapFlags.DontUnmap;

    /// <summary>Changes the length or the place of what is mapped; tells the address.</summary>
    public static CallEnd Remap<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in MoveRequest asked)
        where TYield : struct, IWait
    {
        if (IsInvalid(asked))
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        cpu.Lock(space);
        var end = RemapLocked(cpu, space, asked);
        if (end.Errno == Errno.None)
        {
            space.LastMapped = end.Value;
        }

        cpu.Flush(space);
        cpu.Unlock(space);
        return end;
    }

    private static bool IsInvalid(in MoveRequest asked)
    {
        bool overlaps = asked.From + asked.Old > asked.Target && asked.Target + asked.Length > asked.From;
        return (asked.Flags & ~Known) != 0
            || asked.From % AddressSpace.PageBytes != 0
            || asked.Length == 0
            || asked.Length > AddressSpace.UserEnd
            || (asked.Moves && (asked.Target % AddressSpace.PageBytes != 0
                || asked.Target > AddressSpace.UserEnd - asked.Length
                || (asked.Flags & MremapFlags.MayMove) == 0
                || (asked.Leaves && asked.Old != asked.Length)
                || overlaps));
    }

    private static CallEnd RemapLocked<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in MoveRequest asked)
        where TYield : struct, IWait
    {
        int node = space.AreaAt(asked.From);
        if (node == 0)
        {
            return CallEnd.Failed(Errno.EFAULT);
        }

        ref readonly var area = ref space.Areas[node];
        if (asked.Old == 0 && !area.IsShared)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        bool several = asked.Moves ? asked.IsFixed && asked.Old == asked.Length : asked.Length <= asked.Old;
        return !several && asked.Kept > area.End - asked.From ? CallEnd.Failed(Errno.EFAULT)
            : asked.Moves ? Move(cpu, space, asked)
            : asked.Length <= asked.Old ? Shrink(cpu, space, asked)
            : Grow(cpu, space, asked, node);
    }

    private static CallEnd Shrink<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in MoveRequest asked)
        where TYield : struct, IWait
    {
        if (asked.Length == asked.Old)
        {
            return CallEnd.Done(asked.From);
        }

        if (asked.Old > AddressSpace.UserEnd - asked.From)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        return MappingCalls.TryUnmap(cpu, space, asked.From + asked.Length, asked.From + asked.Old)
            ? CallEnd.Done(asked.From)
            : CallEnd.Failed(Errno.ENOMEM);
    }

    private static CallEnd Grow<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, in MoveRequest asked, int node)
        where TYield : struct, IWait
    {
        ulong end = asked.From + asked.Length, oldEnd = space.Areas[node].End;
        if (asked.From + asked.Old == oldEnd && end <= AddressSpace.UserEnd && space.IsFree(oldEnd, end))
        {
            bool locked = space.Areas[node].IsLocked;
            cpu.StartWrite(space, node);
            space.Areas.Resize(node, space.Areas[node].Start, end);
            AreaEdits.Merge(cpu, space, asked.From, end);
            if (locked)
            {
                Population.Populate(cpu, space, oldEnd, end);
            }

            return CallEnd.Done(asked.From);
        }

        return (asked.Flags & MremapFlags.MayMove) != 0 ? Move(cpu, space, asked) : CallEnd.Failed(Errno.ENOMEM);
    }

    private static CallEnd Move<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in MoveRequest asked)
        where TYield : struct, IWait
    {
        ulong place = asked.IsFixed ? asked.Target : MappingCalls.ChosenPlace(space, asked.Length);
        if (place == MappingCalls.Nowhere)
        {
            return CallEnd.Failed(Errno.ENOMEM);
        }

        if (asked.Old == 0 && place == asked.From)
        {
            // What is to be there twice is unmapped by its own target.
            MappingCalls.TryUnmap(cpu, space, place, place + asked.Length);
            return CallEnd.Failed(Errno.EFAULT);
        }

        bool locked = space.Areas[space.AreaAt(asked.From)].IsLocked;
        var errno = MovePieces(cpu, space, asked, place);
        if (errno != Errno.None)
        {
            return CallEnd.Failed(errno);
        }

        if (asked.Length < asked.Old)
        {
            MappingCalls.TryUnmap(cpu, space, asked.From + asked.Length, asked.From + asked.Old);
        }

        if (locked && asked.Length > asked.Old)
        {
            Population.Populate(cpu, space, place + asked.Old, place + asked.Length);
        }

        return CallEnd.Done(place);
    }

    // Of several areas each goes to its own place, and what lies between them stays there.
    private static Errno MovePieces<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, in MoveRequest asked, ulong place)
        where TYield : struct, IWait
    {
        // With all tables there, nothing can fail when something has changed.
        ulong end = asked.From + Math.Max(asked.Kept, 1);
        if (space.Areas.Count > AreaTree.Most - 8 || (asked.Old > 0 && !TryPrepare(cpu, space, asked, place)))
        {
            return Errno.ENOMEM;
        }

        for (ulong from = asked.From; from < end;)
        {
            int node = space.Areas.FirstEndingAbove(from);
            if (node == 0 || space.Areas[node].Start >= end)
            {
                break;
            }

            from = Math.Max(from, space.Areas[node].Start);
            ulong kept = asked.Old == 0 ? 0 : Math.Min(space.Areas[node].End, end) - from;
            ulong size = asked.Old == asked.Length ? kept : asked.Length;
            MovePiece(cpu, space, from, kept, place + (from - asked.From), size, asked.Leaves);
            from += Math.Max(kept, 1);
        }

        return Errno.None;
    }

    // No fault adds to what is to be moved from now on.
    private static bool TryPrepare<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, in MoveRequest asked, ulong place)
        where TYield : struct, IWait
    {
        ulong end = asked.From + asked.Kept;
        var areas = space.Areas;
        for (int node = areas.FirstEndingAbove(asked.From); node != 0 && areas[node].Start < end;
            node = areas.NextOf(node))
        {
            cpu.StartWrite(space, node);
        }

        cpu.LockTables(space);
        bool prepared = PageEdits.TryPrepareMove(cpu, space, asked.From, end, place);
        cpu.UnlockTables(space);
        return prepared;
    }

    private static void MovePiece<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong from, ulong kept, ulong target, ulong size, bool leaves)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        MappingCalls.TryUnmap(cpu, space, target, target + size, keepsTables: true);

        // What was at the target may be cached no more when other pages come there.
        cpu.Flush(space);
        Area area = space.Areas[space.AreaAt(from)];
        if (kept > 0)
        {
            cpu.LockTables(space);
            PageEdits.Move(cpu, space, from, from + kept, target);
            cpu.UnlockTables(space);
        }

        ObjectPages.Hold(cache, area.Object, space.Number);
        space.Areas.Insert(AreaArithmetic.Moved(area, from, target, size), cpu.Yield);
        if (kept > 0)
        {
            Leave(cpu, space, from, from + kept, leaves);
        }

        AreaEdits.Merge(cpu, space, target, target + size);
    }

    // The old place, of which all pages are gone, stays mapped or goes.
    private static void Leave<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong from, ulong end, bool leaves)
        where TYield : struct, IWait
    {
        if (!leaves)
        {
            MappingCalls.TryUnmap(cpu, space, from, end);
            return;
        }

        // The lock goes from all of the area, also from what was not moved.
        Area all = space.Areas[space.AreaAt(from)];
        AreaEdits.SetLocked(cpu, space, all.Start, all.End, locks: false);
        AreaEdits.Merge(cpu, space, all.Start, all.End);
    }
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>mlock, munlock and msync.</summary>
internal static class LockCalls
{
    private const MsyncFlags Known = MsyncFlags.Async | MsyncFlags.Invalidate | MsyncFlags.Sync;
    private const MsyncFlags Both = MsyncFlags.Async | MsyncFlags.Sync;

    /// <summary>Locks or unlocks whole pages, up to the first address that is not mapped.</summary>
    public static CallEnd Lock<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, ulong length, bool locks)
        where TYield : struct, IWait
    {
        ulong start = AddressSpace.PageStart(address);
        ulong end = start + AddressSpace.PageAlign(length + (address - start));
        if (end < start)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        cpu.Lock(space);
        var errno = LockLocked(cpu, space, start, end, locks);
        cpu.Flush(space);
        cpu.Unlock(space);
        return new(errno, 0);
    }

    /// <summary>Writes back what was stored to files through a range.</summary>
    public static CallEnd Sync<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length, MsyncFlags flags)
        where TYield : struct, IWait
    {
        ulong end = start + AddressSpace.PageAlign(length);
        if ((flags & ~Known) != 0 || start % AddressSpace.PageBytes != 0 || (flags & Both) == Both)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        if (end <= start)
        {
            return end == start ? CallEnd.Done() : CallEnd.Failed(Errno.ENOMEM);
        }

        // The lock is not held while a device is asked.
        for (ulong at = start; at < end;)
        {
            cpu.LockToLook(space);
            int node = space.Areas.FirstEndingAbove(at);
            Area area = node != 0 && space.Areas[node].Start < end ? space.Areas[node] : new() { End = end };
            bool covered = space.CoveredUpTo(start, end) == end;
            cpu.Unlock(space);
            if ((flags & MsyncFlags.Invalidate) != 0 && area.IsLocked)
            {
                return CallEnd.Failed(Errno.EBUSY);
            }

            if ((flags & MsyncFlags.Sync) != 0 && area.IsShared && area.Object < cpu.Core.Cache.Files)
            {
                ulong first = area.PageAt(Math.Max(area.Start, at)), last = area.PageAt(Math.Min(area.End, end) - 1);
                WriteBack.Run(cpu, area.Object, first, last);
            }

            at = area.End;
            if (at >= end && !covered)
            {
                return CallEnd.Failed(Errno.ENOMEM);
            }
        }

        return CallEnd.Done();
    }

    private static Errno LockLocked<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, bool locks)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        ulong reached = space.CoveredUpTo(start, end);
        if (reached > start)
        {
            if (!AreaEdits.TrySplit(cpu, space, start, reached))
            {
                AreaEdits.Merge(cpu, space, start, reached);
                return Errno.ENOMEM;
            }

            AreaEdits.SetLocked(cpu, space, start, reached, locks);
            AreaEdits.Merge(cpu, space, start, reached);
        }

        if (reached < end || !locks)
        {
            return reached < end ? Errno.ENOMEM : Errno.None;
        }

        cpu.Downgrade(space);
        return Population.Populate(cpu, space, start, end) == FaultEnd.Resolved ? Errno.None : Errno.ENOMEM;
    }
}

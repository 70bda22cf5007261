using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Reclaim;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>The calls on a range of what is mapped: mprotect and madvise.</summary>
internal static class RangeCalls
{
    private const MemoryProtection Known =
        MemoryProtection.Read | MemoryProtection.Write | MemoryProtection.Execute;
    private const MemoryProtection Semaphore = (MemoryProtection)8;

    /// <summary>Changes the protection, area by area up to the first that cannot have it.</summary>
    public static CallEnd Protect<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length, MemoryProtection protection)
        where TYield : struct, IWait
    {
        ulong end = start + AddressSpace.PageAlign(length);
        if (start % AddressSpace.PageBytes != 0 || length == 0)
        {
            return length == 0 && start % AddressSpace.PageBytes == 0 ? CallEnd.Done() : CallEnd.Failed(Errno.EINVAL);
        }

        if (end <= start)
        {
            return CallEnd.Failed(Errno.ENOMEM);
        }

        if ((protection & ~(Known | Semaphore)) != 0)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        cpu.Lock(space);
        var errno = ProtectLocked(cpu, space, start, end, protection & Known);
        cpu.Flush(space);
        cpu.Unlock(space);
        return new(errno, 0);
    }

    /// <summary>Takes advice. What is not mapped is passed over, and told in the end.</summary>
    public static CallEnd Advise<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length, MemoryAdvice advice)
        where TYield : struct, IWait
    {
        ulong aligned = AddressSpace.PageAlign(length), end = start + aligned;
        if (!IsKnown(advice) || start % AddressSpace.PageBytes != 0 || (aligned == 0 && length != 0) || end < start)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        if (aligned == 0)
        {
            return CallEnd.Done();
        }

        cpu.LockToLook(space);
        var errno = advice is MemoryAdvice.PopulateRead or MemoryAdvice.PopulateWrite
            ? Populate(cpu, space, start, end, advice)
            : AdviseAll(cpu, space, start, end, advice);
        cpu.Unlock(space);
        AdviceOut.Go(cpu);
        return new(errno, 0);
    }

    /// <summary>
    /// Takes advice of one process about another, or about itself; of another only what changes nothing for it. There
    /// is no such process when its space is not in use.
    /// </summary>
    public static CallEnd AdviseOther<TYield>(
        in KernelCpu<TYield> cpu,
        AddressSpace space,
        AddressSpace other,
        ulong start,
        ulong length,
        MemoryAdvice advice)
        where TYield : struct, IWait
    {
        if (other.Shared is null)
        {
            return CallEnd.Failed(Errno.ESRCH);
        }

        if ((long)length < 0)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        if (start > AddressSpace.UserEnd || length > AddressSpace.UserEnd - start)
        {
            return CallEnd.Failed(Errno.EFAULT);
        }

        if (other != space && advice is not (MemoryAdvice.WillNeed or MemoryAdvice.Cold or MemoryAdvice.PageOut))
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        var end = length == 0 ? CallEnd.Done() : Advise(cpu, other, start, length, advice);
        return end.Errno == Errno.None ? end with { Length = length } : end;
    }

    private static bool IsKnown(MemoryAdvice advice) => advice is MemoryAdvice.Normal or MemoryAdvice.WillNeed
        or MemoryAdvice.DontNeed or MemoryAdvice.Free or MemoryAdvice.Cold or MemoryAdvice.PageOut
        or MemoryAdvice.PopulateRead or MemoryAdvice.PopulateWrite;

    private static Errno Populate<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, MemoryAdvice advice)
        where TYield : struct, IWait
    {
        var needed = advice == MemoryAdvice.PopulateWrite ? MemoryProtection.Write : MemoryProtection.Read;
        return Population.PopulateAs(cpu, space, start, end, needed) switch
        {
            FaultEnd.Resolved => Errno.None,
            FaultEnd.Forbidden => Errno.EINVAL,
            FaultEnd.BeyondFile or FaultEnd.Lost => Errno.EFAULT,
            _ => Errno.ENOMEM,
        };
    }

    // The tables stay locked up to the flush, so that no CPU brings a page anew while another still has the old one.
    private static Errno AdviseAll<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, MemoryAdvice advice)
        where TYield : struct, IWait
    {
        cpu.LockTables(space);
        var errno = AdviseEach(cpu, space, start, end, advice);
        cpu.Flush(space);
        cpu.UnlockTables(space);
        return errno;
    }

    private static Errno AdviseEach<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, MemoryAdvice advice)
        where TYield : struct, IWait
    {
        ulong reached = start;
        bool covered = true;
        var areas = space.Areas;
        for (int node = areas.FirstEndingAbove(start); node != 0 && areas[node].Start < end; node = areas.NextOf(node))
        {
            Area area = areas[node];
            ulong first = Math.Max(area.Start, start);
            covered &= area.Start <= reached;
            reached = Math.Min(area.End, end);
            bool frees = advice == MemoryAdvice.Free;
            bool stays = frees || advice is MemoryAdvice.DontNeed or MemoryAdvice.Cold or MemoryAdvice.PageOut;
            if ((area.IsLocked && stays) || (frees && !area.IsAnonymous))
            {
                return Errno.EINVAL;
            }

            if (advice == MemoryAdvice.DontNeed)
            {
                PageEdits.Zap(cpu, space, area, first, reached);
            }
            else if (advice == MemoryAdvice.PageOut)
            {
                AdviceOut.Note(cpu, space, first, reached);
            }
            else if (frees)
            {
                LazyFree.Note(cpu, space, first, reached);
            }
        }

        return covered && reached == end ? Errno.None : Errno.ENOMEM;
    }

    private static Errno ProtectLocked<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, MemoryProtection protection)
        where TYield : struct, IWait
    {
        var areas = space.Areas;
        var cache = cpu.Core.Cache;
        ulong reached = start;
        var errno = Errno.None;
        for (int node = areas.FirstEndingAbove(start); errno == Errno.None && reached < end;)
        {
            if (node == 0 || areas[node].Start > reached)
            {
                errno = Errno.ENOMEM;
            }
            else if ((protection & MemoryProtection.Write) != 0 && areas[node].IsShared
                && (cache[areas[node].Object].Rights & FileRights.Write) == 0)
            {
                errno = Errno.EACCES;
            }
            else
            {
                ulong last = Math.Min(areas[node].End, end);
                if (!AreaEdits.TrySplit(cpu, space, reached, last))
                {
                    errno = Errno.ENOMEM;
                    break;
                }

                node = space.AreaAt(reached);
                bool fills = areas[node] is { IsLocked: true, IsShared: false, GetsCopies: false };
                cpu.StartWrite(space, node);
                cpu.LockTables(space);
                PageEdits.Protect(cpu, space, areas[node], reached, last, protection);
                cpu.UnlockTables(space);
                areas[node].Protection = protection;
                if (fills && areas[node].GetsCopies)
                {
                    // What is locked has its own pages as soon as it can be written.
                    Population.Populate(cpu, space, reached, last);
                }

                reached = last;
                node = areas.FirstEndingAbove(last);
            }
        }

        AreaEdits.Merge(cpu, space, start, Math.Max(reached, start + 1));
        return errno;
    }
}

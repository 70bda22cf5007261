using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Reclaim;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// Pages that are touched for a process before it does, under the lock of its space, to read at least. When no frame is
/// free the lock is given back for a while, to free some.
/// </summary>
internal static class Population
{
    // Not for ever, since there can be too little memory for one page and its tables.
    public const int EvictionsMost = 64;

    /// <summary>
    /// Touches what has been mapped or locked, up to the first page that cannot be: by stores where the process gets
    /// copies, otherwise by loads.
    /// </summary>
    public static FaultEnd Populate<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        int evictions = 0;
        FaultRetries retries = default;
        for (ulong page = start; page < end; page += AddressSpace.PageBytes)
        {
            int node = space.AreaAt(page);
            if (node == 0)
            {
                return FaultEnd.NoArea;
            }

            ref var area = ref space.Areas[node];
            var touched = area.Protection == MemoryProtection.None
                ? FaultEnd.Forbidden
                : Touch(cpu, space, ref area, page, area.GetsCopies);
            if (touched == FaultEnd.NoMemory && evictions++ < EvictionsMost && TryMakeRoom(cpu, space))
            {
                page -= AddressSpace.PageBytes;
            }
            else if (touched == FaultEnd.Migrating)
            {
                retries.Add(page);
                AwaitMigration(cpu, space);
                page -= AddressSpace.PageBytes;
            }
            else if (touched != FaultEnd.Resolved)
            {
                return touched;
            }
        }

        return FaultEnd.Resolved;
    }

    /// <summary>The same by loads alone or by stores alone, where the process may make them.</summary>
    public static FaultEnd PopulateAs<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, MemoryProtection needed)
        where TYield : struct, IWait
    {
        int evictions = 0;
        FaultRetries retries = default;
        for (ulong page = start; page < end; page += AddressSpace.PageBytes)
        {
            int node = space.AreaAt(page);
            if (node == 0)
            {
                return FaultEnd.NoArea;
            }

            ref var area = ref space.Areas[node];
            var touched = (area.Protection & needed) == 0
                ? FaultEnd.Forbidden
                : Touch(cpu, space, ref area, page, needed == MemoryProtection.Write);
            if (touched == FaultEnd.NoMemory && evictions++ < EvictionsMost && TryMakeRoom(cpu, space))
            {
                page -= AddressSpace.PageBytes;
            }
            else if (touched == FaultEnd.Migrating)
            {
                retries.Add(page);
                AwaitMigration(cpu, space);
                page -= AddressSpace.PageBytes;
            }
            else if (touched != FaultEnd.Resolved)
            {
                return touched;
            }
        }

        return FaultEnd.Resolved;
    }

    /// <summary>
    /// Frees some frames, if this CPU lacks any; without the lock, so areas may be others afterwards.
    /// </summary>
    public static bool TryMakeRoom<TYield>(in KernelCpu<TYield> cpu, AddressSpace space)
        where TYield : struct, IWait
    {
        bool writes = Leave(cpu, space);
        bool freed = PageReclaim.TryMakeRoom(cpu);
        Return(cpu, space, writes);
        return freed;
    }

    /// <summary>
    /// Waits for the page that was met on its way to another frame; without the lock, so areas may be others
    /// afterwards.
    /// </summary>
    public static void AwaitMigration<TYield>(in KernelCpu<TYield> cpu, AddressSpace space)
        where TYield : struct, IWait
    {
        bool writes = Leave(cpu, space);
        cpu.AwaitMigration();
        Return(cpu, space, writes);
    }

    private static bool Leave<TYield>(in KernelCpu<TYield> cpu, AddressSpace space)
        where TYield : struct, IWait
    {
        bool writes = space.Lock.IsWrittenBy(cpu.Self.Number.Value);
        cpu.Flush(space);
        cpu.Unlock(space);
        return writes;
    }

    private static void Return<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, bool writes)
        where TYield : struct, IWait
    {
        if (writes)
        {
            cpu.Lock(space);
        }
        else
        {
            cpu.LockToLook(space);
        }
    }

    /// <summary>Touches one page of an area, whatever that permits.</summary>
    public static FaultEnd Touch<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ref Area area, ulong page, bool writes)
        where TYield : struct, IWait
    {
        PageFault<TYield> fault = new(cpu, space, page, writes);
        return fault.Resolve(ref area);
    }
}

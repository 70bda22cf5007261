using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>How a page fault ends.</summary>
internal enum FaultEnd : byte
{
    /// <summary>The access can be made again.</summary>
    Resolved,

    /// <summary>Nothing is mapped there.</summary>
    NoArea,

    /// <summary>The area forbids the access.</summary>
    Forbidden,

    /// <summary>The object has no such page.</summary>
    BeyondFile,

    /// <summary>There is no memory for it.</summary>
    NoMemory,

    /// <summary>The page cannot be read from where it was swapped to.</summary>
    Lost,

    /// <summary>
    /// The page is on its way to another frame: who met that waits without a lock for its end, and begins anew.
    /// </summary>
    Migrating,
}

/// <summary>
/// Page faults, as the processor tells them: address and error code. On the fast path the area alone is locked, and
/// whoever changes other areas goes on; on the slow one the space is, and a stack may grow. A fault is counted when it
/// has changed something: one that finds the entry as it should be came from a translation that was cached, and the
/// processor has dropped that.
/// </summary>
internal static class FaultPath
{
    /// <summary>Makes the access possible, or tells why it is not.</summary>
    public static FaultEnd Handle<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, PageFaultCode code)
        where TYield : struct, IWait
    {
        ref var counts = ref cpu.Core.Faults;
        if (!cpu.Core.AlwaysSearches && cpu.TryRead(space, address, out int node))
        {
            // What was never touched is made ready for pages of its own on the slow path.
            ref readonly var area = ref space.Areas[node];
            bool ready = area.IsShared || (area.Flags & AreaFlags.Touched) != 0
                || (code & PageFaultCode.Write) == 0 || !Permits(area.Protection, code);
            bool beside = space.Lock.IsWritten;
            var handled = ready ? HandleIn(cpu, space, node, address, code) : FaultEnd.NoArea;
            cpu.EndRead(space, node);
            if (ready)
            {
                counts.Fast++;
                counts.BesideWriter += beside ? 1 : 0;
                return AfterMigration(cpu, handled);
            }
        }

        counts.FellBack++;
        return HandleSlowly(cpu, space, address, code);
    }

    private static FaultEnd HandleSlowly<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, PageFaultCode code)
        where TYield : struct, IWait
    {
        cpu.LockToRead(space);
        int node = cpu.Core.AlwaysSearches ? 0 : space.LastFault.At(space.Areas, address);
        node = node != 0 ? node : StackGrowth.Reach(cpu, space, address);
        if (node == 0)
        {
            // Others may still reach what somebody has just unmapped, and are waited for before that is told.
            cpu.Unlock(space);
            cpu.LockToLook(space);
            node = StackGrowth.Reach(cpu, space, address);
        }

        var end = FaultEnd.NoArea;
        if (node != 0)
        {
            space.LastFault = new(node, space.Areas.Sequence);
            end = HandleIn(cpu, space, node, address, code);
        }

        cpu.Unlock(space);
        return AfterMigration(cpu, end);
    }

    // Who moves the page may need the lock that was had.
    private static FaultEnd AfterMigration<TYield>(in KernelCpu<TYield> cpu, FaultEnd end)
        where TYield : struct, IWait
    {
        if (end != FaultEnd.Migrating)
        {
            return end;
        }

        cpu.AwaitMigration();
        return FaultEnd.Resolved;
    }

    private static FaultEnd HandleIn<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, int node, ulong address, PageFaultCode code)
        where TYield : struct, IWait
    {
        ref var area = ref space.Areas[node];
        if (!Permits(area.Protection, code))
        {
            return FaultEnd.Forbidden;
        }

        PageFault<TYield> fault = new(cpu, space, AddressSpace.PageStart(address), (code & PageFaultCode.Write) != 0);
        return fault.Resolve(ref area);
    }

    // Whatever can be written or executed can be read on x86.
    private static bool Permits(MemoryProtection protection, PageFaultCode code) =>
        (code & PageFaultCode.Write) != 0 ? (protection & MemoryProtection.Write) != 0
        : (code & PageFaultCode.Fetch) != 0 ? (protection & MemoryProtection.Execute) != 0
        : protection != MemoryProtection.None;
}

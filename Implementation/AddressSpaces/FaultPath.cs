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
}

/// <summary>
/// Page faults, as the processor tells them: address and error code. On the fast path the area is that of the last
/// fault, if areas are still as they were then; on the slow one the tree is searched, and a stack may grow. A fault is
/// counted when it has changed something: one that finds the entry as it should be came from a translation that was
/// cached, and the processor has dropped that.
/// </summary>
internal static class FaultPath
{
    /// <summary>Makes the access possible, or tells why it is not.</summary>
    public static FaultEnd Handle<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, PageFaultCode code)
        where TYield : struct, IWait
    {
        cpu.Lock(space);
        var end = HandleLocked(cpu, space, address, code);
        cpu.Flush(space);
        space.Shared!.Unlock();
        return end;
    }

    private static FaultEnd HandleLocked<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, PageFaultCode code)
        where TYield : struct, IWait
    {
        int node = cpu.Core.AlwaysSearches ? 0 : space.LastFault.At(space.Areas, address);
        if (node == 0)
        {
            node = StackGrowth.Reach(cpu.Core.Cache, space, address);
            if (node == 0)
            {
                return FaultEnd.NoArea;
            }

            space.LastFault = new(node, space.Areas.Sequence);
        }

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

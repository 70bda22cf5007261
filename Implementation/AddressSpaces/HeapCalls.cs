using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// brk, under the lock of the space. The heap has no mark of its own: it is what lies between the first break and
/// the present one, and merges with whatever is alike beside it.
/// </summary>
internal static class HeapCalls
{
    /// <summary>Moves the break; tells where it then is, which is where it was when it cannot go there.</summary>
    public static CallEnd Brk<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong asked)
        where TYield : struct, IWait
    {
        if (asked < space.Heap || asked > AddressSpace.UserEnd)
        {
            return CallEnd.Done(space.Break);
        }

        cpu.Lock(space);
        ulong old = AddressSpace.PageAlign(space.Break), end = AddressSpace.PageAlign(asked);
        bool moves = end == old || (end < old ? TryShrink(cpu, space, end, old) : TryGrow(cpu, space, old, end));
        space.Break = moves ? asked : space.Break;
        ulong now = space.Break;
        cpu.Flush(space);
        cpu.Unlock(space);
        return CallEnd.Done(now);
    }

    // Where nothing is mapped any more there is nothing to give up, and the break stays.
    private static bool TryShrink<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong end, ulong old)
        where TYield : struct, IWait =>
        !space.IsFree(end, old) && MappingCalls.TryUnmapShared(cpu, space, end, old);

    // A page stays free above the heap, and the gap of a stack.
    private static bool TryGrow<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong old, ulong end)
        where TYield : struct, IWait
    {
        ulong kept = end + AddressSpace.PageBytes;
        if (!space.IsFree(old, kept) || StackGrowth.Guards(space, kept) || space.Areas.Count == AreaTree.Most)
        {
            return false;
        }

        space.Areas.Insert(new()
        {
            Start = old,
            End = end,
            Object = Area.NoObject,
            Protection = MemoryProtection.Read | MemoryProtection.Write,
        }, cpu.Yield);
        AreaEdits.Merge(cpu, space, old, end);
        return true;
    }
}

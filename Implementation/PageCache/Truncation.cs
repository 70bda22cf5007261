using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>Takes pages of an object out of every mapping, the private copies of them too.</summary>
internal static class Truncation
{
    /// <summary>Unmaps the pages from an index on.</summary>
    public static void UnmapFrom<TYield>(in KernelCpu<TYield> cpu, int number, ulong index)
        where TYield : struct, IWait
    {
        foreach (var space in cpu.Core.Spaces)
        {
            ref uint spaces = ref cpu.Core.Cache[number].Spaces;
            uint bit = 1u << space.Number;
            if ((spaces & bit) != 0 && !TryUnmap(cpu, space, number, index))
            {
                // None of the areas is left that were once there.
                spaces &= ~bit;
            }
        }
    }

    private static bool TryUnmap<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, int number, ulong index)
        where TYield : struct, IWait
    {
        if (space.Shared is null)
        {
            return false;
        }

        bool found = false;
        cpu.Lock(space);
        var areas = space.Areas;
        for (int node = areas.First; node != 0; node = areas.NextOf(node))
        {
            ref var area = ref areas[node];
            if (area.Object != number)
            {
                continue;
            }

            found = true;
            ulong kept = index > area.PageAt(area.Start) ? index - area.PageAt(area.Start) : 0;
            ulong size = area.End - area.Start;
            if (kept < size >> AddressSpace.PageBits)
            {
                PageEdits.Zap(cpu, space, area, area.Start + (kept << AddressSpace.PageBits), area.End);
            }
        }

        cpu.Flush(space);
        space.Shared.Unlock();
        return found;
    }
}

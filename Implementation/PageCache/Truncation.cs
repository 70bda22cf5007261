using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>Takes pages of an object out of every mapping.</summary>
internal static class Truncation
{
    /// <summary>Unmaps the pages from one index to another, and if it is wished the copies of them.</summary>
    public static void Unmap<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong first, ulong last, bool copiesToo)
        where TYield : struct, IWait
    {
        foreach (var space in cpu.Core.Spaces)
        {
            ref uint spaces = ref cpu.Core.Cache[number].Spaces;
            uint bit = 1u << space.Number;
            if ((spaces & bit) != 0 && !TryUnmap(cpu, space, number, first, last, copiesToo))
            {
                // None of the areas is left that were once there.
                spaces &= ~bit;
            }
        }
    }

    private static bool TryUnmap<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, int number, ulong first, ulong last, bool copiesToo)
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

            // No fault that has looked at the length before goes on.
            found = true;
            cpu.StartWrite(space, node);
            if (!area.PagesOf(first, last, out ulong start, out ulong end))
            {
                continue;
            }

            cpu.LockTables(space);
            if (copiesToo)
            {
                PageEdits.Zap(cpu, space, area, start, end);
            }
            else
            {
                PageEdits.ZapKind(cpu, space, start, end, FrameKind.File);
            }

            cpu.UnlockTables(space);
        }

        cpu.Flush(space);
        cpu.Unlock(space);
        return found;
    }
}

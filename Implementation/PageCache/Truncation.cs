using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>
/// Takes pages of an object out of every mapping, and keeps them out until they are gone: all spaces that may map it
/// stay locked meanwhile. They are locked in the order of their numbers, by whoever has the lock of the file.
/// </summary>
internal static class Truncation
{
    /// <summary>
    /// Unmaps the pages from one index to another, and if it is wished the copies of them; tells which spaces are
    /// locked then. Until they are unlocked no page of the object becomes mapped.
    /// </summary>
    public static uint Unmap<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong first, ulong last, bool copiesToo)
        where TYield : struct, IWait
    {
        while (true)
        {
            uint locked = Lock(cpu, number);
            foreach (var space in cpu.Core.Spaces)
            {
                uint bit = 1u << space.Number;
                if ((locked & bit) != 0 && !TryUnmap(cpu, space, number, first, last, copiesToo))
                {
                    // None of the areas is left that were once there.
                    cpu.Core.Cache[number].Spaces &= ~bit;
                }
            }

            if ((SpacesOf(cpu, number) & ~locked) == 0)
            {
                return locked;
            }

            // Another has mapped it meanwhile.
            Unlock(cpu, locked);
        }
    }

    /// <summary>Others may map pages of the object again.</summary>
    public static void Unlock<TYield>(in KernelCpu<TYield> cpu, uint locked)
        where TYield : struct, IWait
    {
        foreach (var space in cpu.Core.Spaces)
        {
            if ((locked & 1u << space.Number) != 0)
            {
                cpu.Unlock(space);
            }
        }
    }

    private static uint Lock<TYield>(in KernelCpu<TYield> cpu, int number)
        where TYield : struct, IWait
    {
        uint locked = 0, wanted = SpacesOf(cpu, number);
        foreach (var space in cpu.Core.Spaces)
        {
            if ((wanted & 1u << space.Number) != 0 && cpu.TryLock(space, LockMode.Write))
            {
                locked |= 1u << space.Number;
            }
        }

        return locked;
    }

    // The spaces of processes that there are which may have areas of it.
    private static uint SpacesOf<TYield>(in KernelCpu<TYield> cpu, int number)
        where TYield : struct, IWait
    {
        uint spaces = cpu.Core.Cache[number].Spaces;
        foreach (var space in cpu.Core.Spaces)
        {
            spaces &= space.Shared is null ? ~(1u << space.Number) : uint.MaxValue;
        }

        return spaces;
    }

    private static bool TryUnmap<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, int number, ulong first, ulong last, bool copiesToo)
        where TYield : struct, IWait
    {
        bool found = false;
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
        return found;
    }
}

using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// Areas split and merged, under the write lock of their space; none of them is read by a fault meanwhile. Neighbours
/// that could be one area are one after each call. Entries of tables are not looked at.
/// </summary>
internal static class AreaEdits
{
    /// <summary>
    /// Makes an address a boundary, where an area goes over it; false when there would be too many areas.
    /// </summary>
    public static bool TrySplit<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong address)
        where TYield : struct, IWait
    {
        int node = space.AreaAt(address);
        if (node == 0 || space.Areas[node].Start == address)
        {
            return true;
        }

        if (space.Areas.Count == AreaTree.Most)
        {
            return false;
        }

        cpu.StartWrite(space, node);
        Area upper = AreaArithmetic.UpperOf(space.Areas[node], address);
        Area lower = AreaArithmetic.LowerOf(space.Areas[node], address);
        space.Areas.Resize(node, lower.Start, lower.End);
        space.Areas.Insert(upper, cpu.Yield);
        ObjectPages.Hold(cpu.Core.Cache, upper.Object, space.Number);
        return true;
    }

    /// <summary>Both ends of a range become boundaries; false when there would be too many areas.</summary>
    public static bool TrySplit<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait => TrySplit(cpu, space, start) && TrySplit(cpu, space, end);

    /// <summary>Merges what can be one area, within a range and at its ends.</summary>
    public static void Merge<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var areas = space.Areas;
        int node = start == 0 ? areas.First : areas.FirstEndingAbove(start - 1);
        while (node != 0 && areas[node].Start < end)
        {
            int next = areas.NextOf(node);
            if (next != 0 && areas[node].Continues(areas[next]))
            {
                cpu.StartWrite(space, node);
                cpu.StartWrite(space, next);
                Area merged = AreaArithmetic.Merged(areas[node], areas[next]);
                areas.Remove(next, cpu.Yield);
                areas[node].Flags = merged.Flags;
                areas.Resize(node, merged.Start, merged.End);
                if (!merged.IsAnonymous)
                {
                    cpu.Core.Cache[merged.Object].References--;
                }
            }
            else
            {
                node = next;
            }
        }
    }

    /// <summary>The areas of a range, whose ends are boundaries, are locked or not.</summary>
    public static void SetLocked<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, bool locks)
        where TYield : struct, IWait
    {
        var areas = space.Areas;
        for (int node = areas.FirstEndingAbove(start); node != 0 && areas[node].Start < end; node = areas.NextOf(node))
        {
            cpu.StartWrite(space, node);
            areas[node].Flags = areas[node].Flags & ~AreaFlags.Locked | (locks ? AreaFlags.Locked : AreaFlags.None);
        }
    }
}

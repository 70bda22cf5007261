using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// Areas that grow like a stack: down to the page of an access below them, when that leaves a gap to what can be
/// accessed below. Who finds nothing at an address under the read lock comes back with the write lock for that.
/// </summary>
internal static class StackGrowth
{
    /// <summary>How far a stack can grow: RLIMIT_STACK.</summary>
    public const ulong LengthMost = 48 * AddressSpace.PageBytes;

    // As Linux has it: stack_guard_gap.
    private const ulong Gap = 256 * AddressSpace.PageBytes;

    /// <summary>
    /// The area of an address, of a stack that has grown down to it perhaps; 0 when there is none. Under the read lock,
    /// which may have been given back meanwhile, and is held again.
    /// </summary>
    public static int Reach<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong address)
        where TYield : struct, IWait
    {
        int node = space.Areas.FirstEndingAbove(address, cpu.Yield, locked: true);
        if (node == 0 || space.Areas[node].Start <= address || !space.Areas[node].GrowsDown)
        {
            return node != 0 && space.Areas[node].Start <= address ? node : 0;
        }

        cpu.Unlock(space);
        cpu.Lock(space);
        node = Grown(cpu, space, address);
        cpu.Downgrade(space);
        return node;
    }

    /// <summary>Whether the gap of a stack begins below an address at which a mapping would end.</summary>
    public static bool Guards(AddressSpace space, ulong end)
    {
        int node = space.Areas.FirstEndingAbove(end);
        return node != 0 && space.Areas[node].GrowsDown && space.Areas[node].Start - end < Gap;
    }

    /// <summary>Where the gap begins of the stack above an address.</summary>
    public static ulong GuardOf(AddressSpace space, ulong address)
    {
        ulong start = space.Areas[space.Areas.FirstEndingAbove(address)].Start;
        return start < Gap ? 0 : start - Gap;
    }

    private static int Grown<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong address)
        where TYield : struct, IWait
    {
        var areas = space.Areas;
        int node = areas.FirstEndingAbove(address);
        if (node == 0 || areas[node].Start <= address)
        {
            return node;
        }

        ulong page = AddressSpace.PageStart(address), end = areas[node].End;
        if (!areas[node].GrowsDown || page < MappingCalls.Lowest || page < BottomOf(areas, areas.PreviousOf(node)))
        {
            return 0;
        }

        // Whether or not the limit lets it grow.
        cpu.StartWrite(space, node);
        areas[node].Flags |= AreaFlags.Touched;
        if (end - page > LengthMost)
        {
            return 0;
        }

        cpu.Core.Faults.Grown++;
        areas.Lower(node, page, cpu.Yield);
        AreaEdits.Merge(cpu, space, page, end);
        return space.AreaAt(address);
    }

    // How far down a stack may grow above an area.
    private static ulong BottomOf(AreaTree areas, int below) => below == 0 ? 0
        : areas[below].End
            + (areas[below].GrowsDown || areas[below].Protection == MemoryProtection.None ? 0 : Gap);
}

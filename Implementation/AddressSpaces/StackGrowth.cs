using PageProof.Contract.AddressSpaces;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// Areas that grow like a stack, under the lock of their space: down to the page of an access below them, when that
/// leaves a gap to what can be accessed below.
/// </summary>
internal static class StackGrowth
{
    /// <summary>How far a stack can grow: RLIMIT_STACK.</summary>
    public const ulong LengthMost = 48 * AddressSpace.PageBytes;

    // As Linux has it: stack_guard_gap.
    private const ulong Gap = 256 * AddressSpace.PageBytes;

    /// <summary>The area of an address, of a stack that has grown down to it perhaps; 0 when there is none.</summary>
    public static int Reach(ObjectCache cache, AddressSpace space, ulong address)
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
        areas[node].Flags |= AreaFlags.Touched;
        if (end - page > LengthMost)
        {
            return 0;
        }

        areas.Resize(node, page, end);
        AreaEdits.Merge(cache, space, page, end);
        return space.AreaAt(address);
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

    // How far down a stack may grow above an area.
    private static ulong BottomOf(AreaTree areas, int below) => below == 0 ? 0
        : areas[below].End
            + (areas[below].GrowsDown || areas[below].Protection == MemoryProtection.None ? 0 : Gap);
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// Areas that grow like a stack: an access below one takes in all down to its page, even if it is then forbidden. A
/// gap stays to what lies below, unless that cannot be accessed or is a stack itself; and nothing is placed in it.
/// Source: mmap(2), MAP_GROWSDOWN; getrlimit(2), RLIMIT_STACK; the gap is the stack_guard_gap of the kernel's command
/// line, and the lowest address the mmap_min_addr of sysctl/vm.rst, which holds for growth whoever asks for it. That
/// neither a hint within the gap is taken nor a place there chosen is observed on Linux 6.18.
/// </summary>
public static class StackSpec
{
    private const ulong Gap = KernelCapabilities.StackGapPages * PageContent.Bytes;

    /// <summary>The state in which the stack above an address has grown down to it, if there is one that may.</summary>
    public static KernelState Reach(KernelState state, ProcessNumber number, ulong address)
    {
        var process = state.Processes[number.Value]!;
        ulong page = AddressSpaceSpec.PageStart(address), bottom = 0;
        foreach (var area in process.Areas)
        {
            if (area.End > address)
            {
                bool isStack = area.GrowsDown && area.Start > address && page >= bottom
                    && page >= state.Kernel.MmapMinAddress;
                bool grows = LengthTo(state, area, page) <= state.Kernel.StackLimit;
                return isStack ? state.With(number, Grow(process, area, grows ? page : area.Start)) : state;
            }

            bottom = area.GrowsDown || area.Protection == MemoryProtection.None ? area.End : area.End + Gap;
        }

        return state;
    }

    private static ulong LengthTo(KernelState state, in Area area, ulong page) =>
        (state.LowestPart > 0 && area.Several ? Math.Min(area.Start + state.LowestPart, area.End) : area.End) - page;

    // A stack is made ready for private pages, so that a fork copies what is there, before its limit is asked for.
    private static ProcessState Grow(ProcessState process, in Area area, ulong page) => AddressSpaceSpec.Change(
        process, area.Start, area.End, each => each with { Start = page, Touched = true });

    /// <summary>Whether the gap of a stack begins below an address at which nothing else ends.</summary>
    public static bool Guards(ProcessState process, ulong end)
    {
        foreach (var area in process.Areas)
        {
            // Survivor: nothing ends there, as whoever asks knows.
            if (area.End > end)
            {
                return area.GrowsDown && area.Start - end < Gap;
            }
        }

        return false;
    }
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// Reclaim makes progress: as long as what has to stay in memory leaves enough frames for a command, it finds them,
/// however many others have been touched. What stays is what no kernel can give up: tables, pages that are locked,
/// pinned or in a pipe, and private pages and shared ones without a name beyond what swap has room for. Pages of
/// files can always go, for their files hold them. Nothing is promised while a transfer is to fail.
/// Source: Linux, Documentation/admin-guide/mm/concepts.rst, Reclaim, and Documentation/mm/unevictable-lru.rst: an
/// allocation waits for direct reclaim, and fails when that finds nothing.
/// </summary>
public static class ProgressSpec
{
    // The frame that is none, that of zeros, and the table of CPUs that run nobody.
    private const ulong KernelsOwn = 3;

    private const ulong LevelsBelowTop = 3;
    private const int LevelBits = 9;
    private const int PageBits = 12;

    // Bytes across two pages, each with the one that it is a copy of, and tables where no area was; and as much
    // again, since what a command has just brought in is not what goes.
    private const ulong FramesOfCommand = 2 * (2 * 2 + LevelsBelowTop);

    /// <summary>Whether a command cannot lack a frame.</summary>
    public static bool Promises(KernelState state, in KernelCommand command) =>
        state.Tight && !state.Swap.MayFail && IsBounded(command)
        && KernelsOwn + Staying(state) + Needed(state, command) <= (ulong)state.Frames;

    /// <summary>
    /// Whether it is so although there are fewer frames than private pages: not all of them are in memory.
    /// </summary>
    public static bool IsPressed(KernelState state, in KernelCommand command) =>
        Copies(state) > (ulong)state.Frames && Promises(state, command);

    // Of those that touch as many pages as they please, or keep them, too much would have to be known.
    private static bool IsBounded(in KernelCommand command) => command.Kind switch
    {
        KernelCommandKind.Mmap => (command.Flags & (MmapFlags.Locked | MmapFlags.Populate)) == 0,
        KernelCommandKind.Load or KernelCommandKind.Store or KernelCommandKind.Checksum or KernelCommandKind.Fork
            or KernelCommandKind.FileRead or KernelCommandKind.FileWrite or KernelCommandKind.Truncate
            or KernelCommandKind.PunchHole or KernelCommandKind.Munmap or KernelCommandKind.Mprotect
            or KernelCommandKind.Mremap or KernelCommandKind.Brk or KernelCommandKind.ForceWrite => true,
        _ => false,
    };

    // A child has tables of its own, and pages where a device has pinned its parent's.
    private static ulong Needed(KernelState state, in KernelCommand command) =>
        command.Kind != KernelCommandKind.Fork ? FramesOfCommand
            : FramesOfCommand + Tables(state.Processes[command.Process.Value]!) + Pinned(state);

    private static ulong Staying(KernelState state)
    {
        ulong room = SwapRoom(state), pinned = Pinned(state), piped = Piped(state);
        ulong copies = Copies(state) + SharedWithoutName(state);
        ulong staying = pinned + piped;
        foreach (var process in state.Processes)
        {
            staying += process is null ? 0 : Tables(process) + Locked(process);
        }

        // What pins and pipes have may have kept a slot.
        ulong kept = pinned + piped + copies;
        return staying + (kept > room ? Math.Min(copies, kept - room) : 0);
    }

    private static ulong Copies(KernelState state)
    {
        ulong count = 0;
        foreach (var process in state.Processes)
        {
            count += process is null ? 0 : (ulong)process.Pages.Count(page => page.IsCopy);
        }

        return count;
    }

    private static ulong Locked(ProcessState process)
    {
        ulong count = 0;
        foreach (var area in process.Areas)
        {
            count += area.Locked ? (area.End - area.Start) / PageContent.Bytes : 0;
        }

        return count;
    }

    private static ulong Pinned(KernelState state) =>
        (ulong)(state.Left.Length + state.Pins.Sum(pin => pin is null ? 0 : pin.Pages.Length));

    private static ulong Piped(KernelState state) => (ulong)state.Pipes.Sum(pipe => pipe.Buffers.Length);

    private static ulong SwapRoom(KernelState state) => (ulong)KernelSequence.SwapSlots
        .Where((_, device) => state.Swap.Devices[device]).Sum();

    private static ulong SharedWithoutName(KernelState state)
    {
        var mapped = state.Processes.OfType<ProcessState>()
            .SelectMany(process => process.Areas).Select(area => area.Object).ToHashSet();
        return state.Objects.Where((_, number) => number >= state.Files && mapped.Contains(number))
            .Aggregate(0UL, (count, each) => count + each.PageCount);
    }

    // The top table, and of each level below as many as the areas meet ranges of one.
    private static ulong Tables(ProcessState process)
    {
        ulong count = 1;
        int shift = PageBits;
        for (ulong level = 0; level < LevelsBelowTop; level++)
        {
            shift += LevelBits;
            ulong next = 0;
            foreach (var area in process.Areas)
            {
                ulong first = Math.Max(next, area.Start >> shift), end = ((area.End - 1) >> shift) + 1;
                count += end > first ? end - first : 0;
                next = Math.Max(next, end);
            }
        }

        return count;
    }
}

using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// MADV_FREE. Nobody needs what is in a page until it is stored to: its entry gets clean, and when its frame is wanted
/// and the entry is still clean, the page goes without being written anywhere, and reads as zeros. What is in a slot
/// already goes at once. Such frames are on the lists of files, since they can go without a device for swap.
/// </summary>
internal static class LazyFree
{
    /// <summary>Notes a range of private memory, under the lock of the tables; who does it flushes.</summary>
    public static void Note<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            ulong entry = entries.Entry;
            if (SwapLeaves.IsSwap(entry))
            {
                SwapLeaves.Drop(cpu, space, editor.Store(entries.At, 0));
            }
            else if (entry.IsPresent && CanGo(cpu, PhysicalPages.FrameOf(entry)))
            {
                editor.Update(entries.At, entry, EntryBits.Accessed | EntryBits.Dirty, 0);
                cpu.Gather.AddChanged(entries.Page, 1);
                Note(cpu, PhysicalPages.FrameOf(entry));
            }
        }
    }

    /// <summary>
    /// Drops a page that was noted; false when others have it or it was stored to since, and then it is as any other.
    /// Whoever asks holds the frame and no lock.
    /// </summary>
    public static bool TryDrop<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        bool own = record.Mappings == 1 && (record.Flags & FrameFlags.Exclusive) != 0;
        if (own && ReverseMapping.TryDropClean(cpu, frame))
        {
            return true;
        }

        record.Flags &= ~FrameFlags.LazilyFreed;
        cpu.Core.Swap.Counts.FreedKept++;
        return false;
    }

    // A page of one's own that is in no slot, and that no device has.
    private static bool CanGo<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        return record.Kind == FrameKind.Anonymous && (record.Flags & FrameFlags.Exclusive) != 0 && record.Pins == 0
            && SwapLeaves.TryForget(cpu, frame);
    }

    private static void Note<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        record.Flags = record.Flags & ~(FrameFlags.Dirty | FrameFlags.Referenced) | FrameFlags.LazilyFreed;
        if ((record.Flags & FrameFlags.Listed) != 0)
        {
            // Otherwise somebody looks at it, and puts it there.
            cpu.Core.Lists.Remove(frame);
            cpu.Core.Lists.Add(frame, PageList.InactiveFile);
        }
    }
}

using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.PageCache;

/// <summary>
/// Writes pages of files back to their device. First D is cleared in every entry that leads to them, and flushed:
/// only then does a later store set it again, so that no page is taken for clean while it is still written.
/// </summary>
internal static class WriteBack
{
    /// <summary>
    /// Writes back what is dirty of the pages from one index to another, under the lock of the file and no other.
    /// </summary>
    public static void Run<TYield>(in KernelCpu<TYield> cpu, int file, ulong first, ulong last)
        where TYield : struct, IWait
    {
        CallLocks.Take(cpu, cpu.Core.Locks.Files[file]);
        foreach (var space in cpu.Core.Spaces)
        {
            if ((cpu.Core.Cache[file].Spaces & 1u << space.Number) != 0 && cpu.TryLock(space, LockMode.Write))
            {
                Collect(cpu, space, file, first, last);
            }
        }

        var table = cpu.Pages.Table;
        for (int frame = cpu.Core.Cache[file].First; frame != ObjectCache.None;)
        {
            ref readonly var record = ref table[frame];
            bool written = record.Index >= first && record.Index <= last && (record.Flags & FrameFlags.Dirty) != 0;
            if (written)
            {
                table.Hold(frame);
                WriteOne(cpu, frame);
                cpu.Frames.Release(frame);
            }

            // While the device was busy others may have put pages in and taken them out.
            frame = written ? cpu.Core.Cache[file].First : record.Next;
        }

        cpu.Core.Locks.Files[file].Release();
    }

    /// <summary>Writes a page back if it is dirty; no entry that leads to it has D.</summary>
    public static void WriteOne<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        if ((record.Flags & FrameFlags.Dirty) != 0)
        {
            record.Flags &= ~FrameFlags.Dirty;
            cpu.Yield.Point(YieldKind.InputOutput);
            if (cpu.Core.Cache.Find(record.Owner, record.Index) == frame)
            {
                // Otherwise it was cut off meanwhile.
                cpu.Core.Store.Write(record.Owner, record.Index, cpu.Pages.WordsOf(frame));
            }
        }
    }

    private static void Collect<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, int file, ulong first, ulong last)
        where TYield : struct, IWait
    {
        cpu.LockTables(space);
        var areas = space.Areas;
        for (int node = areas.First; node != 0; node = areas.NextOf(node))
        {
            ref readonly var area = ref areas[node];
            if (area.Object == file && area.IsShared && area.PagesOf(first, last, out ulong start, out ulong end))
            {
                CollectIn(cpu, space, start, end);
            }
        }

        cpu.UnlockTables(space);
        cpu.Flush(space);
        cpu.Unlock(space);
    }

    private static void CollectIn<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if ((entries.Entry & EntryBits.Dirty) == 0)
            {
                continue;
            }

            ulong old = editor.Update(entries.At, entries.Entry, EntryBits.Dirty, 0);
            if (old.IsPresent)
            {
                cpu.Gather.AddChanged(entries.Page, 1);
            }

            int frame = PhysicalPages.FrameOf(old.IsPresent ? old : HiddenLeaf.Shown(old));
            cpu.Pages.Table[frame].Flags |= FrameFlags.Dirty;
        }
    }
}

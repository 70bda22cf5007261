using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageTables;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// fork and exit. A fork copies the areas, and of those in which something is private the entries, so that
/// both sides lead to the same frames and neither can write them; a page that is pinned is copied at once.
/// </summary>
internal static class ProcessCalls
{
    private const ulong TableBytes = 1UL << 21;

    /// <summary>Makes a child; when there is too little memory there is none, and the parent is as it was.</summary>
    public static CallEnd Fork<TYield>(in KernelCpu<TYield> cpu, AddressSpace parent, AddressSpace child)
        where TYield : struct, IWait
    {
        // For the lock of a space without a process nobody waits who has another.
        cpu.Lock(child);
        cpu.Lock(parent);
        if (!cpu.TryBegin(child, parent.LastMapped))
        {
            cpu.Unlock(parent);
            cpu.Unlock(child);
            return CallEnd.Failed(Errno.ENOMEM);
        }

        for (int node = parent.Areas.First; node != 0; node = parent.Areas.NextOf(node))
        {
            // No fault changes what is being copied, or does so before all of it is.
            cpu.StartWrite(parent, node);
        }

        (child.Heap, child.Break) = (parent.Heap, parent.Break);
        child.Areas.CopyFrom(parent.Areas);
        bool copied = true;
        var areas = child.Areas;
        for (int node = areas.First; node != 0; node = areas.NextOf(node))
        {
            // All areas are the child's before the first can fail, so that they go as those of any process.
            ObjectPages.Hold(cpu.Core.Cache, areas[node].Object, child.Number);
            areas[node].Flags &= ~AreaFlags.Locked;
        }

        cpu.LockTables(parent);
        for (int node = areas.First; node != 0 && copied; node = areas.NextOf(node))
        {
            copied = (areas[node].Flags & AreaFlags.Touched) == 0 || TryCopy(cpu, parent, child, areas[node]);
        }

        // Only now, since what is touched is told area by area.
        cpu.UnlockTables(parent);
        AreaEdits.Merge(cpu, child, 0, AddressSpace.UserEnd);
        cpu.Unlock(child);

        // What the parent could write until now is flushed before the child can see it.
        cpu.Flush(parent);
        cpu.Unlock(parent);
        if (!copied)
        {
            Exit(cpu, child);
            return CallEnd.Failed(Errno.ENOMEM);
        }

        return CallEnd.Done();
    }

    /// <summary>
    /// Ends a process for which nobody begins to work any more. Those who are at work for it come to their end, and
    /// the CPUs that have its tables loaded are interrupted and leave them; then nothing is left of its memory. Who
    /// comes from the side of what it maps finds either all of it or nothing, since its lock is had until it is gone.
    /// </summary>
    public static void Exit<TYield>(in KernelCpu<TYield> cpu, AddressSpace space)
        where TYield : struct, IWait
    {
        cpu.AwaitOthers(space);
        cpu.LeaveTables(space);
        cpu.Lock(space);
        MappingCalls.UnmapAll(cpu, space);
        ulong top = space.Top.Value;
        space.End();
        cpu.Frames.ReturnTable(top);
        cpu.Unlock(space);
    }

    // Entry by entry, table by table. No processor walks the child's tables yet.
    private static bool TryCopy<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace parent, AddressSpace child, in Area area)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(parent);
        var target = cpu.EditorOf(child);
        var entries = cpu.EntriesOf(parent, area.Start, area.End);
        ulong table = 0, covered = 0;
        while (entries.MoveNext())
        {
            if (entries.Page >= covered)
            {
                if (target.Descend(entries.Page, 1, out table) != EditOutcome.Done)
                {
                    return false;
                }

                covered = (entries.Page & ~(TableBytes - 1)) + TableBytes;
            }

            ulong entry = entries.Entry, at = table | entries.Page >> AddressSpace.PageBits - 3 & 0xFF8;
            if (SwapLeaves.IsSwap(entry))
            {
                CopySwapped(cpu, parent, child, entries.At, at);
                continue;
            }

            if (MigrationLeaf.IsMigration(entry))
            {
                if (!MigrationLeaf.TryCopy(cpu, parent, child, entries.Page, entries.At, at, area.IsShared))
                {
                    return false;
                }

                continue;
            }

            bool hidden = !entry.IsPresent;
            ulong leaf = hidden ? HiddenLeaf.Shown(entry) : entry;
            if (!area.IsShared && (leaf & EntryBits.Writable) != 0 && !MustStay(cpu, leaf))
            {
                editor.Update(entries.At, entry, EntryBits.Writable, 0);
                cpu.Gather.AddChanged(entries.Page, 1);
                leaf &= ~EntryBits.Writable;
                cpu.Core.Watch?.Tell(SharingNoteKind.Rights, parent, entries.Page, leaf);
            }

            if (!TryShare(cpu, child, entries.Page >> AddressSpace.PageBits, ref leaf))
            {
                return false;
            }

            ulong copy = hidden ? HiddenLeaf.Of(leaf) : leaf;
            cpu.Memory.Write(new(at), new(copy));
            cpu.Core.Watch?.Tell(SharingNoteKind.Fork, child, entries.Page, copy, area.IsShared);
        }

        return true;
    }

    // Both name the slot, and for neither is the page its own any more.
    private static void CopySwapped<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace parent, AddressSpace child, ulong at, ulong to)
        where TYield : struct, IWait
    {
        var place = SwapLeaves.PlaceOf(cpu.Memory.Read(new(at)).Value);
        cpu.Core.Swap.Space.Duplicate(place);
        cpu.EditorOf(parent).Store(at, SwapLeaves.Of(place, own: false));
        cpu.Memory.Write(new(to), new(SwapLeaves.Of(place, own: false)));
        child.Swapped++;
    }

    // What others read or write behind the tables stays the parent's own.
    private static bool MustStay<TYield>(in KernelCpu<TYield> cpu, ulong leaf)
        where TYield : struct, IWait => cpu.Pages.Table[PhysicalPages.FrameOf(leaf)].Pins > 0;

    private static bool TryShare<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace child, ulong page, ref ulong leaf)
        where TYield : struct, IWait
    {
        int frame = PhysicalPages.FrameOf(leaf);
        ref var record = ref cpu.Pages.Table[frame];
        if (record.Pins > 0 && PageEdits.IsExclusive(cpu, leaf))
        {
            return TryCopyPinned(cpu, child, page, ref leaf);
        }

        record.Flags &= ~FrameFlags.Exclusive;
        return cpu.Pages.Table.Map(frame, child.Number, page) == FrameOutcome.Done;
    }

    private static bool TryCopyPinned<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace child, ulong page, ref ulong leaf)
        where TYield : struct, IWait
    {
        if (!cpu.TryTakeAnonymous(out int frame))
        {
            return false;
        }

        if (cpu.Pages.Table.MapFromHold(frame, child.Number, page) != FrameOutcome.Done)
        {
            cpu.Frames.Release(frame);
            return false;
        }

        cpu.Pages.Copy(PhysicalPages.FrameOf(leaf), frame);
        cpu.Pages.Table[frame].Flags |= FrameFlags.Exclusive;
        cpu.Core.Watch?.Taken(frame, PhysicalPages.FrameOf(leaf));
        leaf = leaf & ~EntryBits.Frame | PhysicalPages.AddressOf(frame);
        return true;
    }
}

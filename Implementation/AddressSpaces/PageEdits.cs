using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// What is done to the entries of a part of one area, under the lock of its space: entries and the records of
/// frames change together. What may be cached of the old entries goes into the gather, and so do the frames
/// that they led to: they are held until the flush.
/// </summary>
internal static class PageEdits
{
    private const ulong Rights = LeafEntry.RightsMask;

    /// <summary>The bits of rights of a page that an area lets be written or not.</summary>
    public static ulong RightsOf(MemoryProtection protection, bool writable) =>
        EntryBits.User | (writable ? EntryBits.Writable : 0)
        | ((protection & MemoryProtection.Execute) == 0 ? EntryBits.ExecuteDisable : 0);

    /// <summary>Empties the entries of a range of an area.</summary>
    public static void Zap<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, in Area area, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        SwapLeaves.Zap(cpu, space, start, end);
        MigrationLeaf.Zap(cpu, space, start, end);
        if (area.Protection == MemoryProtection.None)
        {
            var hidden = cpu.EntriesOf(space, start, end);
            while (hidden.MoveNext())
            {
                ulong gone = editor.Store(hidden.At, 0);
                cpu.Core.Watch?.Tell(SharingNoteKind.Unmap, space, hidden.Page, gone);
                Drop(cpu, space, hidden.Page, HiddenLeaf.Shown(gone));
            }

            return;
        }

        var leaves = cpu.Gather.Leaves;
        int held = leaves.Count;
        editor.Unmap(new(new(start), new(end - start)), cpu.Gather);
        for (; held < leaves.Count; held++)
        {
            cpu.Core.Watch?.Tell(SharingNoteKind.Unmap, space, leaves.PageAt(held), leaves.EntryAt(held));
            Hold(cpu, space, leaves.PageAt(held), leaves.EntryAt(held));
        }
    }

    /// <summary>Empties those entries of a range of an area that lead to frames of one kind.</summary>
    public static void ZapKind<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, FrameKind kind)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            // A slot has only what is anonymous.
            if (SwapLeaves.IsSwap(entries.Entry) || cpu.Pages.Table[FrameOf(entries.Entry)].Kind != kind)
            {
                continue;
            }

            ulong gone = editor.Store(entries.At, 0);
            if (MigrationLeaf.IsMigration(gone))
            {
                MigrationLeaf.Drop(cpu, space, entries.Page, gone);
                continue;
            }

            cpu.Core.Watch?.Tell(SharingNoteKind.Unmap, space, entries.Page, gone);
            if (!gone.IsPresent)
            {
                Drop(cpu, space, entries.Page, HiddenLeaf.Shown(gone));
            }
            else
            {
                cpu.Gather.AddUnmapped(entries.Page, gone, 1);
                Hold(cpu, space, entries.Page, gone);
            }
        }
    }

    /// <summary>Makes the tables for entries of a range at other addresses; false when there is no memory.</summary>
    public static bool TryPrepareMove<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, ulong target)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if (editor.Descend(entries.Page - start + target, 1, out _) != EditOutcome.Done)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Moves the entries of a range of an area to where tables are prepared for them. No CPU has anything of the old
    /// place any more when the first is reached at its new one, so that nobody sees a page at both.
    /// </summary>
    public static void Move<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, ulong target)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        var moved = cpu.Self.Moved;
        moved.Clear();
        while (entries.MoveNext())
        {
            ulong leaf = editor.Store(entries.At, 0);
            moved.Add(entries.Page, leaf, 1);
            if (leaf.IsPresent)
            {
                cpu.Gather.AddChanged(entries.Page, 1);
            }
        }

        cpu.Flush(space);
        for (int index = 0; index < moved.Count; index++)
        {
            ulong leaf = moved.EntryAt(index), from = moved.PageAt(index), page = from - start + target;

            if (!SwapLeaves.IsSwap(leaf))
            {
                // The mapping becomes a hold, and the hold a mapping, so that there is always memory to note it.
                int frame = FrameOf(leaf);
                cpu.Pages.Table.UnmapToHold(frame, space.Number, from >> AddressSpace.PageBits);
                cpu.Pages.Table.MapFromHold(frame, space.Number, page >> AddressSpace.PageBits);
            }

            editor.Descend(page, 1, out ulong table);
            editor.Store(table | page >> AddressSpace.PageBits - 3 & 0xFF8, leaf);
            cpu.Core.Watch?.Moved(space, from, page, leaf);
        }
    }

    /// <summary>An entry was emptied that was not present: nothing is cached of it.</summary>
    public static void Drop<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong page, ulong leaf)
        where TYield : struct, IWait
    {
        Note(cpu, leaf);
        cpu.Frames.Unmap(PhysicalPages.FrameOf(leaf), space.Number, page >> AddressSpace.PageBits);
    }

    /// <summary>
    /// An entry was emptied that the gather holds: its frame is no longer mapped there, but stays in use until
    /// the flush.
    /// </summary>
    public static void Hold<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong page, ulong leaf)
        where TYield : struct, IWait
    {
        Note(cpu, leaf);
        cpu.Pages.Table.UnmapToHold(PhysicalPages.FrameOf(leaf), space.Number, page >> AddressSpace.PageBits);
    }

    /// <summary>Gives the entries of a range of an area the rights of another protection.</summary>
    public static void Protect<TYield>(
        in KernelCpu<TYield> cpu,
        AddressSpace space,
        in Area area,
        ulong start,
        ulong end,
        MemoryProtection protection)
        where TYield : struct, IWait
    {
        bool writes = (protection & MemoryProtection.Write) != 0;
        if (protection == area.Protection)
        {
            return;
        }

        if (area.Protection == MemoryProtection.None)
        {
            Show(cpu, space, area, start, end, protection);
        }
        else if (protection == MemoryProtection.None)
        {
            Hide(cpu, space, start, end);
        }
        else if (!writes || area.IsShared)
        {
            var rights = PageRights.User | (writes ? PageRights.Write : 0)
                | ((protection & MemoryProtection.Execute) != 0 ? PageRights.Execute : 0);
            cpu.EditorOf(space).Protect(new(new(start), new(end - start)), rights, cpu.Gather);
        }
        else
        {
            ProtectEach(cpu, space, start, end, protection);
        }

        cpu.Core.Watch?.Rights(cpu, space, start, end);
    }

    /// <summary>Gives up the tables below which nothing is mapped any more, after a range was emptied.</summary>
    public static void FreeTables<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        const ulong Region = 1UL << 21;
        int next = space.Areas.FirstEndingAbove(start);
        int previous = next != 0 ? space.Areas.PreviousOf(next) : space.Areas.Last();
        ulong low = previous == 0 ? 0 : space.Areas[previous].End;
        ulong high = next == 0 ? AddressSpace.UserEnd : space.Areas[next].Start;

        // Only what lies between the neighbours in whole tables can be free of entries.
        ulong first = Math.Max(low + (Region - 1) & ~(Region - 1), start & ~(Region - 1));
        ulong last = Math.Min(next == 0 ? 1UL << 47 : high & ~(Region - 1), end + (Region - 1) & ~(Region - 1));
        if (first < last)
        {
            cpu.EditorOf(space).FreeTables(new(new(first), new(last - first)), cpu.Gather);
        }
    }

    /// <summary>The frame of an entry that leads to one, or from which its page is on its way.</summary>
    public static int FrameOf(ulong entry) => entry.IsPresent ? PhysicalPages.FrameOf(entry)
        : MigrationLeaf.IsMigration(entry) ? MigrationLeaf.FrameOf(entry)
        : PhysicalPages.FrameOf(HiddenLeaf.Shown(entry));

    /// <summary>Whether a page of a private area can be written as it is: nobody else sees it.</summary>
    public static bool IsExclusive<TYield>(in KernelCpu<TYield> cpu, ulong leaf)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[PhysicalPages.FrameOf(leaf)];
        return record.Kind == FrameKind.Anonymous && (record.Flags & FrameFlags.Exclusive) != 0;
    }

    /// <summary>Notes that a page was written through an entry that is gone, if it was.</summary>
    public static void NoteDirty<TYield>(in KernelCpu<TYield> cpu, ulong leaf)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[PhysicalPages.FrameOf(leaf)];
        if ((leaf & EntryBits.Dirty) != 0 && record.Kind is FrameKind.File or FrameKind.Anonymous)
        {
            record.Flags |= FrameFlags.Dirty;
        }
    }

    // What was written through an entry is noted when the entry goes; with the last one its slot is of no use.
    private static void Note<TYield>(in KernelCpu<TYield> cpu, ulong leaf)
        where TYield : struct, IWait
    {
        NoteDirty(cpu, leaf);
        int frame = PhysicalPages.FrameOf(leaf);
        if (cpu.Pages.Table[frame].Mappings == 1)
        {
            SwapLeaves.TryForget(cpu, frame);
        }
    }

    private static void Hide<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if (SwapLeaves.IsAway(entries.Entry))
            {
                continue;
            }

            // First emptied, so that no mark of a walker comes after what is hidden was read.
            ulong leaf = editor.Store(entries.At, 0);
            editor.Store(entries.At, HiddenLeaf.Of(leaf));
            cpu.Gather.AddChanged(entries.Page, 1);
        }
    }

    private static void Show<TYield>(
        in KernelCpu<TYield> cpu,
        AddressSpace space,
        in Area area,
        ulong start,
        ulong end,
        MemoryProtection protection)
        where TYield : struct, IWait
    {
        bool writes = (protection & MemoryProtection.Write) != 0;
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if (SwapLeaves.IsAway(entries.Entry))
            {
                continue;
            }

            ulong leaf = HiddenLeaf.Shown(entries.Entry) & ~Rights;
            bool writable = writes && (area.IsShared || IsExclusive(cpu, leaf));
            editor.Store(entries.At, leaf | RightsOf(protection, writable));
        }
    }

    // A private page becomes writable only if it is the process's own.
    private static void ProtectEach<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, MemoryProtection protection)
        where TYield : struct, IWait
    {
        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if (SwapLeaves.IsAway(entries.Entry))
            {
                continue;
            }

            ulong rights = RightsOf(protection, IsExclusive(cpu, entries.Entry));
            ulong old = editor.Update(entries.At, entries.Entry, Rights & ~rights, rights);

            // Survivor: to flush what may stay cached does no harm, and costs.
            if (!LeafEntry.MayStayCached(old, old & ~Rights | rights))
            {
                cpu.Gather.AddChanged(entries.Page, 1);
            }
        }
    }
}

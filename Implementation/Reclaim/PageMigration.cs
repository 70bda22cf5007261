using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Swap;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// Moves a page to another frame. All entries that lead to it are made to say that it is on its way, and flushed, so
/// that nobody reaches it; then, in one step in which no other CPU comes between, it is copied, and all that is known
/// of it is of the new frame; at last the entries lead there. Who has the page otherwise, as a device or a pipe has it,
/// or comes to it meanwhile, keeps it where it is. No lock of a space is held.
/// </summary>
internal static class PageMigration
{
    // Others may map a page of a file again while it is being unmapped.
    private const int LooksMost = 3;

    // Entries that are copied or moved meanwhile are found when all are looked at again, and come to an end.
    private const int RoundsMost = 1000;

    private const FrameFlags Carried = FrameFlags.Dirty | FrameFlags.Referenced | FrameFlags.LazilyFreed;

    /// <summary>
    /// Moves the page of a frame to an empty one; both are held by who asks, and no more afterwards. False when the
    /// page stays.
    /// </summary>
    public static bool TryMove<TYield>(in KernelCpu<TYield> cpu, int from, int to)
        where TYield : struct, IWait
    {
        var (lists, migrations) = (cpu.Core.Lists, cpu.Core.Migrations);
        if ((cpu.Pages.Table[from].Flags & FrameFlags.Listed) == 0)
        {
            // Somebody else looks at it, or it is no page of anybody.
            return Stay(cpu, from, to);
        }

        var list = lists.ListOf(from);
        bool found = lists.WasFoundUsed(from);
        lists.Remove(from);
        migrations.Begin(cpu.Self.Number.Value, from);
        bool moved = false;
        for (int look = 0; look < LooksMost && !moved && !IsKept(cpu, from); look++)
        {
            TakeOut(cpu, from);
            moved = TryTransfer(cpu, from, to);
        }

        PutIn(cpu, from, moved ? to : from);
        migrations.End(cpu.Self.Number.Value);
        if (!moved)
        {
            cpu.Pages.Table.Hold(from);
            PageReclaim.PutBack(cpu, from, list, found);
            return Stay(cpu, from, to);
        }

        cpu.Core.Watch?.Migrated(from, to);
        PageReclaim.PutBack(cpu, to, list, found);
        SwapLeaves.LetGo(cpu, from);
        cpu.Core.Swap.Counts.Moved++;
        return true;
    }

    private static bool Stay<TYield>(in KernelCpu<TYield> cpu, int from, int to)
        where TYield : struct, IWait
    {
        SwapLeaves.LetGo(cpu, from);
        cpu.Frames.Release(to);
        cpu.Core.Swap.Counts.Stayed++;
        return false;
    }

    // Others than entries, caches and who moves it refer to the page, or nobody has it any more.
    private static bool IsKept<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        bool cached = cpu.Core.Swap.Cache.Has(frame);
        return record.Pins > 0 || record.Holds != (cached ? 2 : 1)
            || (record.Kind == FrameKind.File ? (record.Flags & FrameFlags.Cached) == 0
                : record.Mappings == 0 && !cached);
    }

    private static void TakeOut<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        foreach (var (number, page) in ReverseMapping.MappingsOf(cpu, frame))
        {
            var space = cpu.Core.Spaces[number];
            if (!cpu.TryVisit(space))
            {
                continue;
            }

            if (cpu.Pages.Table[frame].Pins == 0
                && ReverseMapping.TryFind(cpu, space, page, frame, out ulong at, out ulong entry))
            {
                TakeOut(cpu, space, page, at, entry, frame);
            }

            cpu.EndVisit(space);
        }
    }

    // What was stored is noted when nobody stores any more.
    private static void TakeOut<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong page, ulong at, ulong entry, int frame)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        bool writable = (LeafOf(entry) & EntryBits.Writable) != 0;
        var kind = writable ? MigrationKind.Write
            : PageEdits.IsExclusive(cpu, LeafOf(entry)) ? MigrationKind.ReadExclusive : MigrationKind.Read;

        // An own page is so by its entry, until it is there.
        ulong left = MigrationLeaf.Of(frame, kind);
        record.Flags &= ~FrameFlags.Exclusive;
        ulong old = cpu.EditorOf(space).Store(at, left);
        MigrationLeaf.Count(cpu, space, frame, 1);
        if (old.IsPresent)
        {
            cpu.Gather.AddChanged(page, 1);
        }

        cpu.Flush(space);
        record.Flags |= (LeafOf(old) & EntryBits.Dirty) != 0 ? FrameFlags.Dirty : FrameFlags.None;
        record.Flags |= (LeafOf(old) & EntryBits.Accessed) != 0 ? FrameFlags.Referenced : FrameFlags.None;
    }

    // From the look at what refers to the page to the end nobody comes between.
    private static bool TryTransfer<TYield>(in KernelCpu<TYield> cpu, int from, int to)
        where TYield : struct, IWait
    {
        var (table, swap) = (cpu.Pages.Table, cpu.Core.Swap);
        ref var record = ref table[from];
        if (IsKept(cpu, from) || cpu.Core.Migrations.EntriesOf(from) != record.Mappings)
        {
            return false;
        }

        cpu.Pages.Copy(from, to);
        table[to].Flags |= record.Flags & Carried;
        if (swap.Cache.Has(from))
        {
            var place = swap.Cache.PlaceOf(from);
            swap.Cache.Remove(from);
            table.Drop(from);
            swap.Cache.Add(to, place);
            table.Hold(to);
        }

        if ((record.Flags & FrameFlags.Cached) != 0)
        {
            cpu.Core.Cache.Renew(from, to);
        }

        return true;
    }

    // Until no entry says any more that the page is on its way, whoever has copied or moved it.
    private static void PutIn<TYield>(in KernelCpu<TYield> cpu, int from, int to)
        where TYield : struct, IWait
    {
        for (int round = 0; cpu.Core.Migrations.EntriesOf(from) != 0; round++)
        {
            if (round == RoundsMost)
            {
                throw new InvalidOperationException($"The page of frame {from} never comes to where it is to be.");
            }

            foreach (var (number, page) in ReverseMapping.MappingsOf(cpu, from))
            {
                var space = cpu.Core.Spaces[number];
                if (cpu.TryVisit(space))
                {
                    PutIn(cpu, space, page, from, to);
                    cpu.EndVisit(space);
                }
            }
        }
    }

    private static void PutIn<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong page, int from, int to)
        where TYield : struct, IWait
    {
        var entries = cpu.EntriesOf(space, page, page + AddressSpace.PageBytes);
        if (!entries.MoveNext() || !MigrationLeaf.IsMigration(entries.Entry)
            || MigrationLeaf.FrameOf(entries.Entry) != from)
        {
            return;
        }

        var table = cpu.Pages.Table;
        ref readonly var area = ref space.Areas[space.AreaAt(page)];
        if (from != to)
        {
            // The node that one mapping gives back is that of the other.
            table.Unmap(from, space.Number, page >> AddressSpace.PageBits);
            table.Map(to, space.Number, page >> AddressSpace.PageBits);
        }

        var kind = MigrationLeaf.KindOf(entries.Entry);
        bool own = kind != MigrationKind.Read && !area.IsShared && table[to].Kind == FrameKind.Anonymous;
        table[to].Flags |= own ? FrameFlags.Exclusive : FrameFlags.None;
        bool writes = kind == MigrationKind.Write && (area.Protection & MemoryProtection.Write) != 0;
        ulong leaf = PhysicalPages.AddressOf(to) | EntryBits.Present | PageEdits.RightsOf(area.Protection, writes);
        leaf = area.Protection == MemoryProtection.None ? HiddenLeaf.Of(leaf) : leaf;
        cpu.EditorOf(space).Store(entries.At, leaf);
        MigrationLeaf.Count(cpu, space, from, -1);
    }

    private static ulong LeafOf(ulong entry) => entry.IsPresent ? entry : HiddenLeaf.Shown(entry);
}

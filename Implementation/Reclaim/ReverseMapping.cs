using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Swap;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// From a frame to the entries that lead to it, which are looked at or replaced one by one, each under the lock of its
/// space. Whoever asks holds the frame and no lock.
/// </summary>
internal static class ReverseMapping
{
    /// <summary>
    /// Whether a page was used since this was last asked: A of every entry is cleared. Nothing is flushed for that; who
    /// goes on by what is cached leaves no mark, and is taken to have used it less.
    /// </summary>
    public static bool TakeUsed<TYield>(in KernelCpu<TYield> cpu, int frame, out bool locked)
        where TYield : struct, IWait
    {
        ref var record = ref cpu.Pages.Table[frame];
        bool used = (record.Flags & FrameFlags.Referenced) != 0;
        record.Flags &= ~FrameFlags.Referenced;
        locked = false;
        foreach (var (number, page) in MappingsOf(cpu, frame))
        {
            var space = cpu.Core.Spaces[number];
            if (!cpu.TryVisit(space))
            {
                continue;
            }

            if (TryFind(cpu, space, page, frame, out ulong at, out ulong entry))
            {
                locked |= space.Areas[space.AreaAt(page)].IsLocked;
                if ((entry & EntryBits.Accessed) != 0)
                {
                    cpu.EditorOf(space).Update(at, entry, EntryBits.Accessed, 0);
                    used = true;
                }
            }

            cpu.EndVisit(space);
        }

        return used;
    }

    /// <summary>
    /// Makes no entry lead to a frame any more, nor anything that is cached; entries of private memory say its slot
    /// then, if it has one. False when some stay, since the page is locked or pinned, or others map it meanwhile.
    /// </summary>
    public static bool TryUnmap<TYield>(in KernelCpu<TYield> cpu, int frame, SwapPlace? place)
        where TYield : struct, IWait
    {
        foreach (var (number, page) in MappingsOf(cpu, frame))
        {
            var space = cpu.Core.Spaces[number];
            if (!cpu.TryVisit(space))
            {
                continue;
            }

            bool stays = false;
            ulong gone = 0;
            if (TryFind(cpu, space, page, frame, out ulong at, out _))
            {
                // Who gives a device up may have taken the slot away meanwhile.
                stays = space.Areas[space.AreaAt(page)].IsLocked || cpu.Pages.Table[frame].Pins > 0
                    || (place is not null && !cpu.Core.Swap.Cache.Has(frame));
                if (!stays)
                {
                    gone = Replace(cpu, space, page, at, place);
                }
            }

            cpu.Flush(space);
            if (gone.IsPresent)
            {
                // Others may have written it back, and a CPU have stored since, by what it had cached until the flush.
                PageEdits.NoteDirty(cpu, gone);
            }

            cpu.EndVisit(space);
            if (stays)
            {
                return false;
            }
        }

        return cpu.Pages.Table[frame].Mappings == 0;
    }

    /// <summary>
    /// Takes a page of which nobody needs what is in it from the one process that has it; false when it was stored to
    /// through its entry, or is locked, pinned, in a pipe or elsewhere meanwhile. The entry is looked at when it is
    /// empty and flushed, so that no store comes after.
    /// </summary>
    public static bool TryDropClean<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var (number, page) = MappingsOf(cpu, frame)[0];
        var space = cpu.Core.Spaces[number];
        if (!cpu.TryVisit(space))
        {
            return false;
        }

        bool goes = false;
        ref var record = ref cpu.Pages.Table[frame];
        if (TryFind(cpu, space, page, frame, out ulong at, out _) && !space.Areas[space.AreaAt(page)].IsLocked
            && record.Pins == 0 && record.Holds == 1 && (record.Flags & FrameFlags.Exclusive) != 0)
        {
            ulong old = cpu.EditorOf(space).Store(at, 0), leaf = old.IsPresent ? old : HiddenLeaf.Shown(old);
            cpu.Gather.AddChanged(page, 1);
            cpu.Flush(space);
            goes = ((leaf & EntryBits.Dirty) | (ulong)(record.Flags & FrameFlags.Dirty)) == 0;
            if (goes)
            {
                cpu.Core.Watch?.Tell(Contract.Kernel.SharingNoteKind.Unmap, space, page, old);
                PageEdits.Drop(cpu, space, page, leaf);
            }
            else
            {
                cpu.EditorOf(space).Store(at, old);
            }
        }

        cpu.EndVisit(space);
        return goes;
    }

    // The entry that was there.
    private static ulong Replace<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong page, ulong at, SwapPlace? place)
        where TYield : struct, IWait
    {
        ulong left = 0, old = cpu.Memory.Read(new(at)).Value;
        if (place is { } slot)
        {
            // An own page is so by its entry, until it is back.
            ref var record = ref cpu.Pages.Table[FrameOf(old)];
            left = SwapLeaves.Of(slot, (record.Flags & FrameFlags.Exclusive) != 0);
            record.Flags &= ~FrameFlags.Exclusive;
            cpu.Core.Swap.Space.Duplicate(slot);
            space.Swapped++;
        }

        old = cpu.EditorOf(space).Store(at, left);
        cpu.Core.Watch?.Tell(Contract.Kernel.SharingNoteKind.Unmap, space, page, old);
        if (old.IsPresent)
        {
            cpu.Gather.AddUnmapped(page, old, 1);
            PageEdits.Hold(cpu, space, page, old);
        }
        else
        {
            PageEdits.Drop(cpu, space, page, HiddenLeaf.Shown(old));
        }

        return old;
    }

    /// <summary>The entry of a page, if it leads to the frame.</summary>
    public static bool TryFind<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong page, int frame, out ulong at, out ulong entry)
        where TYield : struct, IWait
    {
        var entries = cpu.EntriesOf(space, page, page + AddressSpace.PageBytes);
        bool found = entries.MoveNext();
        (at, entry) = (entries.At, entries.Entry);
        return found && !SwapLeaves.IsAway(entry) && FrameOf(entry) == frame;
    }

    private static int FrameOf(ulong entry) =>
        PhysicalPages.FrameOf(entry.IsPresent ? entry : HiddenLeaf.Shown(entry));

    /// <summary>The mappings of a frame as they are now: while others run, some go and some come.</summary>
    public static List<(int Space, ulong Page)> MappingsOf<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var table = cpu.Pages.Table;
        var mappings = cpu.Core.MappingsOf[cpu.Self.Number.Value];
        mappings.Clear();
        for (int node = table[frame].FirstMapping; node != 0; node = table.Mapping(node).Next)
        {
            mappings.Add((table.Mapping(node).Space, table.Mapping(node).Page << AddressSpace.PageBits));
        }

        return mappings;
    }
}

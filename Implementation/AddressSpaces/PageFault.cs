using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageTables;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Frames;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// A page that is about to be touched, under the lock of its area or of its space: by an access that is known to be
/// permitted, or by the kernel whatever the area permits. What is made is complete before the entry leads to it; a page
/// that is replaced is unreachable everywhere before. Frames are found without the lock of the tables: when that is
/// had, the entry has to be what it was, or all was in vain. A fault is counted when something has changed.
/// </summary>
internal readonly ref partial struct PageFault<TYield>(
    KernelCpu<TYield> cpu, AddressSpace space, ulong page, bool writes)
    where TYield : struct, IWait
{
    // Pages that are in memory are mapped together, within as many as Linux takes.
    private const ulong AroundBytes = 16 * AddressSpace.PageBytes;
    private const ulong Marks = EntryBits.Accessed | EntryBits.Dirty;

    private readonly KernelCpu<TYield> _cpu = cpu;

    /// <summary>
    /// Maps the page, and for a store makes it one that this area's stores may change; or tells why it cannot.
    /// </summary>
    public FaultEnd Resolve(ref Area area)
    {
        if (!area.IsAnonymous && area.PageAt(page) >= _cpu.Core.Cache[area.Object].PageCount)
        {
            return FaultEnd.BeyondFile;
        }

        if (!TryTable(out ulong table))
        {
            return FaultEnd.NoMemory;
        }

        ulong at = table | IndexBytes(page);
        ulong entry = EntryAt(at);
        if (MigrationLeaf.IsMigration(entry))
        {
            _cpu.Meet(MigrationLeaf.FrameOf(entry));
            return FaultEnd.Migrating;
        }

        if (SwapLeaves.IsSwap(entry))
        {
            return FromSwap(ref area, at, entry);
        }

        if (entry == 0 && !area.IsAnonymous && (!writes || area.IsShared))
        {
            return FromObject(area, at);
        }

        bool resolved = entry == 0
            ? TryPrivate(ref area, at)
            : !writes || (entry.IsPresent && (entry & EntryBits.Writable) != 0) || TryWritable(ref area, at, entry);
        return resolved ? FaultEnd.Resolved : FaultEnd.NoMemory;
    }

    // Nothing is there, and the page is not to be that of an object.
    private bool TryPrivate(ref Area area, ulong at)
    {
        if (!writes)
        {
            ulong zero = PhysicalPages.AddressOf(PhysicalPages.ZeroFrame);
            if (TryLock(at, 0))
            {
                Store(area, at, page, zero | EntryBits.Accessed, writable: false);
                Count(false);
                _cpu.UnlockTables(space);
            }

            return true;
        }

        int source = PhysicalPages.ZeroFrame;
        bool read = false;
        if (!area.IsAnonymous && !ObjectPages.TryGet(_cpu, area.Object, area.PageAt(page), out source, out read))
        {
            return false;
        }

        // Held, so that nobody evicts it before it is copied.
        _cpu.Pages.Table.Hold(source);
        bool copied = TryOwn(source, out int frame);
        _cpu.Frames.Release(source);
        if (!copied)
        {
            return false;
        }

        if (TryLockFor(at, 0, frame))
        {
            MapOwn(ref area, at, frame);
            Count(read);
            _cpu.UnlockTables(space);
        }

        return true;
    }

    // A page of an object, and with a read those around it that are in memory.
    private FaultEnd FromObject(in Area area, ulong at)
    {
        var end = ObjectPages.Get(_cpu, area.Object, area.PageAt(page), out int frame, out bool read);
        if (end != FaultEnd.Resolved || !TryLock(at, 0))
        {
            return end;
        }

        // The object may have given the page up meanwhile.
        bool isThere = _cpu.Core.Cache.Find(area.Object, area.PageAt(page)) == frame;
        bool mapped = !isThere || TryMapObject(area, at, page, frame, writes ? Marks : EntryBits.Accessed);
        if (isThere && mapped)
        {
            Count(read);
            if (!writes)
            {
                MapAround(area, at);
            }
        }

        _cpu.UnlockTables(space);
        return mapped ? FaultEnd.Resolved : FaultEnd.NoMemory;
    }

    private void MapAround(in Area area, ulong at)
    {
        ulong first = Math.Max(area.Start, page & ~(AroundBytes - 1));
        ulong end = Math.Min(area.End, (page & ~(AroundBytes - 1)) + AroundBytes);
        ulong pages = _cpu.Core.Cache[area.Object].PageCount;
        ulong table = at & EntryBits.Frame;
        for (ulong near = first; near < end && area.PageAt(near) < pages; near += AddressSpace.PageBytes)
        {
            // All lie in one table, since the range is aligned.
            ulong place = table | IndexBytes(near);
            int frame = _cpu.Core.Cache.Find(area.Object, area.PageAt(near));
            if (frame != ObjectCache.None && EntryAt(place) == 0)
            {
                // One that cannot be mapped now can be when it is asked for.
                TryMapObject(area, place, near, frame, 0);
            }
        }
    }

    private bool TryMapObject(in Area area, ulong at, ulong mapped, int frame, ulong marks)
    {
        if (_cpu.Pages.Table.Map(frame, space.Number, mapped >> AddressSpace.PageBits) != FrameOutcome.Done)
        {
            return false;
        }

        Store(area, at, mapped, PhysicalPages.AddressOf(frame) | marks, area.IsShared);
        return true;
    }

    // A page that is mapped, but not to be written through its entry.
    private bool TryWritable(ref Area area, ulong at, ulong entry)
    {
        if (!TryLock(at, entry))
        {
            return true;
        }

        bool hidden = !entry.IsPresent, writable = (area.Protection & MemoryProtection.Write) != 0;
        int old = PhysicalPages.FrameOf(hidden ? HiddenLeaf.Shown(entry) : entry);
        ref var record = ref _cpu.Pages.Table[old];
        bool own = record.Kind == FrameKind.Anonymous && (record.Flags & FrameFlags.Exclusive) != 0;
        if (own && !writable)
        {
            _cpu.UnlockTables(space);
            return true;
        }

        if (area.IsShared || own || IsSole(record, old))
        {
            record.Flags |= area.IsShared ? FrameFlags.None : FrameFlags.Exclusive;
            ulong added = (writable ? EntryBits.Writable : 0) | Marks;
            _cpu.EditorOf(space).Update(at, entry, 0, added);
            _cpu.Core.Watch?.Tell(SharingNoteKind.Reuse, space, page, entry | added);
            Count(false);
            _cpu.UnlockTables(space);
            return true;
        }

        // Held, so that it is nobody else's before it is copied.
        _cpu.Pages.Table.Hold(old);
        _cpu.UnlockTables(space);
        bool copied = TryOwn(old, out int frame);
        bool replaces = copied && TryLockFor(at, entry, frame);
        if (replaces)
        {
            Empty(at, hidden);
            MapOwn(ref area, at, frame);
            Count(false);
            _cpu.UnlockTables(space);
        }

        SwapLeaves.LetGo(_cpu, old);
        return copied;
    }

    // The table of the page, which is made if there is none.
    private bool TryTable(out ulong table)
    {
        var editor = _cpu.EditorOf(space);
        if (editor.TryTable(page, out table))
        {
            return true;
        }

        _cpu.LockTables(space);
        var made = editor.Descend(page, 1, out table);
        _cpu.UnlockTables(space);
        return made == EditOutcome.Done;
    }

    private ulong EntryAt(ulong at) => _cpu.Memory.Read(new(at)).Value;

    // Takes the lock of the tables, if the entry is still what was found there, but for marks of walkers.
    private bool TryLock(ulong at, ulong entry)
    {
        _cpu.LockTables(space);
        bool same = ((EntryAt(at) ^ entry) & ~Marks) == 0;
        if (!same)
        {
            _cpu.UnlockTables(space);
        }

        return same;
    }

    // The same for a frame that is to be mapped; otherwise it is given back.
    private bool TryLockFor(ulong at, ulong entry, int frame)
    {
        bool same = TryLock(at, entry);
        if (!same)
        {
            _cpu.Frames.Unmap(frame, space.Number, page >> AddressSpace.PageBits);
        }

        return same;
    }

    // Nobody else has the page, nor does an entry name a slot that has it.
    private bool IsSole(in FrameRecord record, int frame) => record.Kind == FrameKind.Anonymous
        && SwapLeaves.TryForget(_cpu, frame) && record.References == 1;

    // What was mapped is unreachable everywhere afterwards.
    private void Empty(ulong at, bool hidden)
    {
        ulong gone = _cpu.EditorOf(space).Store(at, 0);
        _cpu.Core.Watch?.Tell(SharingNoteKind.Break, space, page, gone);
        if (hidden)
        {
            PageEdits.Drop(_cpu, space, page, HiddenLeaf.Shown(gone));
            return;
        }

        _cpu.Gather.AddUnmapped(page, gone, 1);
        PageEdits.Hold(_cpu, space, page, gone);
        _cpu.Flush(space);
    }

    // A frame with a copy of what is in another, which this process alone will see.
    private bool TryOwn(int source, out int frame)
    {
        if (!_cpu.TryTakeAnonymous(out frame))
        {
            return false;
        }

        if (_cpu.Pages.Table.MapFromHold(frame, space.Number, page >> AddressSpace.PageBits) != FrameOutcome.Done)
        {
            _cpu.Frames.Release(frame);
            return false;
        }

        _cpu.Pages.Table[frame].Flags |= FrameFlags.Exclusive;
        if (source == PhysicalPages.ZeroFrame)
        {
            _cpu.Pages.Clear(frame);
        }
        else
        {
            _cpu.Pages.Copy(source, frame);
        }

        _cpu.Core.Watch?.Taken(frame, source);

        return true;
    }

    private void MapOwn(ref Area area, ulong at, int frame)
    {
        area.Flags |= AreaFlags.Touched;
        Store(area, at, page, PhysicalPages.AddressOf(frame) | Marks, writable: true);
    }

    private void Count(bool read)
    {
        space.MajorFaults += read ? 1 : 0;
        space.MinorFaults += read ? 0 : 1;
    }

    // The byte offset of the entry of a small page within its table.
    private static ulong IndexBytes(ulong address) => address >> AddressSpace.PageBits - 3 & 0xFF8;

    private void Store(in Area area, ulong at, ulong address, ulong mapped, bool writable)
    {
        bool writes = writable && (area.Protection & MemoryProtection.Write) != 0;
        ulong leaf = mapped | EntryBits.Present | PageEdits.RightsOf(area.Protection, writes);
        leaf = area.Protection == MemoryProtection.None ? HiddenLeaf.Of(leaf) : leaf;
        _cpu.EditorOf(space).Store(at, leaf);
        _cpu.Core.Watch?.Tell(SharingNoteKind.Map, space, address, leaf, area.IsShared);
    }
}

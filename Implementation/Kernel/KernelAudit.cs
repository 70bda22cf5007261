using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Tlb;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Frames;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// Works all that is kept out anew, from the tables and the cache alone, and compares. Slow, and only for when
/// no command is being carried out.
/// </summary>
internal sealed class KernelAudit(KernelCore core)
{
    private const int Levels = 4;

    private readonly PhysicalPages _pages = core.Pages;
    private readonly int[] _mappings = new int[core.Pages.Table.Count];
    private readonly int[] _tables = new int[core.Pages.Table.Count];
    private readonly int[] _pinned = new int[core.Pages.Table.Count];
    private readonly SwapAudit _swap = new(core);
    private readonly int[] _held = new int[core.Pages.Table.Count];
    private int _swapped;
    private string? _found;

    /// <summary>What is wrong first; null when nothing is.</summary>
    public string? Find()
    {
        foreach (var space in core.Spaces.Append(core.Idle))
        {
            Require(space.IsSettled && space.Users == 0, $"for space {space.Number} somebody is at work");
            if (space.Shared is not null)
            {
                AreasOf(space);
                _swapped = 0;
                TablesOf(space, space.Top.Value, Levels, 0);
                Require(_swapped == space.Swapped,
                    $"space {space.Number} has {_swapped} pages in slots, not {space.Swapped}");
            }
        }

        bool over = core.Migrations.AreOver && core.Spaces.All(space => space.Migrating == 0);
        Require(over, $"a page is still on its way");
        Require(core.Locks.AreFree, $"a file, a pipe or a pin is locked");
        Objects();
        Pipes();
        Pins();
        Frames();
        foreach (var cpu in core.Cpus)
        {
            TlbsOf(cpu);
        }

        return _found ?? _swap.Find();
    }

    private void Require(bool holds, FormattableString otherwise) =>
        _found ??= holds ? null : FormattableString.Invariant(otherwise);

    private void AreasOf(AddressSpace space)
    {
        ulong end = 0;
        int previous = 0;
        for (int node = space.Areas.First; node != 0 && _found is null;
            previous = node, node = space.Areas.NextOf(node))
        {
            Area area = space.Areas[node];
            Require(area.Start >= end && area.End > area.Start && area.End <= AddressSpace.UserEnd,
                $"space {space.Number}: the area at 0x{area.Start:x} has no place of its own");
            Require(((area.Start | area.End) & 4095) == 0, $"space {space.Number}: an area ends within a page");
            Require(space.AreaAt(area.Start) == node && space.AreaAt(area.End - 1) == node
                && space.Areas.PreviousOf(node) == previous,
                $"space {space.Number}: the area at 0x{area.Start:x} is not found");
            Require(previous == 0 || !space.Areas[previous].Continues(area),
                $"space {space.Number}: the area at 0x{area.Start:x} is two");
            Require(space.Areas.LockOf(node).Readers == 0, $"space {space.Number} is locked");
            end = area.End;
        }

        Require(space.Areas.IsSound(), $"space {space.Number}: what its tree keeps is not what its areas say");
        Require(!space.Areas.WentAstray,
            $"space {space.Number}: who searched under its lock came to an area that was gone");
        Require(space.Lock.IsFree && !space.TablesLocked, $"space {space.Number} is locked");
    }

    private void TablesOf(AddressSpace space, ulong table, int level, ulong start)
    {
        _tables[PhysicalPages.FrameOf(table)]++;
        for (ulong index = 0; index < 512; index++)
        {
            ulong entry = _pages.Memory.Read(new(table + 8 * index)).Value;
            ulong page = start + (index << LeafEntry.OffsetBits(level));
            if (entry == 0)
            {
                continue;
            }

            if (level > 1)
            {
                Require(entry.IsTable(level), $"space {space.Number}: at 0x{page:x} is no table");
                TablesOf(space, entry & EntryBits.Frame, level - 1, page);
            }
            else
            {
                LeafOf(space, page, entry);
            }
        }
    }

    private void LeafOf(AddressSpace space, ulong page, ulong entry)
    {
        int node = space.AreaAt(page);
        Require(node != 0, $"space {space.Number}: 0x{page:x} has an entry, and no area");
        if (node == 0)
        {
            return;
        }

        Area area = space.Areas[node];
        if (SwapLeaves.IsSwap(entry))
        {
            _swapped++;
            _swap.Swapped(space, page, entry);
            return;
        }

        Require(!MigrationLeaf.IsMigration(entry), $"0x{page:x} of space {space.Number} is still on its way");
        bool hidden = !entry.IsPresent;
        ulong leaf = hidden ? HiddenLeaf.Shown(entry) : entry;
        int frame = PhysicalPages.FrameOf(leaf);
        _swap.Mapped(frame, leaf);
        ref var record = ref _pages.Table[frame];
        _mappings[frame]++;
        Require(hidden == (area.Protection == MemoryProtection.None), $"0x{page:x} is hidden: {hidden}");
        Require((leaf & EntryBits.User) != 0, $"0x{page:x} is not for users");
        Require(((leaf & EntryBits.ExecuteDisable) == 0) == ((area.Protection & MemoryProtection.Execute) != 0)
            || hidden, $"0x{page:x} can be executed: {(leaf & EntryBits.ExecuteDisable) == 0}");
        Require(record.Kind == FrameKind.Zero || IsMapped(record, space.Number, page >> AddressSpace.PageBits),
            $"frame {frame} does not know of 0x{page:x} of space {space.Number}");
        bool own = record.Kind == FrameKind.Anonymous && (record.Flags & FrameFlags.Exclusive) != 0;
        Require((leaf & EntryBits.Writable) == 0 || hidden || ((area.Protection & MemoryProtection.Write) != 0
            && (area.IsShared || own)), $"0x{page:x} of space {space.Number} can be written");
        Require(!own || record.Mappings == 1, $"frame {frame} is one's own, and mapped {record.Mappings} times");
        Require(record.Kind switch
        {
            FrameKind.File => core.Cache.Find(area.Object, area.PageAt(page)) == frame,
            FrameKind.Anonymous => !area.IsShared && (area.Flags & AreaFlags.Touched) != 0,
            FrameKind.Zero => area.IsAnonymous,
            _ => false,
        }, $"0x{page:x} of space {space.Number} leads to frame {frame}, {record.Kind}");
    }

    private bool IsMapped(in FrameRecord record, int space, ulong page)
    {
        for (int node = record.FirstMapping; node != 0; node = _pages.Table.Mapping(node).Next)
        {
            if (_pages.Table.Mapping(node).Space == space && _pages.Table.Mapping(node).Page == page)
            {
                return true;
            }
        }

        return false;
    }

    private void Objects()
    {
        int[] references = new int[core.Cache.Objects];
        foreach (var space in core.Spaces)
        {
            for (int node = space.Areas.First; node != 0; node = space.Areas.NextOf(node))
            {
                if (!space.Areas[node].IsAnonymous)
                {
                    references[space.Areas[node].Object]++;
                }
            }
        }

        int cached = 0;
        for (int number = 0; number < references.Length; number++)
        {
            ref readonly var kept = ref core.Cache[number];
            bool file = number < core.Cache.Files;
            int open = file ? 1 : 0;
            Require(references[number] + open == kept.References || references[number] + open == 0,
                $"object {number} has {kept.References} references, not {references[number] + open}");
            int count = 0;
            for (int frame = file || references[number] > 0 ? kept.First : ObjectCache.None;
                frame != ObjectCache.None; frame = _pages.Table[frame].Next)
            {
                ref var record = ref _pages.Table[frame];
                Require(record.Owner == number && (record.Flags & FrameFlags.Cached) != 0
                    && record.Index < kept.PageCount && core.Cache.Find(number, record.Index) == frame,
                    $"frame {frame} is not page {record.Index} of object {number}");
                count++;
            }

            cached += count;
        }

        Require(cached == core.Cache.Cached, $"{core.Cache.Cached} pages are in the cache, not {cached}");
    }

    private void Pipes()
    {
        foreach (var pipe in core.Pipes)
        {
            for (int place = 0; place < pipe.Count; place++)
            {
                ref readonly var buffer = ref pipe[place];
                ref readonly var record = ref _pages.Table[buffer.Frame];
                _held[buffer.Frame]++;
                Require(buffer.Start >= 0 && buffer.Length > 0 && buffer.End <= (int)AddressSpace.PageBytes,
                    $"a pipe has {buffer.Length} bytes from {buffer.Start} on");
                Require(record.Kind == FrameKind.Kernel ? record.References == 1
                    : record.Kind is FrameKind.Anonymous or FrameKind.File or FrameKind.Zero && !buffer.TakesMore,
                    $"a pipe has frame {buffer.Frame}, {record.Kind}, and takes more: {buffer.TakesMore}");
            }
        }
    }

    private void Pins()
    {
        foreach (var slot in core.Pins)
        {
            foreach (int frame in slot.Frames)
            {
                ref readonly var record = ref _pages.Table[frame];
                _pinned[frame]++;
                bool own = (record.Flags & FrameFlags.Exclusive) != 0;
                Require(record.Kind is FrameKind.File || (record.Kind == FrameKind.Anonymous && own)
                    || (record.Kind == FrameKind.Zero && !slot.Writes),
                    $"frame {frame}, {record.Kind}, is pinned, and one's own: {own}");
            }
        }
    }

    private void Frames()
    {
        int free = 0;
        for (int frame = 0; frame < _pages.Table.Count;)
        {
            ref var record = ref _pages.Table[frame];
            int size = record.Kind == FrameKind.Free ? 1 << record.Order : 1;
            free += record.Kind is FrameKind.Free or FrameKind.InCpuCache ? size : 0;
            bool counted = record.Kind is FrameKind.Anonymous or FrameKind.File;
            Require(record.Kind == FrameKind.Zero || _mappings[frame] == (counted ? record.Mappings : 0),
                $"frame {frame}, {record.Kind}, is mapped {_mappings[frame]} times, not {record.Mappings}");
            Require(!counted || (record.Holds == _held[frame] + (core.Swap.Cache.Has(frame) ? 1 : 0)
                && record.References > 0),
                $"frame {frame} is held {record.Holds} times of {record.References}");
            Require(!counted || record.Pins == _pinned[frame],
                $"frame {frame} is pinned {_pinned[frame]} times, not {record.Pins}");
            Require(_tables[frame] == (record.Kind == FrameKind.Table ? 1 : 0),
                $"frame {frame}, {record.Kind}, is a table {_tables[frame]} times");
            Require(record.Kind != FrameKind.Kernel || _held[frame] == 1, $"frame {frame} is in no pipe");
            Require(record.Kind != FrameKind.Tail, $"frame {frame} is nobody's");
            frame += size;
        }

        Require(free == _pages.Frames.FreeFrames, $"{_pages.Frames.FreeFrames} frames are free, not {free}");
        Require(!_pages.WordsOf(PhysicalPages.ZeroFrame).ContainsAnyExcept(0UL), $"the frame of zeros was written");
    }

    // What is cached of a space whose last shootdown the CPU has seen is what its tables say, or less.
    private void TlbsOf(SmpCpu cpu)
    {
        Require(cpu.Quarantine.Count == 0 && !cpu.Gather.NeedsFlush, $"CPU {cpu.Number.Value} holds frames back");
        Require(core.Spaces.Append(core.Idle).Any(space => space.Shared == cpu.Space),
            $"CPU {cpu.Number.Value} has tables loaded that are gone");
        foreach (var entry in cpu.Core.Contents())
        {
            var space = SpaceOf(cpu, entry.Pcid ?? PcidSlots.PcidOf(cpu.Slots.Of(cpu.Space!)));
            if (space is not null && !IsCurrent(space, entry))
            {
                Require(false, $"CPU {cpu.Number.Value} has {entry} of space {space.Number}, which is stale");
            }
        }
    }

    private AddressSpace? SpaceOf(SmpCpu cpu, Pcid pcid)
    {
        foreach (var space in core.Spaces.Append(core.Idle))
        {
            int slot = space.Shared is null ? -1 : cpu.Slots.Of(space.Shared);
            if (slot >= 0 && PcidSlots.PcidOf(slot) == pcid
                && cpu.Slots.GenerationOf(slot) == space.Shared!.Generation)
            {
                return space;
            }
        }

        return null;
    }

    private bool IsCurrent(AddressSpace space, in TlbEntry cached)
    {
        ulong table = space.Top.Value, target = cached.Target.Value & EntryBits.Frame;
        for (int level = Levels; ; level--)
        {
            ulong index = cached.Page.Value >> LeafEntry.OffsetBits(level) & 511;
            ulong entry = _pages.Memory.Read(new(table + 8 * index)).Value;
            if (!entry.IsPresent)
            {
                return false;
            }

            table = entry & EntryBits.Frame;
            if (cached.Place == TlbPlace.UpperEntries && level == cached.Level)
            {
                return table == target;
            }

            if (level == 1)
            {
                var rights = LeafEntry.Decode(entry, 1);
                return table == target && (cached.Rights & ~rights.Rights) == 0 && (!cached.Dirty || rights.Dirty);
            }
        }
    }
}

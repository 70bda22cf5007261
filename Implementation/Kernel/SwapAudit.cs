using PageProof.Contract.Frames;
using PageProof.Contract.Swap;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Swap;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// Works out anew what is kept of slots, of pages that have a slot and a frame, and of the lists of what may be given
/// up. The audit of a kernel shows it every entry of the lowest level.
/// </summary>
internal sealed class SwapAudit(KernelCore core)
{
    private readonly Dictionary<SwapPlace, int> _named = [];
    private readonly HashSet<SwapPlace> _own = [];
    private readonly HashSet<int> _dirty = [];
    private string? _found;

    /// <summary>An entry that says that a slot has the page.</summary>
    public void Swapped(AddressSpace space, ulong page, ulong entry)
    {
        var place = SwapLeaves.PlaceOf(entry);
        _named[place] = _named.GetValueOrDefault(place) + 1;
        if (AbsentLeaf.IsExclusive(entry))
        {
            _own.Add(place);
        }

        Require(!space.Areas[space.AreaAt(page)].IsShared,
            $"0x{page:x} of space {space.Number} is shared, and swapped");
    }

    /// <summary>An entry that leads to a frame.</summary>
    public void Mapped(int frame, ulong leaf)
    {
        if ((leaf & EntryBits.Dirty) != 0)
        {
            _dirty.Add(frame);
        }
    }

    /// <summary>What is wrong first; null when nothing is.</summary>
    public string? Find()
    {
        for (int frame = 0; frame < core.Pages.Table.Count; frame++)
        {
            FrameOf(frame);
        }

        Objects();
        Slots();
        Pool();
        Lists();
        return _found;
    }

    private void Require(bool holds, FormattableString otherwise) =>
        _found ??= holds ? null : FormattableString.Invariant(otherwise);

    // A page that has both has in the frame what is in the slot, or is known to have something newer.
    private void FrameOf(int frame)
    {
        ref readonly var record = ref core.Pages.Table[frame];
        bool used = record.References > 0, listed = (record.Flags & FrameFlags.Listed) != 0;
        bool can = used && (record.Kind == FrameKind.Anonymous
            || (record.Kind == FrameKind.File && (record.Flags & FrameFlags.Cached) != 0));
        Require(can == listed, $"frame {frame}, {record.Kind}, is on a list: {listed}");
        FileOf(frame);
        if (!core.Swap.Cache.Has(frame))
        {
            return;
        }

        var place = core.Swap.Cache.PlaceOf(frame);
        _named[place] = _named.GetValueOrDefault(place) + 1;
        Require(used && record.Kind == FrameKind.Anonymous && core.Swap.Cache.Find(place) == frame,
            $"frame {frame}, {record.Kind}, is in the cache of swap as {place}");
        Require(record.Mappings > 0 || record.Holds > 1 || core.Swap.Space.ReferencesOf(place) > 1,
            $"frame {frame} is kept for {place}, which nobody names");
        bool newer = (record.Flags & FrameFlags.Dirty) != 0 || _dirty.Contains(frame);
        Require(newer || core.Swap.Holds(place, core.Pages.WordsOf(frame)),
            $"frame {frame} differs from {place}, and nothing says so");
    }

    // A page of a file is what its device has, zeros where that has nothing, or known to be something newer.
    private void FileOf(int frame)
    {
        ref readonly var record = ref core.Pages.Table[frame];
        bool newer = (record.Flags & FrameFlags.Dirty) != 0 || _dirty.Contains(frame);
        if (newer || record.References == 0 || record.Kind != FrameKind.File || record.Owner >= core.Cache.Files
            || (record.Flags & FrameFlags.Cached) == 0)
        {
            return;
        }

        var words = core.Pages.WordsOf(frame);
        bool same = core.Store.Has(record.Owner, record.Index)
            ? words.SequenceEqual(core.Store.WordsOf(record.Owner, record.Index))
            : !words.ContainsAnyExcept(0UL);
        Require(same, $"frame {frame} differs from page {record.Index} of file {record.Owner}, and nothing says so");
    }

    // A page of memory without a name is in a frame, in a slot of its own, or nowhere yet.
    private void Objects()
    {
        for (int number = 0; number < core.Cache.Objects; number++)
        {
            int swapped = 0;
            for (ulong index = 0; index < core.Cache[number].PageCount; index++)
            {
                if (core.Cache.TryFindSlot(number, index, out var place))
                {
                    swapped++;
                    _named[place] = _named.GetValueOrDefault(place) + 1;
                    Require(core.Cache.Find(number, index) == ObjectCache.None && number >= core.Cache.Files
                        && core.Swap.Space.ReferencesOf(place) == 1,
                        $"page {index} of object {number} is in {place}, and not there alone");
                }
            }

            int counted = core.Cache[number].References > 0 ? core.Cache[number].Swapped : 0;
            Require(swapped == counted, $"object {number} has {swapped} pages in slots, not {counted}");
        }
    }

    private void Slots()
    {
        // Survivor: there is no area of the number behind the last.
        for (int area = 0; area < SwapSpace.AreasMost; area++)
        {
            SwapAreaNumber number = new((byte)area);
            for (int slot = 0; core.Swap.Space.AreaOf(number) is { } kept && slot < kept.Slots; slot++)
            {
                SwapPlace place = new(number, new((ulong)slot));
                int named = _named.GetValueOrDefault(place), counted = core.Swap.Space.ReferencesOf(place);
                _named.Remove(place);
                int cached = core.Swap.Cache.Find(place) == SwapCache.None ? 0 : 1;
                Require(named == counted, $"{place} is named {named} times, not {counted}");
                Require(!_own.Contains(place) || named - cached == 1, $"{place} is one's own, and named {named} times");
            }
        }

        Require(_named.Count == 0, $"entries name what is in no area: {string.Join(", ", _named.Keys)}");
        foreach (var space in core.Spaces)
        {
            Require(space.Shared is not null || space.Swapped == 0, $"space {space.Number} is gone, and swapped");
        }
    }

    // What the pool of zswap has is the page of a slot that somebody names, and can be made a page again.
    private void Pool()
    {
        int held = 0;
        foreach (var (device, slot) in core.Swap.InPool())
        {
            held++;
            bool named = core.Swap.AreaOf(device) is { } area
                && core.Swap.Space.ReferencesOf(new(area, new((ulong)slot))) > 0;
            Require(named, $"the pool has slot {slot} of device {device}, which is free");
            Require(core.Swap.IsWhole(device, slot), $"the pool cannot bring slot {slot} of device {device} back");
        }

        long counted = core.Swap.Statistics.StoredPages;
        Require(held == counted, $"the pool has {held} pages, not {counted}");
    }

    private void Lists()
    {
        foreach (var list in Enum.GetValues<PageList>())
        {
            int count = 0, last = -1;
            foreach (int frame in core.Lists.From(list))
            {
                count++;
                last = frame;
                ref readonly var record = ref core.Pages.Table[frame];
                bool file = (record.Kind == FrameKind.File && record.Owner < core.Cache.Files)
                    || (record.Flags & FrameFlags.LazilyFreed) != 0;
                Require(core.Lists.ListOf(frame) == list && file == ((list & PageList.InactiveFile) != 0)
                    && (record.Flags & FrameFlags.Listed) != 0, $"frame {frame}, {record.Kind}, is on list {list}");
            }

            Require(count == core.Lists.CountOf(list) && last == core.Lists.TailOf(list),
                $"list {list} has {count} frames, not {core.Lists.CountOf(list)}");
        }
    }
}

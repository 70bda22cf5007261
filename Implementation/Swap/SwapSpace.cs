using System.Diagnostics;
using PageProof.Contract.Swap;

namespace PageProof.Implementation.Swap;

/// <summary>
/// Room for pages in swap areas. The areas stand in one row, that of the highest priority first; a page goes to the
/// first that has room. Where several have the same priority, each fills a cluster and then steps behind the
/// others. Taking and releasing a slot is some steps in arrays and allocates nothing. Without areas there is no room,
/// and that is all.
/// </summary>
/// <param name="clusterShift">How many slots are taken from an area in turn, as a power of two.</param>
/// <param name="referencesMost">How many may refer to one slot.</param>
/// <param name="areasMost">How many areas there can be.</param>
public sealed class SwapSpace(
    int clusterShift = 8, int referencesMost = int.MaxValue, int areasMost = SwapSpace.AreasMost)
{
    public const int AreasMost = SwapAreaNumber.Most + 1;

    private const int None = -1;

    // The kernel's automatic priorities begin below this one.
    private const int AutomaticFirst = -1;

    private readonly SwapArea?[] _areas = new SwapArea?[AreasMost];
    private readonly int[] _row = new int[AreasMost];

    // Where the next area of a number begins: whoever has noted a slot of the last one must not find it again.
    private readonly uint[] _generations = new uint[AreasMost];
    private int _rowCount;
    private int _least = AutomaticFirst;

    // The area that fills a cluster, and the slot that it gave last.
    private int _turn = None;
    private int _turnSlot;

    /// <summary>How many slots can be used, over all areas that are on.</summary>
    public long Usable { get; private set; }

    /// <summary>How many of them are free.</summary>
    public long Free { get; private set; }

    /// <summary>The numbers of the areas that pages can go to, in the order in which they are tried.</summary>
    public ReadOnlySpan<int> Row => _row.AsSpan(0, _rowCount);

    /// <summary>The area of a number; null when there is none.</summary>
    public SwapArea? AreaOf(SwapAreaNumber number) => number.Value < AreasMost ? _areas[number.Value] : null;

    /// <summary>The lowest number that no area has; false when all are taken.</summary>
    public bool TryFindNumber(out SwapAreaNumber number)
    {
        int free = Array.IndexOf(_areas, null, 0, areasMost);
        number = new((byte)Math.Max(free, 0));
        return free >= 0;
    }

    /// <summary>
    /// Pages can go to this storage from now on; false when all numbers are taken. Without a priority it is lower
    /// than all that came before.
    /// </summary>
    public bool TryAdd(
        ISwapStorage storage, int slots, ReadOnlySpan<int> bad, int? priority, out SwapAreaNumber number)
    {
        Debug.Assert(slots <= storage.Slots && priority is null or >= 0, "An area is made of what there is.");
        if (!TryFindNumber(out number))
        {
            return false;
        }

        uint generation = _generations[number.Value];
        SwapArea area = new(storage, slots, bad, clusterShift, generation) { Priority = priority ?? --_least };
        _areas[number.Value] = area;
        Enter(number.Value);
        return true;
    }

    /// <summary>The same with all pages of the storage.</summary>
    public bool TryAdd(ISwapStorage storage, int? priority, out SwapAreaNumber number) =>
        TryAdd(storage, storage.Slots, [], priority, out number);

    /// <summary>No page goes to the area any more; those that it has stay there.</summary>
    public void Close(SwapAreaNumber number)
    {
        Debug.Assert(_areas[number.Value]!.IsOpen, "An area is closed once.");
        Leave(Row.IndexOf(number.Value));
        if (_turn == number.Value)
        {
            _turn = None;
        }
    }

    /// <summary>Pages can go to a closed area again, with the priority that it had.</summary>
    public void Reopen(SwapAreaNumber number) => Enter(number.Value);

    /// <summary>
    /// A closed area that has no page is no more. If its priority was automatic, those that came after it rise by one.
    /// </summary>
    public void Remove(SwapAreaNumber number)
    {
        var area = _areas[number.Value]!;
        Debug.Assert(area is { Used: 0, IsOpen: false }, "An area is given up closed and empty.");
        _areas[number.Value] = null;
        _generations[number.Value] = area.NextGeneration;
        if (area.Priority >= 0)
        {
            return;
        }

        _least++;
        foreach (var other in _areas)
        {
            if (other is not null && other.Priority < area.Priority)
            {
                other.Priority++;
            }
        }
    }

    /// <summary>Takes a free slot, to which one refers from now on; false when there is none.</summary>
    public bool TryAllocate(out SwapPlace place)
    {
        int slot = _turn == None ? None : _areas[_turn]!.NextFree(_turnSlot);
        if (slot == None && !TryBegin(out slot))
        {
            place = default;
            return false;
        }

        _areas[_turn]!.Take(slot);
        _turnSlot = slot;
        Free--;
        place = new(new((byte)_turn), new((ulong)slot));
        return true;
    }

    /// <summary>Writes a page to its slot; false on an error, after which the slot holds nothing of use.</summary>
    public bool TryWrite(SwapPlace place, ReadOnlySpan<byte> page) =>
        InUse(place).Storage.TryWrite((int)place.Slot.Value, page);

    /// <summary>Reads a page from its slot; false on an error.</summary>
    public bool TryRead(SwapPlace place, Span<byte> page) =>
        InUse(place).Storage.TryRead((int)place.Slot.Value, page);

    /// <summary>One more refers to the slot; false when no more may.</summary>
    public bool Duplicate(SwapPlace place)
    {
        var area = InUse(place);
        int slot = (int)place.Slot.Value;
        if (area.ReferencesOf(slot) == referencesMost)
        {
            return false;
        }

        area.Hold(slot);
        return true;
    }

    /// <summary>One less refers to the slot; true when it was the last, and the slot is free.</summary>
    public bool Release(SwapPlace place)
    {
        var area = InUse(place);
        if (!area.Drop((int)place.Slot.Value))
        {
            return false;
        }

        // What has become free may be of a higher priority than what is being filled.
        if (area.IsOpen)
        {
            Free++;
            if (_turn != None && area.Priority > _areas[_turn]!.Priority)
            {
                _turn = None;
            }
        }

        return true;
    }

    /// <summary>How many refer to the slot.</summary>
    public int ReferencesOf(SwapPlace place) =>
        AreaOf(place.Area) is { } area && place.Slot.Value < (ulong)area.Slots
            ? Math.Max(0, area.ReferencesOf((int)place.Slot.Value)) : 0;

    /// <summary>
    /// How often the slot has been free again: whoever compares it sees whether it is still the page that it was.
    /// </summary>
    public uint GenerationOf(SwapPlace place) => _areas[place.Area.Value]!.GenerationOf((int)place.Slot.Value);

    /// <summary>The first slot of an area, from one on, that somebody refers to; false when there is none.</summary>
    public bool TryNextUsed(SwapAreaNumber number, int from, out SwapPlace place)
    {
        int slot = _areas[number.Value]!.NextUsed(from);
        place = new(number, new((ulong)Math.Max(slot, 0)));
        return slot >= 0;
    }

    private SwapArea InUse(SwapPlace place)
    {
        Debug.Assert(ReferencesOf(place) > 0, "Nobody may ask for a free slot.");
        return _areas[place.Area.Value]!;
    }

    // The first area with room fills a cluster, and stands behind those of its priority.
    private bool TryBegin(out int slot)
    {
        for (int place = 0; place < _rowCount; place++)
        {
            int number = _row[place];
            slot = _areas[number]!.FirstFree();
            if (slot != None)
            {
                Step(place);
                _turn = number;
                return true;
            }
        }

        slot = None;
        return false;
    }

    private void Step(int place)
    {
        int number = _row[place], priority = _areas[number]!.Priority;
        for (; place + 1 < _rowCount && _areas[_row[place + 1]]!.Priority == priority; place++)
        {
            _row[place] = _row[place + 1];
        }

        _row[place] = number;
    }

    private void Enter(int number)
    {
        var area = _areas[number]!;
        area.IsOpen = true;
        int place = _rowCount++;
        for (; place > 0 && _areas[_row[place - 1]]!.Priority < area.Priority; place--)
        {
            _row[place] = _row[place - 1];
        }

        _row[place] = number;
        (Usable, Free) = (Usable + area.Usable, Free + area.Free);
        if (_turn != None && area.Priority > _areas[_turn]!.Priority)
        {
            _turn = None;
        }
    }

    private void Leave(int place)
    {
        var area = _areas[_row[place]]!;
        area.IsOpen = false;
        (Usable, Free) = (Usable - area.Usable, Free - area.Free);
        _rowCount--;
        for (; place < _rowCount; place++)
        {
            _row[place] = _row[place + 1];
        }
    }
}

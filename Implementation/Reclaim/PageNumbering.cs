namespace PageProof.Implementation.Reclaim;

/// <summary>
/// Numbers pages in the order in which they are first seen: an open-addressing hash, half full at most, with linear
/// probing. The number of a page lies beside it, so that what is found costs one line of the cache.
/// </summary>
public sealed class PageNumbering
{
    private const int SlotsFirst = 1 << 10;

    private Slot[] _slots = new Slot[SlotsFirst];
    private ulong[] _pages = new ulong[SlotsFirst / 2];

    /// <summary>How many pages have a number.</summary>
    public int Count { get; private set; }

    /// <summary>The page of a number.</summary>
    public ulong this[int number] => _pages[number];

    /// <summary>The number of a page.</summary>
    public int NumberOf(ulong page)
    {
        var slots = _slots;
        for (uint place = Mix(page); ; place++)
        {
            ref var slot = ref slots[place & (uint)(slots.Length - 1)];
            if (slot.Number == 0)
            {
                slot = new(page, Count + 1);
                return Add(page);
            }

            if (slot.Page == page)
            {
                return slot.Number - 1;
            }
        }
    }

    // The finalizer of MurmurHash3: pages that follow a pattern must not meet.
    private static uint Mix(ulong page)
    {
        page = (page ^ page >> 33) * 0xFF51_AFD7_ED55_8CCD;
        page = (page ^ page >> 33) * 0xC4CE_B9FE_1A85_EC53;
        return (uint)(page ^ page >> 33);
    }

    private int Add(ulong page)
    {
        _pages[Count++] = page;
        if (Count == _pages.Length)
        {
            Array.Resize(ref _pages, Count * 2);
            Rehash(new Slot[Count * 4]);
        }

        return Count - 1;
    }

    private void Rehash(Slot[] slots)
    {
        for (int number = 0; number < Count; number++)
        {
            uint place = Mix(_pages[number]);
            while (slots[place & (uint)(slots.Length - 1)].Number != 0)
            {
                place++;
            }

            slots[place & (uint)(slots.Length - 1)] = new(_pages[number], number + 1);
        }

        _slots = slots;
    }

    private readonly record struct Slot(ulong Page, int Number);
}

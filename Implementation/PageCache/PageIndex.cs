namespace PageProof.Implementation.PageCache;

/// <summary>
/// Numbers under pages of objects: one table with open addressing in two flat arrays, at most half full. To find,
/// add or remove costs a few steps, and allocates only when the table grows.
/// </summary>
internal sealed class PageIndex
{
    /// <summary>There is no number under the page.</summary>
    public const int None = -1;

    private const int CapacityFirst = 1024;
    private const int IndexBits = 32;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private ulong[] _keys = new ulong[CapacityFirst];
    private int[] _numbers = new int[CapacityFirst];

    /// <summary>How many pages have a number.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        // Survivor: to clear what is empty takes time.
        if (Count > 0)
        {
            _keys.AsSpan().Clear();
            Count = 0;
        }
    }

    /// <summary>The number under a page; -1 when there is none.</summary>
    public int Find(int owner, ulong index)
    {
        int slot = SlotOf(KeyOf(owner, index));
        return _keys[slot] == 0 ? None : _numbers[slot];
    }

    /// <summary>Keeps a number under a page that has none.</summary>
    public void Add(int owner, ulong index, int number)
    {
        if (2 * (Count + 1) > _keys.Length)
        {
            Grow();
        }

        ulong key = KeyOf(owner, index);
        int slot = SlotOf(key);
        (_keys[slot], _numbers[slot]) = (key, number);
        Count++;
    }

    /// <summary>A page that has a number has none any more.</summary>
    public void Remove(int owner, ulong index)
    {
        int slot = SlotOf(KeyOf(owner, index)), mask = _keys.Length - 1;

        // What lies beyond is found by going on from its own place, which must not come to a hole.
        for (int next = slot + 1 & mask; _keys[next] != 0; next = next + 1 & mask)
        {
            if ((next - HomeOf(_keys[next]) & mask) >= (next - slot & mask))
            {
                (_keys[slot], _numbers[slot]) = (_keys[next], _numbers[next]);
                slot = next;
            }
        }

        _keys[slot] = 0;
        Count--;
    }

    private static ulong KeyOf(int owner, ulong index) => (ulong)(owner + 1) << IndexBits | index;

    private int HomeOf(ulong key) => (int)(key * Multiplier >> 32) & _keys.Length - 1;

    private int SlotOf(ulong key)
    {
        int slot = HomeOf(key);
        while (_keys[slot] != 0 && _keys[slot] != key)
        {
            slot = slot + 1 & _keys.Length - 1;
        }

        return slot;
    }

    private void Grow()
    {
        var (keys, numbers) = (_keys, _numbers);
        (_keys, _numbers) = (new ulong[2 * keys.Length], new int[2 * keys.Length]);
        for (int old = 0; old < keys.Length; old++)
        {
            if (keys[old] != 0)
            {
                int slot = SlotOf(keys[old]);
                (_keys[slot], _numbers[slot]) = (keys[old], numbers[old]);
            }
        }
    }
}

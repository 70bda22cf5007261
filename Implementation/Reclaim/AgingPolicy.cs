namespace PageProof.Implementation.Reclaim;

/// <summary>
/// Aging: a counter a frame. At a tick the frames are sorted by counter, by counting; until the next one a cursor
/// goes through those that are not used, since a frame that is used, or filled anew, is out until then. When all are
/// used, the lowest counter goes, and then always the lowest frame whose counter is 0.
/// </summary>
internal struct AgingPolicy : IPolicy
{
    private const int Counters = 256;
    private readonly int[] _pages;
    private readonly byte[] _counters;
    private readonly byte[] _marks;
    private readonly int[] _order;
    private readonly int[] _starts;
    private readonly int _tick;
    // Of each page its frame plus one; 0 when it is not in memory.
    // Survivor: there is room for every page before one is looked at.
    private int[] _frames = [];
    private int _count;
    private int _left;
    private int _cursor;
    private int _sorted;
    private int _zero;

    public AgingPolicy(int frames, int tick)
    {
        (_pages, _counters, _marks) = (new int[frames], new byte[frames], new byte[frames]);
        (_order, _starts, _tick, _left) = (new int[frames], new int[Counters], tick, tick);
        _zero = frames;
    }

    public void Grow(int pages) => Array.Resize(ref _frames, pages);

    public bool TryUse(int page, uint mask)
    {
        if (_left-- == 0)
        {
            Tick();
        }

        int frame = _frames[page] - 1;
        if (frame < 0)
        {
            return false;
        }

        _marks[frame] |= (byte)((uint)PageMarks.Referenced | Marks.Dirty(mask));
        return true;
    }

    public Eviction Load(int page, uint mask)
    {
        var eviction = Eviction.None;
        int frame = _count;
        if (frame < _pages.Length)
        {
            _count++;
        }
        else
        {
            frame = Lowest();
            int victim = _pages[frame];
            eviction = new(victim, Marks.Dirt(_marks[frame]), 0);
            _frames[victim] = 0;
        }

        (_pages[frame], _frames[page], _counters[frame]) = (page, frame + 1, 0);
        _marks[frame] = (byte)(Marks.OfLoad(mask) | (uint)PageMarks.Referenced);
        _zero = Math.Min(_zero, frame);
        return eviction;
    }

    public readonly PageMarks Look(int page) =>
        _frames[page] == 0 ? PageMarks.None : (PageMarks)_marks[_frames[page] - 1];

    private int Lowest()
    {
        while (_cursor < _sorted)
        {
            int frame = _order[_cursor++];
            if ((_marks[frame] & (int)PageMarks.Referenced) == 0)
            {
                return frame;
            }
        }

        if (_zero < _pages.Length)
        {
            return _zero;
        }

        return _counters.AsSpan().IndexOf(LowestCounter());
    }

    private readonly byte LowestCounter()
    {
        byte lowest = byte.MaxValue;
        foreach (byte counter in _counters)
        {
            lowest = Math.Min(lowest, counter);
        }

        return lowest;
    }

    private void Tick()
    {
        _left = _tick - 1;
        var counters = _counters.AsSpan(0, _count);
        var marks = _marks.AsSpan(0, _count);
        var starts = _starts;
        Array.Clear(starts);
        for (int frame = 0; frame < counters.Length; frame++)
        {
            int referenced = (marks[frame] & (int)PageMarks.Referenced) << 5;
            byte counter = (byte)(referenced | counters[frame] >> 1);
            (counters[frame], marks[frame]) = (counter, (byte)(marks[frame] & ~(int)PageMarks.Referenced));
            starts[counter]++;
        }

        int start = 0;
        for (int counter = 0; counter < Counters; counter++)
        {
            (starts[counter], start) = (start, start + starts[counter]);
        }

        for (int frame = 0; frame < counters.Length; frame++)
        {
            _order[starts[counters[frame]]++] = frame;
        }

        (_cursor, _sorted) = (0, _count);
        int zero = counters.IndexOf((byte)0);
        _zero = zero < 0 ? _pages.Length : zero;
    }
}

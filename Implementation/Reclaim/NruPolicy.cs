using System.Numerics;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// NRU: reference and dirty bits as two bitmaps over frames, so that a class is a word of both at a time. For each
/// class it is known before which word there is no page of it: between two ticks the lower classes only shrink.
/// </summary>
internal struct NruPolicy : IPolicy
{
    private const int Classes = 4;
    private readonly int[] _pages;
    private readonly ulong[] _referenced;
    private readonly ulong[] _dirty;
    private readonly int[] _from;
    private readonly int _tick;
    // Of each page its frame plus one; 0 when it is not in memory.
    // Survivor: there is room for every page before one is looked at.
    private int[] _frames = [];
    private int _count;
    private int _left;

    public NruPolicy(int frames, int tick)
    {
        int words = (frames + 63) >> 6;
        (_pages, _referenced, _dirty) = (new int[frames], new ulong[words], new ulong[words]);
        (_from, _tick, _left) = (new int[Classes], tick, tick);
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

        Mark(frame, mask);
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
            frame = FirstOfLowestClass();
            int victim = _pages[frame];
            eviction = new(victim, (int)(_dirty[frame >> 6] >> frame) & 1, 0);
            _frames[victim] = 0;
            _dirty[frame >> 6] &= ~(1UL << frame);
        }

        (_pages[frame], _frames[page]) = (page, frame + 1);
        Mark(frame, mask);
        return eviction;
    }

    public readonly PageMarks Look(int page)
    {
        int frame = _frames[page] - 1;
        return frame < 0 ? PageMarks.None : PageMarks.Resident
            | ((_dirty[frame >> 6] >> frame & 1) != 0 ? PageMarks.Dirty : 0)
            | ((_referenced[frame >> 6] >> frame & 1) != 0 ? PageMarks.Referenced : 0);
    }

    private readonly void Mark(int frame, uint mask)
    {
        int word = frame >> 6;
        _referenced[word] |= 1UL << frame;
        ulong writes = Marks.Dirty(mask) >> 1;
        _dirty[word] |= writes << frame;
        int reached = 2 + (int)(_dirty[word] >> frame & 1);
        _from[reached] = Math.Min(_from[reached], word);
    }

    private void Tick()
    {
        _left = _tick - 1;
        Array.Clear(_referenced);
        Array.Clear(_from);
    }

    private readonly int FirstOfLowestClass()
    {
        for (int each = 0; ; each++)
        {
            ulong referenced = each < 2 ? ulong.MaxValue : 0, dirty = (each & 1) == 0 ? ulong.MaxValue : 0;
            int word = _from[each];
            for (; word < _dirty.Length; word++)
            {
                // Bits behind the last frame stay clear in both maps, and must not be taken for a page.
                ulong found = (_referenced[word] ^ referenced) & (_dirty[word] ^ dirty) & Within(word);
                if (found != 0)
                {
                    _from[each] = word;
                    return (word << 6) + BitOperations.TrailingZeroCount(found);
                }
            }

            _from[each] = word;
        }
    }

    private readonly ulong Within(int word) =>
        word < _pages.Length >> 6 ? ulong.MaxValue : (1UL << _pages.Length) - 1;
}

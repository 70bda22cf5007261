namespace PageProof.Implementation.Reclaim;

/// <summary>
/// WSClock: the page in each frame and when it was last found used, a hand, and a byte a page with its bits, so
/// that a use looks at one byte. When all pages are in the working set, a miss looks at every frame, as the
/// algorithm does.
/// </summary>
internal struct WsClockPolicy(int frames, int window) : IPolicy
{
    private readonly int[] _circle = new int[frames];
    private readonly long[] _lastUses = new long[frames];
    // Survivor: there is room for every page before one is looked at.
    private byte[] _marks = [];
    private int _hand;
    private int _count;
    private long _now = -1;

    public void Grow(int pages) => Array.Resize(ref _marks, pages);

    public bool TryUse(int page, uint mask)
    {
        _now++;
        return Marks.TryRefer(_marks, page, mask);
    }

    public Eviction Load(int page, uint mask)
    {
        var eviction = Eviction.None;
        int frame = _count;
        if (frame < _circle.Length)
        {
            _count++;
        }
        else
        {
            frame = Sweep(out int cleaned);
            int victim = _circle[frame];
            eviction = new(victim, Marks.Dirt(_marks[victim]), cleaned);
            _marks[victim] = 0;
            _hand = Next(frame);
        }

        (_circle[frame], _lastUses[frame]) = (page, _now);
        _marks[page] = (byte)(Marks.OfLoad(mask) | (uint)PageMarks.Referenced);
        return eviction;
    }

    public readonly PageMarks Look(int page) => (PageMarks)_marks[page];

    private readonly int Next(int frame) => frame + 1 == _circle.Length ? 0 : frame + 1;

    // The frame of the victim. What was cleaned first, or is clean though young, is noted on the way.
    private readonly int Sweep(out int cleaned)
    {
        int firstCleaned = -1, firstClean = -1, frame = _hand;
        cleaned = 0;
        for (int turn = 0; turn < _circle.Length; turn++, frame = Next(frame))
        {
            ref byte marks = ref _marks[_circle[frame]];
            bool dirty = (marks & (int)PageMarks.Dirty) != 0;
            bool referenced = (marks & (int)PageMarks.Referenced) != 0;
            if (referenced)
            {
                marks &= unchecked((byte)~PageMarks.Referenced);
                _lastUses[frame] = _now;
            }
            else if (_now - _lastUses[frame] > window)
            {
                if (!dirty)
                {
                    return frame;
                }

                marks &= unchecked((byte)~PageMarks.Dirty);
                firstCleaned = cleaned++ == 0 ? frame : firstCleaned;
                continue;
            }

            firstClean = dirty || firstClean >= 0 ? firstClean : frame;
        }

        return firstCleaned >= 0 ? firstCleaned : firstClean >= 0 ? firstClean : _hand;
    }
}

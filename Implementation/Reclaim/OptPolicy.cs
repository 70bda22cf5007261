namespace PageProof.Implementation.Reclaim;

/// <summary>
/// OPT: a heap of next uses, the farthest on top. A use puts an entry in and leaves the old one: that one says now,
/// so it never comes to the top, since every page in memory has a later one. When the heap is full, what lies in
/// the past is thrown out. Pages that are never used again come first, the one that has waited longest on top.
/// </summary>
internal struct OptPolicy(int frames) : IPolicy
{
    private const int EntriesPerFrame = 4;
    private const int EntriesLeast = 8;

    private readonly NextUseHeap _heap = new((frames * EntriesPerFrame) + EntriesLeast);
    // Survivor: there is room for every page before one is looked at.
    private byte[] _marks = [];
    private ReadOnlyMemory<uint> _foreseen;
    private int _place;
    private int _free = frames;
    private ulong _now;

    public void Foresee(ReadOnlyMemory<uint> distances) => (_foreseen, _place) = (distances, 0);

    public void Grow(int pages) => Array.Resize(ref _marks, pages);

    public bool TryUse(int page, uint mask)
    {
        _now++;
        _place++;
        if (!Marks.TryUse(_marks, page, mask))
        {
            return false;
        }

        Await(page);
        return true;
    }

    public Eviction Load(int page, uint mask)
    {
        var eviction = Eviction.None;
        if (_free > 0)
        {
            _free--;
        }
        else
        {
            int victim = _heap.TakeFarthest();
            eviction = new(victim, Marks.Dirt(_marks[victim]), 0);
            _marks[victim] = 0;
        }

        _marks[page] = Marks.OfLoad(mask);
        Await(page);
        return eviction;
    }

    public readonly PageMarks Look(int page) => (PageMarks)_marks[page];

    // What comes after all that was foreseen is taken for the end.
    private readonly void Await(int page)
    {
        var foreseen = _foreseen.Span;
        uint distance = _place <= foreseen.Length ? foreseen[_place - 1] : 0;
        _heap.Put(distance == 0 ? ulong.MaxValue - _now : _now + distance, page, _now);
    }
}

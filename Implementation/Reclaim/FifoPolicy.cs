namespace PageProof.Implementation.Reclaim;

/// <summary>
/// FIFO: a ring of the pages in memory, in the order in which they came, and a byte a page. A use looks at one byte.
/// </summary>
internal struct FifoPolicy(int frames) : IPolicy
{
    private readonly int[] _ring = new int[frames];
    // Survivor: there is room for every page before one is looked at.
    private byte[] _marks = [];
    private int _hand;
    private int _count;

    public void Grow(int pages) => Array.Resize(ref _marks, pages);

    public readonly bool TryUse(int page, uint mask) => Marks.TryUse(_marks, page, mask);

    public Eviction Load(int page, uint mask)
    {
        _marks[page] = Marks.OfLoad(mask);
        if (_count < _ring.Length)
        {
            _ring[_count++] = page;
            return Eviction.None;
        }

        int victim = _ring[_hand];
        int dirty = Marks.Dirt(_marks[victim]);
        _marks[victim] = 0;
        _ring[_hand] = page;
        _hand = _hand + 1 == _ring.Length ? 0 : _hand + 1;
        return new(victim, dirty, 0);
    }

    public readonly PageMarks Look(int page) => (PageMarks)_marks[page];
}

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// Two lists as two rings: pages only enter at heads and leave at tails. A byte a page has its bits and its
/// standing, so that a use looks at one byte; lists move when a page has to go.
/// </summary>
internal struct TwoListPolicy(int frames, int ratio) : IPolicy
{
    private readonly long _ratio = ratio == 0 ? ListBalance.RatioOf(frames) : ratio;
    private PageRing _inactive = new(frames);
    private PageRing _active = new(frames);
    // Survivor: there is room for every page before one is looked at.
    private byte[] _marks = [];
    private int _free = frames;

    public void Grow(int pages) => Array.Resize(ref _marks, pages);

    public readonly bool TryUse(int page, uint mask) => Marks.TryRefer(_marks, page, mask);

    public Eviction Load(int page, uint mask)
    {
        var eviction = Eviction.None;
        if (_free > 0)
        {
            _free--;
        }
        else
        {
            eviction = Evict();
        }

        _marks[page] = (byte)(Marks.OfLoad(mask) | (uint)PageMarks.Referenced);
        _inactive.Add(page);
        return eviction;
    }

    public readonly PageMarks Look(int page) => (PageMarks)_marks[page];

    private Eviction Evict()
    {
        for (; ; )
        {
            bool isActive = _inactive.Count * _ratio < _active.Count;
            int page = isActive ? _active.Take() : _inactive.Take();
            var marks = (PageMarks)_marks[page];
            bool used = marks.HasFlag(PageMarks.Referenced), found = marks.HasFlag(PageMarks.FoundUsed);
            marks &= PageMarks.Resident | PageMarks.Dirty;
            if (isActive)
            {
                marks |= used ? PageMarks.Active | PageMarks.FoundUsed : found ? PageMarks.Active : 0;
            }
            else if (used)
            {
                marks |= found ? PageMarks.Active : PageMarks.FoundUsed;
            }
            else if (!found)
            {
                _marks[page] = 0;
                return new(page, Marks.Dirt((byte)marks), 0);
            }

            _marks[page] = (byte)marks;
            if (marks.HasFlag(PageMarks.Active))
            {
                _active.Add(page);
            }
            else
            {
                _inactive.Add(page);
            }
        }
    }
}

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// Clock: the page in each frame, a hand, and a byte a page with its bits, so that a use looks at one byte.
/// </summary>
internal struct ClockPolicy(int frames, bool loadSetsBit) : IPolicy
{
    private readonly int[] _circle = new int[frames];
    private readonly byte _loaded = (byte)(loadSetsBit ? PageMarks.Referenced : PageMarks.None);
    // Survivor: there is room for every page before one is looked at.
    private byte[] _marks = [];
    private int _hand;
    private int _count;

    public void Grow(int pages) => Array.Resize(ref _marks, pages);

    public readonly bool TryUse(int page, uint mask) => Marks.TryRefer(_marks, page, mask);

    public Eviction Load(int page, uint mask)
    {
        _marks[page] = (byte)(Marks.OfLoad(mask) | _loaded);
        if (_count < _circle.Length)
        {
            _circle[_count++] = page;
            return Eviction.None;
        }

        int hand = _hand, victim = _circle[hand];
        while ((_marks[victim] & (int)PageMarks.Referenced) != 0)
        {
            _marks[victim] &= unchecked((byte)~PageMarks.Referenced);
            hand = hand + 1 == _circle.Length ? 0 : hand + 1;
            victim = _circle[hand];
        }

        int dirty = Marks.Dirt(_marks[victim]);
        _marks[victim] = 0;
        _circle[hand] = page;
        _hand = hand + 1 == _circle.Length ? 0 : hand + 1;
        return new(victim, dirty, 0);
    }

    public readonly PageMarks Look(int page) => (PageMarks)_marks[page];
}

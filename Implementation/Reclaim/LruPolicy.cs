namespace PageProof.Implementation.Reclaim;

/// <summary>
/// LRU: a doubly linked list through the pages themselves, from the last used to the one that goes next. The links
/// of a page lie together; its place is its number plus one, and place 0 is head and tail.
/// </summary>
internal struct LruPolicy(int frames) : IPolicy
{
    // Survivor: there is room for every page before one is looked at.
    private Link[] _links = [];
    // Survivor: as above.
    private byte[] _marks = [];
    private int _free = frames;

    public void Grow(int pages)
    {
        Array.Resize(ref _links, pages + 1);
        Array.Resize(ref _marks, pages);
    }

    public readonly bool TryUse(int page, uint mask)
    {
        if (!Marks.TryUse(_marks, page, mask))
        {
            return false;
        }

        var links = _links;
        int place = page + 1;
        if (links[0].Older != place)
        {
            Unlink(links, place);
            LinkFirst(links, place);
        }

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
            int oldest = _links[0].Newer, victim = oldest - 1;
            Unlink(_links, oldest);
            eviction = new(victim, Marks.Dirt(_marks[victim]), 0);
            _marks[victim] = 0;
        }

        _marks[page] = Marks.OfLoad(mask);
        LinkFirst(_links, page + 1);
        return eviction;
    }

    public readonly PageMarks Look(int page) => (PageMarks)_marks[page];

    private static void Unlink(Link[] links, int place)
    {
        var link = links[place];
        links[link.Newer].Older = link.Older;
        links[link.Older].Newer = link.Newer;
    }

    private static void LinkFirst(Link[] links, int place)
    {
        int second = links[0].Older;
        links[place] = new() { Older = second, Newer = 0 };
        links[second].Newer = place;
        links[0].Older = place;
    }

    private struct Link
    {
        public int Older;
        public int Newer;
    }
}

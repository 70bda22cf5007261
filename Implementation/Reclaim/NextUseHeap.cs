namespace PageProof.Implementation.Reclaim;

/// <summary>
/// A heap of times with their pages, the latest on top. Four children a node: they share a cache line, and there
/// are half as many levels.
/// </summary>
internal sealed class NextUseHeap(int capacity)
{
    private const int Children = 4;

    private readonly Entry[] _entries = new Entry[capacity];
    private int _count;

    /// <summary>Puts a page in. When there is no room, what is not after now is thrown out.</summary>
    public void Put(ulong time, int page, ulong now)
    {
        if (_count == _entries.Length)
        {
            ThrowOut(now);
        }

        Raise(_count++, new(time, page));
    }

    /// <summary>Takes the page of the latest time out.</summary>
    public int TakeFarthest()
    {
        int page = _entries[0].Page;
        var last = _entries[--_count];
        if (_count > 0)
        {
            Sink(0, last);
        }

        return page;
    }

    private void ThrowOut(ulong now)
    {
        int kept = 0;
        for (int place = 0; place < _count; place++)
        {
            if (_entries[place].Time > now)
            {
                _entries[kept++] = _entries[place];
            }
        }

        _count = kept;
        for (int parent = (_count - 2) / Children; parent >= 0 && _count > 1; parent--)
        {
            Sink(parent, _entries[parent]);
        }
    }

    private void Raise(int place, Entry entry)
    {
        var entries = _entries;
        while (place > 0)
        {
            int parent = (place - 1) / Children;
            if (entries[parent].Time >= entry.Time)
            {
                break;
            }

            entries[place] = entries[parent];
            place = parent;
        }

        entries[place] = entry;
    }

    private void Sink(int place, Entry entry)
    {
        var entries = _entries;
        for (; ; )
        {
            int first = (place * Children) + 1, end = Math.Min(first + Children, _count);
            if (first >= end)
            {
                break;
            }

            int latest = first;
            for (int child = first + 1; child < end; child++)
            {
                latest = entries[child].Time > entries[latest].Time ? child : latest;
            }

            if (entries[latest].Time <= entry.Time)
            {
                break;
            }

            entries[place] = entries[latest];
            place = latest;
        }

        entries[place] = entry;
    }

    private readonly record struct Entry(ulong Time, int Page);
}

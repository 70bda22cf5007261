using PageProof.Contract.Frames;
using PageProof.Implementation.Frames;

namespace PageProof.Implementation.Reclaim;

/// <summary>On which list a frame is.</summary>
[Flags]
internal enum PageList : byte
{
    InactiveAnonymous = 0,
    ActiveAnonymous = 1,
    InactiveFile = 2,
    ActiveFile = InactiveFile | ActiveAnonymous,
}

/// <summary>
/// The frames that may be given up, in four lists: anonymous and file, inactive and active. Links lie in two arrays
/// beside the records of frames, nine bytes a frame, and each list is a ring with a place of its own, so that to add,
/// to take out and to move are a few stores. Frames enter at heads, and are looked at from tails.
/// </summary>
internal sealed class PageLists
{
    private const int Lists = 4;
    private const byte FoundUsed = 1 << 7;
    private const byte ListMask = FoundUsed - 1;

    private readonly FrameTable _table;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly byte[] _standing;
    private readonly int[] _counts = new int[Lists];

    /// <summary>Empty lists of the frames of a table.</summary>
    public PageLists(FrameTable table)
    {
        _table = table;
        (_next, _previous) = (new int[table.Count + Lists], new int[table.Count + Lists]);
        _standing = new byte[table.Count];
        Reset();
    }

    /// <summary>All lists are empty. The records are others' to reset.</summary>
    public void Reset()
    {
        _counts.AsSpan().Clear();
        for (int ring = _table.Count; ring < _next.Length; ring++)
        {
            (_next[ring], _previous[ring]) = (ring, ring);
        }
    }

    /// <summary>How many frames a list has.</summary>
    public int CountOf(PageList list) => _counts[(int)list];

    /// <summary>How many frames are on lists.</summary>
    public int Count => _counts[0] + _counts[1] + _counts[2] + _counts[3];

    /// <summary>The list of a frame that is on one.</summary>
    public PageList ListOf(int frame) => (PageList)(_standing[frame] & ListMask);

    /// <summary>Whether the last look at a frame has found it used.</summary>
    public bool WasFoundUsed(int frame) => (_standing[frame] & FoundUsed) != 0;

    /// <summary>The frame that is looked at next; -1 when the list is empty.</summary>
    public int TailOf(PageList list)
    {
        int frame = _previous[_table.Count + (int)list];
        return frame < _table.Count ? frame : -1;
    }

    /// <summary>The frames of a list, from its head on; no more than there are, whatever the links say.</summary>
    public IEnumerable<int> From(PageList list)
    {
        int frame = _next[_table.Count + (int)list];
        for (int step = 0; step < _table.Count && frame < _table.Count; step++, frame = _next[frame])
        {
            yield return frame;
        }
    }

    /// <summary>A frame that is on no list comes to the head of one.</summary>
    public void Add(int frame, PageList list, bool foundUsed = false)
    {
        int ring = _table.Count + (int)list, first = _next[ring];
        (_next[frame], _previous[frame]) = (first, ring);
        (_next[ring], _previous[first]) = (frame, frame);
        _standing[frame] = (byte)((byte)list | (foundUsed ? FoundUsed : 0));
        _counts[(int)list]++;
        _table[frame].Flags |= FrameFlags.Listed;
    }

    /// <summary>A frame is on no list any more, if it was on one.</summary>
    public void Remove(int frame)
    {
        ref var record = ref _table[frame];
        if ((record.Flags & FrameFlags.Listed) == 0)
        {
            return;
        }

        (_next[_previous[frame]], _previous[_next[frame]]) = (_next[frame], _previous[frame]);
        _counts[(int)ListOf(frame)]--;
        record.Flags &= ~FrameFlags.Listed;
    }
}

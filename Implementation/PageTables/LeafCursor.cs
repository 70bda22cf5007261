using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.PageTables;

/// <summary>
/// Goes over the present leaves of a range in the order of their addresses, and if it is asked to over those
/// that are absent but not empty. What is empty is passed in steps as large as the entry that says so; within a
/// table the next entry costs one load.
/// </summary>
internal struct LeafCursor<TMemory>(
    TMemory memory, ulong top, int levels, ulong first, ulong last, bool absent = false)
    where TMemory : struct, IPhysicalMemory
{
    private readonly (ulong Table, int Level) _top = (top, levels);
    private ulong _next = first;
    private ulong _table = top;
    private int _level = levels;
    private bool _ended;

    /// <summary>Where the leaf lies.</summary>
    public ulong At { get; private set; }

    /// <summary>The leaf as it was when the cursor came to it.</summary>
    public ulong Entry { get; private set; }

    /// <summary>Its level.</summary>
    public int Level { get; private set; }

    /// <summary>The first address of its page, which may lie before the range.</summary>
    public ulong Page { get; private set; }

    /// <summary>Goes to the next leaf; false when there is none.</summary>
    public bool MoveNext()
    {
        while (!_ended)
        {
            At = _table | _next >> LeafEntry.OffsetBits(_level) - 3 & 0xFF8;
            Entry = memory.Read(new(At)).Value;
            if (Entry.IsTable(_level))
            {
                _table = Entry & EntryBits.Frame;
                _level--;
                continue;
            }

            Level = _level;
            Page = _next & ulong.MaxValue << LeafEntry.OffsetBits(_level);
            Advance();
            if (Entry.IsPresent || (absent && Entry != 0))
            {
                return true;
            }
        }

        return false;
    }

    private void Advance()
    {
        ulong next = Page + (1UL << LeafEntry.OffsetBits(_level));

        // The page after the highest is 0.
        _ended = next == 0 || next > last;
        _next = next;
        if (next << 64 - LeafEntry.OffsetBits(_level + 1) == 0)
        {
            (_table, _level) = _top;
        }
    }
}

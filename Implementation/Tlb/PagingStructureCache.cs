using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// Upper entries that were walked, an array for each level from 2: the next table, R/W and U/S of all
/// entries so far, and XD of any. The deepest that serves an address spares the loads above it.
/// </summary>
internal sealed class PagingStructureCache(TlbGeometry geometry)
{
    /// <summary>The highest level of which entries are kept.</summary>
    public const int LevelMost = 5;

    private const int LevelLeast = 2;

    private readonly SetAssociativeArray[] _levels =
    [
        new(geometry.DirectoryEntries), new(geometry.UpperEntries),
        new(geometry.UpperEntries), new(geometry.UpperEntries),
    ];

    /// <summary>The arrays, from level 2 up.</summary>
    public IReadOnlyList<SetAssociativeArray> Arrays => _levels;

    /// <summary>
    /// The entry of the lowest level that is kept for the address, and that level; zero when there is none.
    /// </summary>
    public ulong Find(ulong address, ulong pcid, int levels, out int level)
    {
        for (level = LevelLeast; level <= levels; level++)
        {
            ulong tag = TlbTag.Of(address, level) | pcid;
            ulong entry = _levels[level - LevelLeast].Find(tag, tag, NumberOf(address, level));
            if (entry != 0)
            {
                return entry;
            }
        }

        return 0;
    }

    /// <summary>Keeps an entry that leads to a table, with the rights down to it.</summary>
    public void Insert(ulong address, ulong pcid, int level, ulong table, ulong and, ulong or)
    {
        const ulong Rights = EntryBits.Writable | EntryBits.User;

        // Survivor: without P an entry of no rights that leads to address 0 reads as none, and is walked.
        ulong entry = table | and & Rights | or & EntryBits.ExecuteDisable | EntryBits.Present;
        ulong tag = TlbTag.Of(address, level) | pcid;
        _levels[level - LevelLeast].Insert(tag, entry, NumberOf(address, level));
    }

    /// <summary>Forgets what serves an address under a PCID.</summary>
    public void Remove(ulong address, ulong pcid)
    {
        for (int level = LevelLeast; level <= LevelMost; level++)
        {
            _levels[level - LevelLeast].Remove(TlbTag.Of(address, level) | pcid, NumberOf(address, level));
        }
    }

    /// <summary>Forgets everything of a PCID.</summary>
    public void RemovePcid(ulong pcid)
    {
        foreach (var level in _levels)
        {
            // An empty slot has PCID 0 as well, and stays empty.
            level.RemoveWhere(TlbTag.Pcid, pcid);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (var level in _levels)
        {
            level.Clear();
        }
    }

    private static uint NumberOf(ulong address, int level) => (uint)(address >> 12 + 9 * (level - 1));
}

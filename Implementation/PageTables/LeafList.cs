using System.Diagnostics;

namespace PageProof.Implementation.PageTables;

/// <summary>
/// Leaves as they were when they were edited: the address of each page, its entry, and the level of that.
/// Arrays that grow and are used again, so that a list which is kept allocates nothing.
/// </summary>
public sealed class LeafList
{
    private const int CapacityFirst = 64;

    private ulong[] _pages = new ulong[CapacityFirst];
    private ulong[] _entries = new ulong[CapacityFirst];
    private byte[] _levels = new byte[CapacityFirst];

    /// <summary>How many leaves there are.</summary>
    public int Count { get; private set; }

    /// <summary>The first linear address of a page.</summary>
    public ulong PageAt(int index) => _pages[Checked(index)];

    /// <summary>The entry that mapped it, with the A and D that it had.</summary>
    public ulong EntryAt(int index) => _entries[Checked(index)];

    /// <summary>The level of that entry: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB.</summary>
    public int LevelAt(int index) => _levels[Checked(index)];

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    internal void Add(ulong page, ulong entry, int level)
    {
        if (Count == _pages.Length)
        {
            Array.Resize(ref _pages, 2 * Count);
            Array.Resize(ref _entries, 2 * Count);
            Array.Resize(ref _levels, 2 * Count);
        }

        (_pages[Count], _entries[Count], _levels[Count]) = (page, entry, (byte)level);
        Count++;
    }

    private int Checked(int index)
    {
        Debug.Assert((uint)index < (uint)Count, "There is no such leaf.");
        return index;
    }
}

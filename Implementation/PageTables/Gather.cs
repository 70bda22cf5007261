using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Implementation.PageTables;

/// <summary>
/// What edits leave to be flushed: the addresses whose translations may be stale, as one range and the
/// least size of a page in it, and what must not be used again before that: the frames of pages that were
/// unmapped, and tables that were unlinked. Filled by an editor, emptied into a
/// <see cref="FrameQuarantine"/> by whoever flushes. Kept and used again, it allocates nothing.
/// </summary>
public sealed class Gather
{
    private const int LevelMost = 3;

    private readonly LeafList _leaves = new();
    private readonly LeafList _tables = new();
    private ulong _first;
    private ulong _last;
    private int _strideLevel;

    /// <summary>Whether anything that is cached may not be used any more. Otherwise no flush is needed.</summary>
    public bool NeedsFlush { get; private set; }

    /// <summary>
    /// Whether tables were unlinked: then partial walks of the range must be invalidated too, as INVLPG does
    /// for the whole PCID, and INVPCID for the one address.
    /// </summary>
    public bool TablesUnlinked { get; private set; }

    /// <summary>The first address, when a flush is needed.</summary>
    public LinearAddress First => new(_first);

    /// <summary>The last address, when a flush is needed.</summary>
    public LinearAddress Last => new(_last);

    /// <summary>
    /// The steps by which a flush of single addresses reaches every page from <see cref="First"/> on.
    /// </summary>
    public PageSize Stride => (PageSize)LeafEntry.OffsetBits(_strideLevel);

    /// <summary>How many addresses such a flush has.</summary>
    public ulong Steps => NeedsFlush ? (_last - _first >> LeafEntry.OffsetBits(_strideLevel)) + 1 : 0;

    /// <summary>The pages that were unmapped; no frame of theirs may be used before the flush.</summary>
    public LeafList Leaves => _leaves;

    /// <summary>The tables that were unlinked: entries that led to them, with the level of those.</summary>
    public LeafList Tables => _tables;

    /// <summary>Whether something of these addresses may still be cached that must not be used.</summary>
    public bool Touches(ulong first, ulong last) => NeedsFlush && first <= _last && last >= _first;

    /// <summary>Forgets all: after a flush, and after what was held back has been taken over.</summary>
    /// <exception cref="InvalidOperationException">Something is still held back.</exception>
    public void Clear()
    {
        if (_leaves.Count + _tables.Count != 0)
        {
            throw new InvalidOperationException("A gather that holds frames back cannot be forgotten.");
        }

        (NeedsFlush, TablesUnlinked) = (false, false);
    }

    /// <summary>Notes a page whose entry changed, while translations by the old one may be cached.</summary>
    internal void AddChanged(ulong page, int level) =>
        Add(page, page + (1UL << LeafEntry.OffsetBits(level)) - 1, level);

    /// <summary>Notes a page that was unmapped, and holds its frame back.</summary>
    internal void AddUnmapped(ulong page, ulong entry, int level)
    {
        AddChanged(page, level);
        _leaves.Add(page, entry, level);
    }

    /// <summary>
    /// Notes a table that was unlinked from an entry of this level, and holds it back. Any one address that the
    /// table translated is enough for a partial walk, so that mostly none has to be added.
    /// </summary>
    internal void AddUnlinked(ulong start, ulong entry, int level)
    {
        if (!HasStep(start, start + (1UL << LeafEntry.OffsetBits(level)) - 1))
        {
            Add(start, start + (1UL << LeafEntry.OffsetBits(1)) - 1, Math.Min(level, LevelMost));
        }

        _tables.Add(start, entry, level);
        TablesUnlinked = true;
    }

    // The first address lies on a boundary of the stride, so the steps are the boundaries in the range; they
    // only become more when something is added.
    private bool HasStep(ulong first, ulong last)
    {
        if (!NeedsFlush)
        {
            return false;
        }

        ulong from = Math.Max(first, _first), offset = (1UL << LeafEntry.OffsetBits(_strideLevel)) - 1;
        ulong step = from + offset & ~offset;
        return step >= from && step <= Math.Min(last, _last);
    }

    private void Add(ulong first, ulong last, int level)
    {
        (_first, _last, _strideLevel) = NeedsFlush
            ? (Math.Min(_first, first), Math.Max(_last, last), Math.Min(_strideLevel, level))
            : (first, last, level);
        NeedsFlush = true;
    }
}

using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.PageTables;

/// <summary>Takes back what comes out of quarantine.</summary>
public interface IFrameSink
{
    /// <summary>The page at this address in memory is unmapped, and nothing cached leads to it.</summary>
    void ReturnPage(ulong frame, PageSize size);

    /// <summary>The table at this address in memory is unlinked, and nothing cached leads to it.</summary>
    void ReturnTable(ulong frame);
}

/// <summary>
/// Holds back what edits have given up, until the flush of its generation is complete on every CPU. A ring
/// in the order of generations: taking in and giving out cost one step each, and allocate only when the ring
/// grows. Each flush has a generation; they are complete in their order.
/// </summary>
public sealed class FrameQuarantine
{
    private const ulong TableFlag = 1UL << 11;
    private const int CapacityFirst = 64;

    // The frame, and in the bits below it the number of offset bits of a page, or the flag of a table.
    private ulong[] _frames = new ulong[CapacityFirst];
    private ulong[] _generations = new ulong[CapacityFirst];
    private int _head;
    private ulong _newest;

    /// <summary>How many frames and tables are held back.</summary>
    public int Count { get; private set; }

    /// <summary>The generation up to which every flush is complete.</summary>
    public ulong Completed { get; private set; }

    /// <summary>
    /// Takes over what a gather holds back, until the flush of <paramref name="generation"/> is complete. The
    /// gather's range stays, for the flush.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// That flush is complete already, or one of a later generation is under way.
    /// </exception>
    public void TakeOver(Gather gather, ulong generation)
    {
        if (generation <= Completed || generation < _newest)
        {
            throw new InvalidOperationException(
                $"A flush of generation {generation} protects nothing after {Math.Max(Completed, _newest)}.");
        }

        _newest = generation;
        for (int index = 0; index < gather.Leaves.Count; index++)
        {
            int level = gather.Leaves.LevelAt(index);
            Add(LeafEntry.FrameOf(gather.Leaves.EntryAt(index), level) | (uint)LeafEntry.OffsetBits(level), generation);
        }

        for (int index = 0; index < gather.Tables.Count; index++)
        {
            Add(gather.Tables.EntryAt(index) & EntryBits.Frame | TableFlag, generation);
        }

        gather.Leaves.Clear();
        gather.Tables.Clear();
    }

    /// <summary>Gives out what waited for the flushes up to a generation, which are now complete.</summary>
    /// <exception cref="InvalidOperationException">A later one has been complete before.</exception>
    public void Release<TSink>(ulong completed, TSink sink)
        where TSink : struct, IFrameSink
    {
        if (completed < Completed)
        {
            throw new InvalidOperationException(
                $"Flushes up to generation {Completed} are complete, so {completed} is not the last.");
        }

        Completed = completed;
        while (Count != 0 && _generations[_head] <= completed)
        {
            ulong held = _frames[_head];
            _head = (_head + 1) & _frames.Length - 1;
            Count--;
            if ((held & TableFlag) != 0)
            {
                sink.ReturnTable(held & EntryBits.Frame);
            }
            else
            {
                sink.ReturnPage(held & EntryBits.Frame, (PageSize)(held & EntryBits.SmallPageOffset));
            }
        }
    }

    private void Add(ulong held, ulong generation)
    {
        if (Count == _frames.Length)
        {
            Grow();
        }

        int slot = (_head + Count) & _frames.Length - 1;
        (_frames[slot], _generations[slot]) = (held, generation);
        Count++;
    }

    private void Grow()
    {
        int length = _frames.Length;
        var (frames, generations) = (new ulong[2 * length], new ulong[2 * length]);
        for (int index = 0; index < length; index++)
        {
            int from = (_head + index) & length - 1;
            (frames[index], generations[index]) = (_frames[from], _generations[from]);
        }

        (_frames, _generations, _head) = (frames, generations, 0);
    }
}

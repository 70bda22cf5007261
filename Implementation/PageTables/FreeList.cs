using PageProof.Contract.Paging;

namespace PageProof.Implementation.PageTables;

/// <summary>
/// Frames of 4 KiB, consecutive in memory, of which some are free: a stack of their numbers, and a bit for
/// each, so that a frame which is given back twice, or was never given out, is noticed at once.
/// </summary>
public sealed class FreeList
{
    private const int FrameBits = 12;

    private readonly ulong _first;
    private readonly int[] _free;
    private readonly bool[] _isFree;

    /// <summary>All frames from an address on are free.</summary>
    public FreeList(ulong first, int count)
    {
        _first = first;
        _free = new int[count];
        _isFree = new bool[count];
        Array.Fill(_isFree, true);
        for (int place = 0; place < count; place++)
        {
            _free[place] = count - 1 - place;
        }

        Count = count;
    }

    /// <summary>How many are free.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the frame that was given back last; false when there is none.</summary>
    public bool TryTake(out ulong frame)
    {
        if (Count == 0)
        {
            frame = 0;
            return false;
        }

        int number = _free[--Count];
        _isFree[number] = false;
        frame = _first + ((ulong)number << FrameBits);
        return true;
    }

    /// <summary>Gives a frame back.</summary>
    /// <exception cref="InvalidOperationException">It is free already, or none of this list.</exception>
    public void Return(ulong frame)
    {
        ulong number = frame - _first >> FrameBits;
        if (number >= (ulong)_free.Length || _isFree[number])
        {
            throw new InvalidOperationException($"The frame 0x{frame:x} was not taken from this list.");
        }

        _isFree[number] = true;
        _free[Count++] = (int)number;
    }

    /// <summary>The list as a source of tables, and as the place where tables go back to.</summary>
    public readonly struct ForTables(FreeList list) : ITableSource, IFrameSink
    {
        public bool TryTake(out ulong frame) => list.TryTake(out frame);

        public void ReturnTable(ulong frame) => list.Return(frame);

        /// <summary>Frames of pages are not of this list.</summary>
        public void ReturnPage(ulong frame, PageSize size)
        {
        }
    }
}

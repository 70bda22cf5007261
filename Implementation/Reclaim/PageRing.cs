using System.Numerics;

namespace PageProof.Implementation.Reclaim;

/// <summary>A list of pages that grows at one end and shrinks at the other, in an array.</summary>
internal struct PageRing(int capacity)
{
    private readonly int[] _pages = new int[BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private int _tail;

    /// <summary>How many pages there are.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a page at the head.</summary>
    public void Add(int page) => _pages[_tail + Count++ & _pages.Length - 1] = page;

    /// <summary>Takes the page at the tail.</summary>
    public int Take()
    {
        int page = _pages[_tail];
        _tail = _tail + 1 & _pages.Length - 1;
        Count--;
        return page;
    }
}

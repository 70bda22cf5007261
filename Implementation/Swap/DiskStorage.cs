using System.Diagnostics;

namespace PageProof.Implementation.Swap;

/// <summary>
/// A partition or a file as the runs of blocks that it has on a disk, in the order of its pages and without
/// holes. The run of the last page is tried first, for pages are mostly written one after the other; the others
/// are found by halving.
/// </summary>
public sealed class DiskStorage : ISwapStorage
{
    private readonly SimulatedDisk _disk;
    private readonly SwapExtent[] _extents;
    private int _last;

    public DiskStorage(SimulatedDisk disk, params ReadOnlySpan<SwapExtent> extents)
    {
        (_disk, _extents) = (disk, extents.ToArray());
        foreach (var extent in extents)
        {
            Debug.Assert(extent.Page == Slots, "A storage has no holes.");
            Slots += extent.Count;
        }
    }

    public int Slots { get; }

    /// <summary>In how many pieces it lies.</summary>
    public int Extents => _extents.Length;

    public bool TryRead(int slot, Span<byte> page) => _disk.TryRead(BlockOf(slot), page);

    public bool TryWrite(int slot, ReadOnlySpan<byte> page) => _disk.TryWrite(BlockOf(slot), page);

    // A disk keeps what is not asked for any more as well as anything else.
    public void Forget(int slot)
    {
    }

    /// <summary>A page as it is on the disk, of which no read or write is made.</summary>
    public Span<byte> Page(int slot) => _disk.Block(BlockOf(slot));

    private int BlockOf(int slot)
    {
        int from = slot - _extents[_last].Page;
        if ((uint)from >= (uint)_extents[_last].Count)
        {
            _last = ExtentOf(slot);
            from = slot - _extents[_last].Page;
        }

        return _extents[_last].Block + from;
    }

    private int ExtentOf(int slot)
    {
        int low = 0, high = _extents.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _extents[middle].Page <= slot ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}

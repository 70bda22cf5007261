using PageProof.Contract.Swap;

namespace PageProof.Implementation.Swap;

/// <summary>
/// A partition or a file on a simulated disk. The pieces of a file lie in the opposite order of its pages, each in
/// one run of blocks; a page in a hole has none, and is never reached.
/// </summary>
public sealed class SimulatedDevice : ISwapDevice
{
    private readonly DiskStorage _storage;

    /// <param name="disk">The disk.</param>
    /// <param name="device">What it is.</param>
    /// <param name="block">From which block of the disk on.</param>
    public SimulatedDevice(SimulatedDisk disk, in SwapDevice device, int block)
    {
        var extents = new SwapExtent[device.Pieces];
        int page = 0, end = block + device.Pages;
        for (int piece = 0; piece < extents.Length; piece++)
        {
            int count = (device.Pages - page) / (extents.Length - piece);
            end -= count;
            extents[piece] = new(page, end, count);
            page += count;
        }

        _storage = new(disk, extents);
        (IsFile, IsReadOnly) = (device.Kind == SwapDeviceKind.File, device.IsReadOnly);
        FirstHole = device.Hole == 0 ? device.Pages : device.Hole;
    }

    public bool IsFile { get; }

    public bool IsReadOnly { get; }

    public int FirstHole { get; }

    public int Slots => _storage.Slots;

    public bool TryRead(int slot, Span<byte> page) => _storage.TryRead(slot, page);

    public bool TryWrite(int slot, ReadOnlySpan<byte> page) => _storage.TryWrite(slot, page);

    public void Forget(int slot) => _storage.Forget(slot);

    public void ShowHeader(Span<byte> page) => _storage.Page(0).CopyTo(page);

    public void Poke(int offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_storage.Page(0)[offset..]);
}

using PageProof.Contract.Kernel;
using PageProof.Implementation.Swap;

namespace PageProof.Implementation.Kernel;

/// <summary>What is counted of the transfers of all swap devices, and which of them is to fail.</summary>
internal sealed class SwapTransfers
{
    public ReclaimCounts Counts;

    /// <summary>Which transfer from now on fails; 0 for none.</summary>
    public ulong FailsIn { get; set; }

    /// <summary>Whether that is the next one, which then is made.</summary>
    public bool IsToFail() => FailsIn > 0 && --FailsIn == 0;
}

/// <summary>A swap device: a disk whose transfers are counted, and any one of which can be made to fail.</summary>
internal sealed class SwapDevice : ISwapStorage
{
    private readonly SwapTransfers _transfers;
    private readonly SimulatedDisk _disk;
    private readonly DiskStorage _storage;

    public SwapDevice(SwapTransfers transfers, int slots)
    {
        (_transfers, _disk) = (transfers, new(slots));
        _storage = new(_disk, new SwapExtent(0, 0, slots));
    }

    public int Slots => _storage.Slots;

    public bool TryRead(int slot, Span<byte> page)
    {
        _transfers.Counts.Read++;
        _disk.ReadFailsIn = _transfers.IsToFail() ? 1 : 0;
        bool done = _storage.TryRead(slot, page);
        _transfers.Counts.ReadErrors += done ? 0 : 1;
        return done;
    }

    public bool TryWrite(int slot, ReadOnlySpan<byte> page)
    {
        _transfers.Counts.Written++;
        _disk.WriteFailsIn = _transfers.IsToFail() ? 1 : 0;
        bool done = _storage.TryWrite(slot, page);
        _transfers.Counts.WriteErrors += done ? 0 : 1;
        return done;
    }

    /// <summary>The disk is as a new one: what an earlier sequence has left there is not found again.</summary>
    public void Clear() => _disk.Clear();

    public void Forget(int slot) => _storage.Forget(slot);

    /// <summary>A page as it is on the disk, for who looks at all and makes no transfer.</summary>
    public ReadOnlySpan<byte> Page(int slot) => _storage.Page(slot);
}

namespace PageProof.Implementation.Swap;

/// <summary>
/// What keeps the pages of a swap area: blocks of a disk, a file, or memory that holds them compressed. The first
/// page of it holds the header of the area.
/// </summary>
public interface ISwapStorage
{
    /// <summary>For how many pages of 4 KiB it has room, the first included.</summary>
    int Slots { get; }

    /// <summary>Brings a page into memory; on an error false, and what was brought counts for nothing.</summary>
    bool TryRead(int slot, Span<byte> page);

    /// <summary>Keeps a page; on an error false, and what the slot holds from then on counts for nothing.</summary>
    bool TryWrite(int slot, ReadOnlySpan<byte> page);

    /// <summary>Nobody will ask for what the slot holds.</summary>
    void Forget(int slot);
}

namespace PageProof.Implementation.Swap;

/// <summary>
/// A disk of blocks of one page each, in one array. What is read or written can be made to fail: what a failed
/// read brings, and what a failed write leaves in the block, is neither the old content nor the new.
/// </summary>
public sealed class SimulatedDisk(int blocks)
{
    public const int BlockBytes = 4096;

    private const byte Scar = 0xA5;

    private readonly byte[] _bytes = new byte[blocks * BlockBytes];

    public int Blocks { get; } = blocks;

    /// <summary>How many reads there were, with those that failed.</summary>
    public long Reads { get; private set; }

    /// <summary>How many writes there were, with those that failed.</summary>
    public long Writes { get; private set; }

    /// <summary>Which read from now on fails; 0 for none.</summary>
    public long ReadFailsIn { get; set; }

    /// <summary>Which write from now on fails; 0 for none.</summary>
    public long WriteFailsIn { get; set; }

    public bool IsReadOnly { get; set; }

    public bool TryRead(int block, Span<byte> page)
    {
        Reads++;
        if (ReadFailsIn > 0 && --ReadFailsIn == 0)
        {
            page[..(BlockBytes / 2)].Fill(Scar);
            return false;
        }

        Block(block).CopyTo(page);
        return true;
    }

    public bool TryWrite(int block, ReadOnlySpan<byte> page)
    {
        Writes++;
        if (IsReadOnly)
        {
            return false;
        }

        if (WriteFailsIn > 0 && --WriteFailsIn == 0)
        {
            page[..(BlockBytes / 2)].CopyTo(Block(block));
            Block(block)[(BlockBytes / 2)..].Fill(Scar);
            return false;
        }

        page[..BlockBytes].CopyTo(Block(block));
        return true;
    }

    /// <summary>It is as a new one: nothing of what was on it is found again.</summary>
    public void Clear() => _bytes.AsSpan().Clear();

    /// <summary>A block as it is there, of which no read or write is made.</summary>
    public Span<byte> Block(int block) => _bytes.AsSpan(block * BlockBytes, BlockBytes);
}

namespace PageProof.Contract.Swap.Compressed;

/// <summary>
/// The door of compressed stores: zswap with a swap device behind it, or zram with a backing device. It chooses
/// how long a compressed page is, and where in the pool it lies.
/// </summary>
public interface ICompressedStore : IDisposable
{
    /// <summary>What this system can be asked.</summary>
    CompressedCapabilities Capabilities { get; }

    /// <summary>What the last command wrote back, or tried to, in its order.</summary>
    ReadOnlySpan<PageWrittenBack> WrittenBack { get; }

    /// <summary>What zswap has counted since it began; nothing when it is zram.</summary>
    ZswapStatistics Zswap { get; }

    /// <summary>What zram has counted since it began; nothing when it is zswap.</summary>
    ZramStatistics Zram { get; }

    /// <summary>Begins anew.</summary>
    void Reset(CompressedStart start);

    /// <summary>Carries a command out. A store takes its 4 KiB from the page, a load puts them there.</summary>
    CompressedAnswer Do(in CompressedCommand command, Span<byte> page);
}

/// <summary>What a compressed store offers. Whoever makes sequences stays within.</summary>
public sealed record CompressedCapabilities
{
    /// <summary>Whether pages can be compressed by LZ4.</summary>
    public bool Lz4 { get; init; } = true;

    /// <summary>Whether pages can be compressed by Zstandard.</summary>
    public bool Zstd { get; init; } = true;

    /// <summary>How many slots there can be.</summary>
    public int Slots { get; init; } = 1 << 12;

    /// <summary>The highest level of a compressor.</summary>
    public int LevelMost { get; init; } = 19;
}

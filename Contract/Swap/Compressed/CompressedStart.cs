using System.Collections.Immutable;

namespace PageProof.Contract.Swap.Compressed;

/// <summary>What keeps pages compressed.</summary>
public enum CompressedKind : byte
{
    /// <summary>A cache in memory in front of a swap device.</summary>
    Zswap,
    /// <summary>A disk that is memory.</summary>
    Zram,
}

/// <summary>What compresses.</summary>
public enum CompressorKind : byte
{
    /// <summary>LZ4; its level is the acceleration, from 1 on.</summary>
    Lz4,
    /// <summary>Zstandard, at a level from 1 on.</summary>
    Zstd,
}

/// <summary>How a sequence begins: nothing is stored, and the devices hold nothing.</summary>
/// <param name="Kind">Which of the two it is.</param>
/// <param name="Compressor">What compresses.</param>
/// <param name="Level">How hard it tries.</param>
/// <param name="Slots">How many pages can be stored: the swap slots, or the size of the disk.</param>
public sealed record CompressedStart(CompressedKind Kind, CompressorKind Compressor, int Level, int Slots)
{
    /// <summary>Zswap: how many pages of memory there are, of which the pool may have a part.</summary>
    public int MemoryPages { get; init; }

    /// <summary>Zswap: max_pool_percent, the part of the memory that the pool may have.</summary>
    public int MaxPoolPercent { get; init; } = 20;

    /// <summary>Zswap: accept_threshold_percent, the part of that below which a full pool accepts again.</summary>
    public int AcceptPercent { get; init; } = 90;

    /// <summary>Zswap: whether who loads a page from the pool has it alone from then on.</summary>
    public bool ExclusiveLoads { get; init; }

    /// <summary>Zram: mem_limit, in pages; 0 for none.</summary>
    public int LimitPages { get; init; }

    /// <summary>Zram: how many pages the backing device has room for.</summary>
    public int BackingPages { get; init; }
}

/// <summary>A start, and what is then done.</summary>
public readonly record struct CompressedSequence(CompressedStart Start, ImmutableArray<CompressedCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 512;

    /// <inheritdoc/>
    public override string ToString() => CompressedText.Print(this);
}

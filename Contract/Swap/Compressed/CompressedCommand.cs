namespace PageProof.Contract.Swap.Compressed;

/// <summary>What a command does.</summary>
public enum CompressedCommandKind : byte
{
    /// <summary>Stores a page in a slot, whatever the slot held.</summary>
    Store,
    /// <summary>Loads the page of a slot.</summary>
    Load,
    /// <summary>Nobody refers to the slot any more.</summary>
    Release,
    /// <summary>Sets max_pool_percent of zswap, or mem_limit of zram in pages.</summary>
    Limit,
    /// <summary>Sets accept_threshold_percent of zswap.</summary>
    Threshold,
    /// <summary>Zswap: writes so many of the oldest pages back to the device.</summary>
    Shrink,
    /// <summary>Zram: writes pages that are not compressed, idle, or both, to the backing device.</summary>
    WriteBack,
    /// <summary>Zram: calls all pages idle that are stored.</summary>
    Idle,
    /// <summary>Moves what is in the pool together.</summary>
    Compact,
    /// <summary>Makes the n-th read of the device from now on fail; none when n is 0.</summary>
    FailRead,
    /// <summary>Makes the n-th write to the device from now on fail; none when n is 0.</summary>
    FailWrite,
    /// <summary>The device takes nothing any more, or does again when n is 0.</summary>
    ReadOnly,
}

/// <summary>Which pages zram writes to its backing device.</summary>
[Flags]
public enum WriteBackKinds : byte
{
    /// <summary>Those that are stored uncompressed.</summary>
    Huge = 1,
    /// <summary>Those that nobody has asked for since they were called idle.</summary>
    Idle = 2,
}

/// <summary>One step, flat. Members that do not belong to its kind are zero.</summary>
public readonly record struct CompressedCommand
{
    /// <summary>What is done.</summary>
    public CompressedCommandKind Kind { get; init; }

    /// <summary>Store, load and release: which slot.</summary>
    public SwapSlot Slot { get; init; }

    /// <summary>Store: what. It comes to a system as bytes beside the command.</summary>
    public DescribedPage Page { get; init; }

    /// <summary>Limit, threshold, shrink and failures: how many, or which.</summary>
    public int Value { get; init; }

    /// <summary>Write-back: which pages; with both, those that are both.</summary>
    public WriteBackKinds Which { get; init; }

    /// <inheritdoc/>
    public override string ToString() => CompressedText.Of(this);
}

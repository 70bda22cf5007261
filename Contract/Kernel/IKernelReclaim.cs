namespace PageProof.Contract.Kernel;

/// <summary>
/// What a kernel has done to have frames free, or free side by side, since a sequence began. Each counts pages or
/// events.
/// </summary>
public record struct ReclaimCounts
{
    /// <summary>Anonymous pages whose frames were given up.</summary>
    public long SwappedOut;

    /// <summary>Pages that were read from a device to be touched again.</summary>
    public long SwappedIn;

    /// <summary>Pages that were still in memory when an entry that named their slot was touched.</summary>
    public long CacheHits;

    /// <summary>Frames that were given up without anything written, since a slot or a file held the same.</summary>
    public long CleanDrops;

    /// <summary>Pages that stayed since they had been used.</summary>
    public long SecondChances;

    /// <summary>Pages of shared memory without a name that went to a slot.</summary>
    public long SharedOut;

    /// <summary>Pages of shared memory that came back from one.</summary>
    public long SharedIn;

    /// <summary>Pages of files whose frames were given up.</summary>
    public long FilesDropped;

    /// <summary>Pages that were freed by advice, and went without being written anywhere.</summary>
    public long FreedDropped;

    /// <summary>Pages that were freed by advice, and stayed since they were stored to or others have them.</summary>
    public long FreedKept;

    /// <summary>Pages that could not go since they are locked or pinned.</summary>
    public long Unevictable;

    /// <summary>Times that there was no slot for a page.</summary>
    public long DeviceFull;

    /// <summary>Times that somebody who needed a frame had to make room.</summary>
    public long DirectReclaims;

    /// <summary>Times that room was made before anybody needed it.</summary>
    public long BackgroundReclaims;

    /// <summary>Pages written to swap devices, or tried to be.</summary>
    public long Written;

    /// <summary>Pages read from swap devices, or tried to be.</summary>
    public long Read;

    /// <summary>Writes that failed.</summary>
    public long WriteErrors;

    /// <summary>Reads that failed.</summary>
    public long ReadErrors;

    /// <summary>Pages that zswap has compressed into its pool.</summary>
    public long Compressed;

    /// <summary>Pages of one word over and over, of which zswap keeps the word.</summary>
    public long OfOneWord;

    /// <summary>Pages that zswap has sent on to their device.</summary>
    public long PassedOn;

    /// <summary>Pages that came back without a device, since zswap had them.</summary>
    public long FromPool;

    /// <summary>Pages that zswap has written to their device to have room.</summary>
    public long WrittenBack;

    /// <summary>Pages that stayed in the pool since the device did not take them.</summary>
    public long WriteBacksFailed;

    /// <summary>Pages that were moved to another frame.</summary>
    public long Moved;

    /// <summary>Pages that were to be moved, and stayed.</summary>
    public long Stayed;

    /// <summary>All transfers of swap devices.</summary>
    public readonly long Transfers => Written + Read;
}

/// <summary>A kernel that counts what it does to have frames free.</summary>
public interface IKernelReclaim
{
    /// <summary>The counts of the last sequence that ran.</summary>
    ReclaimCounts Reclaims { get; }
}

namespace PageProof.Contract.Swap.Compressed;

/// <summary>
/// What zswap counts, named as in its folder of debugfs; sizes in bytes.
/// </summary>
public readonly record struct ZswapStatistics
{
    /// <summary>pool_total_size: the memory of the pool.</summary>
    public long PoolTotalSize { get; init; }

    /// <summary>stored_pages: how many pages are in the cache, those of one word included.</summary>
    public long StoredPages { get; init; }

    /// <summary>same_filled_pages: those of one word.</summary>
    public long SameFilledPages { get; init; }

    /// <summary>written_back_pages: how many went from the pool to the device.</summary>
    public long WrittenBackPages { get; init; }

    /// <summary>pool_limit_hit: how often a page met a pool at its limit.</summary>
    public long PoolLimitHit { get; init; }

    /// <summary>reject_compress_poor: how many did not become shorter.</summary>
    public long RejectCompressPoor { get; init; }

    /// <summary>reject_reclaim_fail: how often the device did not take a page back.</summary>
    public long RejectReclaimFail { get; init; }
}

/// <summary>
/// What zram counts, named as in mm_stat, bd_stat and io_stat; sizes in bytes.
/// </summary>
public readonly record struct ZramStatistics
{
    /// <summary>orig_data_size: what is stored, as it was.</summary>
    public long OrigDataSize { get; init; }

    /// <summary>compr_data_size: what is stored, as it lies in the pool.</summary>
    public long ComprDataSize { get; init; }

    /// <summary>mem_used_total: the memory of the pool.</summary>
    public long MemUsedTotal { get; init; }

    /// <summary>mem_limit: how much it may be; 0 for any.</summary>
    public long MemLimit { get; init; }

    /// <summary>mem_used_max: how much it was at most.</summary>
    public long MemUsedMax { get; init; }

    /// <summary>same_pages: pages of one word.</summary>
    public long SamePages { get; init; }

    /// <summary>pages_compacted: pages that were freed by compaction.</summary>
    public long PagesCompacted { get; init; }

    /// <summary>huge_pages: pages that are stored uncompressed.</summary>
    public long HugePages { get; init; }

    /// <summary>huge_pages_since: how many were stored so, since it began.</summary>
    public long HugePagesSince { get; init; }

    /// <summary>bd_count: pages on the backing device.</summary>
    public long BdCount { get; init; }

    /// <summary>bd_reads: how many were read from it.</summary>
    public long BdReads { get; init; }

    /// <summary>bd_writes: how many were written to it.</summary>
    public long BdWrites { get; init; }

    /// <summary>failed_reads: loads that ended with an error.</summary>
    public long FailedReads { get; init; }

    /// <summary>failed_writes: stores that ended with an error.</summary>
    public long FailedWrites { get; init; }
}

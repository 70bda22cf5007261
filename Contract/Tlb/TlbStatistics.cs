namespace PageProof.Contract.Tlb;

/// <summary>
/// What a CPU counted. An access that no TLB serves is a miss; a walk may also be made to set D. Accesses to
/// shadow stacks are loads and stores.
/// </summary>
public record struct TlbStatistics
{
    /// <summary>Loads, as <c>dTLB-loads</c>.</summary>
    public ulong Loads { get; set; }

    /// <summary>Loads that missed, as <c>dTLB-load-misses</c>.</summary>
    public ulong LoadMisses { get; set; }

    /// <summary>Stores, as <c>dTLB-stores</c>.</summary>
    public ulong Stores { get; set; }

    /// <summary>Stores that missed, as <c>dTLB-store-misses</c>.</summary>
    public ulong StoreMisses { get; set; }

    /// <summary>Fetches, as <c>iTLB-loads</c>.</summary>
    public ulong Fetches { get; set; }

    /// <summary>Fetches that missed, as <c>iTLB-load-misses</c>.</summary>
    public ulong FetchMisses { get; set; }

    /// <summary>Accesses that only the second level could serve.</summary>
    public ulong SecondLevelHits { get; set; }

    /// <summary>Walks, finished or not.</summary>
    public ulong Walks { get; set; }

    /// <summary>Entries that walks have read: fewer than the levels, where an upper entry was kept.</summary>
    public ulong WalkReads { get; set; }
}

namespace PageProof.Contract.AddressSpaces;

/// <summary>
/// The flags of mmap, in the values of Linux x86-64. Other bits can be passed too.
/// Source: mmap(2).
/// </summary>
[Flags]
public enum MmapFlags : uint
{
    /// <summary>None of them, which is no way to map.</summary>
    None = 0,
    /// <summary>MAP_SHARED.</summary>
    Shared = 0x01,
    /// <summary>MAP_PRIVATE.</summary>
    Private = 0x02,
    /// <summary>MAP_FIXED.</summary>
    Fixed = 0x10,
    /// <summary>MAP_ANONYMOUS.</summary>
    Anonymous = 0x20,
    /// <summary>MAP_GROWSDOWN.</summary>
    GrowsDown = 0x100,
    /// <summary>MAP_LOCKED.</summary>
    Locked = 0x2000,
    /// <summary>MAP_POPULATE.</summary>
    Populate = 0x8000,
    /// <summary>MAP_FIXED_NOREPLACE.</summary>
    FixedNoReplace = 0x10_0000,
}

/// <summary>
/// The flags of mremap, in the values of Linux. Other bits can be passed too.
/// Source: mremap(2).
/// </summary>
[Flags]
public enum MremapFlags : uint
{
    /// <summary>None of them.</summary>
    None = 0,
    /// <summary>MREMAP_MAYMOVE.</summary>
    MayMove = 1,
    /// <summary>MREMAP_FIXED.</summary>
    Fixed = 2,
    /// <summary>MREMAP_DONTUNMAP.</summary>
    DontUnmap = 4,
}

/// <summary>
/// The flags of msync, in the values of Linux. Other bits can be passed too.
/// Source: msync(2).
/// </summary>
[Flags]
public enum MsyncFlags : uint
{
    /// <summary>None of them.</summary>
    None = 0,
    /// <summary>MS_ASYNC.</summary>
    Async = 1,
    /// <summary>MS_INVALIDATE.</summary>
    Invalidate = 2,
    /// <summary>MS_SYNC.</summary>
    Sync = 4,
}

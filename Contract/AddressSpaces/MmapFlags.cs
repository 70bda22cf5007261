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
    /// <summary>MAP_FIXED_NOREPLACE.</summary>
    FixedNoReplace = 0x10_0000,
}

namespace PageProof.Contract.Paging;

/// <summary>The size of a page; the value is the number of bits of the offset.</summary>
public enum PageSize : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A leaf in a page table.</summary>
    Size4K = 12,
    /// <summary>A leaf in a page directory.</summary>
    Size2M = 21,
    /// <summary>A leaf in a page-directory-pointer table.</summary>
    Size1G = 30,
}

/// <summary>
/// What all the entries of a walk together permit: R/W and U/S as their AND, execution unless one
/// has XD. Source: Intel SDM vol. 3A, 4.6.1.
/// </summary>
[Flags]
public enum PageRights : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>R/W is set in every entry.</summary>
    Write = 1 << 0,
    /// <summary>U/S is set in every entry: a user-mode address.</summary>
    User = 1 << 1,
    /// <summary>XD is set in no entry.</summary>
    Execute = 1 << 2,

    /// <summary>A shadow-stack page: R/W clear and D set in the leaf, R/W set above.</summary>
    ShadowStack = 1 << 3,
}

/// <summary>How memory is cached; the values are those of IA32_PAT. Source: Intel SDM vol. 3A, 12.3.</summary>
public enum MemoryType : byte
{
    /// <summary>UC.</summary>
    Uncacheable = 0,
    /// <summary>WC.</summary>
    WriteCombining = 1,
    /// <summary>WT.</summary>
    WriteThrough = 4,
    /// <summary>WP.</summary>
    WriteProtected = 5,
    /// <summary>WB.</summary>
    WriteBack = 6,
    /// <summary>UC-, which an MTRR may turn into WC.</summary>
    UncachedMinus = 7,
}

/// <summary>The protection key of a page, 0 to 15. Source: Intel SDM vol. 3A, 4.6.2.</summary>
public readonly record struct ProtectionKey(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}

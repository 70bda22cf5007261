namespace PageProof.Implementation.Tlb;

/// <summary>The shape of one array: sets, a power of two, of so many ways.</summary>
public readonly record struct ArrayShape(int Sets, int Ways);

/// <summary>The TLBs of one first level: an array for each size of page.</summary>
public sealed record FirstLevelShape(ArrayShape Small, ArrayShape Large, ArrayShape Gigabyte);

/// <summary>
/// How large the caches of a CPU are. The default is that of Intel's Skylake client cores, for TLBs as
/// the Intel 64 and IA-32 Architectures Optimization Reference Manual gives it (248966, "TLB Parameters
/// of the Skylake Client Microarchitecture"), but that fetches from 1-GiB pages have entries of their
/// own. The sizes of paging-structure caches are not published; these are ours, and so is the front array,
/// which no processor has.
/// </summary>
public sealed record TlbGeometry
{
    /// <summary>The slots of the front array for each kind of access and mode; 0 for no front array.</summary>
    public int FrontSlots { get; init; } = 512;

    /// <summary>The first level for loads and stores.</summary>
    public FirstLevelShape Data { get; init; } = new(new(16, 4), new(8, 4), new(1, 4));

    /// <summary>The first level for fetches.</summary>
    public FirstLevelShape Instructions { get; init; } = new(new(16, 8), new(1, 8), new(1, 4));

    /// <summary>The second level for 4-KiB and 2-MiB pages alike.</summary>
    public ArrayShape Second { get; init; } = new(128, 12);

    /// <summary>The second level for 1-GiB pages.</summary>
    public ArrayShape SecondGigabyte { get; init; } = new(4, 4);

    /// <summary>The paging-structure cache of page-directory entries.</summary>
    public ArrayShape DirectoryEntries { get; init; } = new(8, 4);

    /// <summary>Each of the paging-structure caches above it.</summary>
    public ArrayShape UpperEntries { get; init; } = new(1, 4);

    /// <summary>One entry everywhere and no front array, so that nothing is kept for long.</summary>
    public static TlbGeometry Smallest { get; } = new()
    {
        FrontSlots = 0,
        Data = new(new(1, 1), new(1, 1), new(1, 1)),
        Instructions = new(new(1, 1), new(1, 1), new(1, 1)),
        Second = new(1, 1),
        SecondGigabyte = new(1, 1),
        DirectoryEntries = new(1, 1),
        UpperEntries = new(1, 1),
    };
}

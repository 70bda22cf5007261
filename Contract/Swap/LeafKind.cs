namespace PageProof.Contract.Swap;

/// <summary>What an entry of a page table of the lowest level says to the kernel.</summary>
public enum LeafKind : byte
{
    /// <summary>Nothing is there.</summary>
    None,
    /// <summary>A frame holds the page, and the processor reads the rest.</summary>
    Present,
    /// <summary>A frame holds the page, which may not be touched: PROT_NONE.</summary>
    Hidden,
    /// <summary>A swap area holds the page.</summary>
    Swap,
    /// <summary>The page is on its way to another frame.</summary>
    Migration,
    /// <summary>The content of the page is lost; who touches it is told.</summary>
    Lost,
}

/// <summary>What a page that is on its way permitted.</summary>
public enum MigrationKind : byte
{
    /// <summary>Loads, and others may have it, too.</summary>
    Read = 1,
    /// <summary>Loads, of a page that its process has alone.</summary>
    ReadExclusive = 2,
    /// <summary>Stores.</summary>
    Write = 3,
}

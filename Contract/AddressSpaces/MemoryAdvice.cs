namespace PageProof.Contract.AddressSpaces;

/// <summary>
/// What a process expects of a range, in the values of Linux. Other numbers can be passed too.
/// Source: madvise(2).
/// </summary>
public enum MemoryAdvice
{
    /// <summary>MADV_NORMAL.</summary>
    Normal = 0,
    /// <summary>MADV_WILLNEED.</summary>
    WillNeed = 3,
    /// <summary>MADV_DONTNEED.</summary>
    DontNeed = 4,
    /// <summary>MADV_FREE.</summary>
    Free = 8,
    /// <summary>MADV_COLD.</summary>
    Cold = 20,
    /// <summary>MADV_PAGEOUT.</summary>
    PageOut = 21,
    /// <summary>MADV_POPULATE_READ.</summary>
    PopulateRead = 22,
    /// <summary>MADV_POPULATE_WRITE.</summary>
    PopulateWrite = 23,
}

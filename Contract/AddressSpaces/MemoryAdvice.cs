namespace PageProof.Contract.AddressSpaces;

/// <summary>
/// What a process expects of a range, in the values of Linux. Other numbers can be passed too.
/// Source: madvise(2).
/// </summary>
public enum MemoryAdvice
{
    /// <summary>MADV_NORMAL.</summary>
    Normal = 0,
    /// <summary>MADV_DONTNEED.</summary>
    DontNeed = 4,
}

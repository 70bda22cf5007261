namespace PageProof.Contract.AddressSpaces;

/// <summary>
/// What may be done with the pages of an area, in the values of Linux. Other bits can be passed too.
/// Source: mmap(2), mprotect(2).
/// </summary>
[Flags]
public enum MemoryProtection : uint
{
    /// <summary>PROT_NONE.</summary>
    None = 0,
    /// <summary>PROT_READ.</summary>
    Read = 1,
    /// <summary>PROT_WRITE.</summary>
    Write = 2,
    /// <summary>PROT_EXEC.</summary>
    Execute = 4,
}

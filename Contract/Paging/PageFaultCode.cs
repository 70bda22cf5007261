namespace PageProof.Contract.Paging;

/// <summary>
/// The error code of a page fault.
/// <code>
///   6    5    4    3     2    1    0
/// +----+----+-----+------+-----+-----+---+
/// | SS | PK | I/D | RSVD | U/S | W/R | P |
/// +----+----+-----+------+-----+-----+---+
/// </code>
/// Source: Intel SDM vol. 3A, 4.7.
/// </summary>
[Flags]
public enum PageFaultCode : byte
{
    /// <summary>Nothing: a supervisor read found no translation.</summary>
    None = 0,

    /// <summary>P: there is a translation, and it forbids the access.</summary>
    Present = 1 << 0,

    /// <summary>W/R: the access was a write.</summary>
    Write = 1 << 1,

    /// <summary>U/S: the access was made in user mode.</summary>
    User = 1 << 2,

    /// <summary>RSVD: an entry had a reserved bit set.</summary>
    Reserved = 1 << 3,

    /// <summary>I/D: the access was a fetch, and fetches can be forbidden.</summary>
    Fetch = 1 << 4,

    /// <summary>PK: the protection key of the page forbids the access.</summary>
    ProtectionKey = 1 << 5,

    /// <summary>SS: the access was to a shadow stack.</summary>
    ShadowStack = 1 << 6,
}

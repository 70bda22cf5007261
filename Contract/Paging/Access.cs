namespace PageProof.Contract.Paging;

/// <summary>What an access does to memory. Source: Intel SDM vol. 3A, 4.6.</summary>
public enum AccessKind : byte
{
    /// <summary>A load.</summary>
    Read,
    /// <summary>A store, or a read-modify-write.</summary>
    Write,
    /// <summary>A fetch of an instruction.</summary>
    Fetch,

    /// <summary>A load from a shadow stack, as RET makes it.</summary>
    ShadowStackRead,

    /// <summary>A store to a shadow stack, as CALL makes it.</summary>
    ShadowStackWrite,
}

/// <summary>The current privilege level.</summary>
public enum PrivilegeLevel : byte
{
    /// <summary>The most privileged, of kernels.</summary>
    Ring0,
    /// <summary>A supervisor level for paging.</summary>
    Ring1,
    /// <summary>A supervisor level for paging.</summary>
    Ring2,
    /// <summary>User mode, unless the access is implicit.</summary>
    Ring3,
}

/// <summary>One access to memory, of one byte or within one aligned quadword.</summary>
/// <param name="Address">The linear address.</param>
/// <param name="Kind">What the access does.</param>
/// <param name="Cpl">The privilege level at which it is made.</param>
/// <param name="AlignmentCheck">EFLAGS.AC, by which a supervisor suspends SMAP.</param>
/// <param name="Implicit">
/// A supervisor access made by the processor itself whatever the CPL, such as the read of a
/// descriptor. Only reads and writes can be implicit. Source: Intel SDM vol. 3A, 4.6.
/// </param>
/// <param name="StackSegment">
/// A reference through SS, which reports a non-canonical address as #SS. Only explicit reads and
/// writes can be.
/// </param>
public readonly record struct Access(
    LinearAddress Address,
    AccessKind Kind,
    PrivilegeLevel Cpl,
    bool AlignmentCheck = false,
    bool Implicit = false,
    bool StackSegment = false)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Words(Kind)} {Address} at CPL {(int)Cpl}" + (Implicit ? ", implicit" : "")
        + (AlignmentCheck ? ", AC" : "") + (StackSegment ? ", through SS" : "");

    private static string Words(AccessKind kind) => kind switch
    {
        AccessKind.ShadowStackRead => "shadow-stack read",
        AccessKind.ShadowStackWrite => "shadow-stack write",
        _ => kind.ToString().ToLowerInvariant(),
    };
}

namespace PageProof.Contract.Tlb;

/// <summary>
/// A process-context identifier of twelve bits. Source: Intel SDM vol. 3A, 4.10.1.
/// </summary>
public readonly record struct Pcid(ushort Value)
{
    /// <summary>The largest value that twelve bits hold.</summary>
    public const ushort Most = 0xFFF;

    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}

/// <summary>The number of a logical processor, from 0.</summary>
public readonly record struct CpuNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"CPU {Value}";
}

/// <summary>
/// What an INVPCID invalidates; the operand may hold any other value, too.
/// Source: Intel SDM vol. 2A, INVPCID.
/// </summary>
public enum InvpcidType : ulong
{
    /// <summary>One linear address of one PCID, not global.</summary>
    IndividualAddress = 0,
    /// <summary>One PCID, not global.</summary>
    SingleContext = 1,
    /// <summary>Everything.</summary>
    AllIncludingGlobal = 2,
    /// <summary>Everything that is not global.</summary>
    AllExceptGlobal = 3,
}

/// <summary>
/// The 128 bits in memory that an INVPCID names: a PCID in the lowest twelve, reserved bits up to 63,
/// and a linear address.
/// </summary>
public readonly record struct InvpcidDescriptor(ulong Low, LinearAddress Address)
{
    /// <inheritdoc/>
    public override string ToString() => $"pcid=0x{Low:x} address={Address}";
}

namespace PageProof.Contract.Hardening;

/// <summary>
/// The number that a CPU gives an address space whose translations it may keep. It is not the PCID: with two
/// tables an address space has two of these.
/// </summary>
public readonly record struct Asid(ushort Value)
{
    /// <summary>The largest number of which both PCIDs fit into twelve bits and differ from all others.</summary>
    public const ushort Most = 2046;

    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}

using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>What a command does.</summary>
public enum TlbCommandKind : byte
{
    /// <summary>Software stores to a word of a table.</summary>
    Store,
    /// <summary>Software loads a word of a table, and so sees its A and D.</summary>
    Load,
    /// <summary>An access through a linear address.</summary>
    Access,
    /// <summary>INVLPG.</summary>
    InvalidatePage,
    /// <summary>INVPCID.</summary>
    InvalidatePcid,
    /// <summary>MOV to CR0, in which nothing but WP changes.</summary>
    MoveCr0,
    /// <summary>MOV to CR3; bit 63 asks that nothing be invalidated.</summary>
    MoveCr3,
    /// <summary>MOV to CR4.</summary>
    MoveCr4,
    /// <summary>WRPKRU.</summary>
    WritePkru,
}

/// <summary>
/// One step of a sequence on one CPU, flat. Members that do not belong to its kind are zero. Stores
/// and loads go to listed words by physical address; an access is a translation, and touches no data.
/// All but accesses are made at CPL 0.
/// </summary>
public readonly record struct TlbCommand
{
    /// <summary>What is done.</summary>
    public TlbCommandKind Kind { get; init; }

    /// <summary>Which CPU does it.</summary>
    public CpuNumber Cpu { get; init; }

    /// <summary>The access that is made.</summary>
    public Access Access { get; init; }

    /// <summary>Store: the word and its new content. Load: the word.</summary>
    public TableWord Word { get; init; }

    /// <summary>INVLPG: the linear address.</summary>
    public LinearAddress Address { get; init; }

    /// <summary>INVPCID: the type.</summary>
    public InvpcidType Type { get; init; }

    /// <summary>INVPCID: the descriptor.</summary>
    public InvpcidDescriptor Descriptor { get; init; }

    /// <summary>MOV CR0: the operand.</summary>
    public Cr0 Cr0 { get; init; }

    /// <summary>MOV CR3: the operand, with bit 63.</summary>
    public Cr3 Cr3 { get; init; }

    /// <summary>MOV CR4: the operand.</summary>
    public Cr4 Cr4 { get; init; }

    /// <summary>WRPKRU: the operand.</summary>
    public Pkru Pkru { get; init; }

    /// <inheritdoc/>
    public override string ToString() => TlbText.Of(this);
}

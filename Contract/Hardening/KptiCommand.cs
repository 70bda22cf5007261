using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Contract.Hardening;

/// <summary>Which of the few processes of a sequence.</summary>
public readonly record struct ProcessNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"process {Value}";
}

/// <summary>What a command does.</summary>
public enum KptiCommandKind : byte
{
    /// <summary>Makes an address space.</summary>
    Create,
    /// <summary>Gives an address space up that no CPU uses.</summary>
    Destroy,
    /// <summary>A CPU in the kernel takes the address space of a process on.</summary>
    Schedule,
    /// <summary>A CPU in the kernel takes the kernel's own address space on.</summary>
    Idle,
    /// <summary>A CPU in user mode enters the kernel.</summary>
    Enter,
    /// <summary>A CPU in the kernel goes to user mode.</summary>
    Exit,
    /// <summary>Maps pages of a process.</summary>
    Map,
    /// <summary>Unmaps pages of a process, and flushes.</summary>
    Unmap,
    /// <summary>Changes the rights of pages of a process, and flushes if that is needed.</summary>
    Protect,
    /// <summary>Maps pages of the kernel.</summary>
    MapKernel,
    /// <summary>Unmaps pages of the kernel, and flushes.</summary>
    UnmapKernel,
    /// <summary>An access under whatever CR3 holds.</summary>
    Access,
}

/// <summary>
/// One step of a sequence on one CPU, flat. Members that do not belong to its kind are zero. Address spaces
/// are edited by a CPU that is in the kernel, whichever it has taken on.
/// </summary>
public readonly record struct KptiCommand
{
    /// <summary>What is done.</summary>
    public KptiCommandKind Kind { get; init; }

    /// <summary>Which CPU does it.</summary>
    public CpuNumber Cpu { get; init; }

    /// <summary>Whose address space it is about.</summary>
    public ProcessNumber Process { get; init; }

    /// <summary>The pages that are edited.</summary>
    public PageRange Range { get; init; }

    /// <summary>Map: what the first page says.</summary>
    public PageMapping Mapping { get; init; }

    /// <summary>Protect: the rights.</summary>
    public PageRights Rights { get; init; }

    /// <summary>The access that is made.</summary>
    public Access Access { get; init; }

    /// <inheritdoc/>
    public override string ToString() => KptiText.Of(this);
}

using System.Collections.Immutable;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Contract.Hardening;

/// <summary>
/// The door of page-table isolation: a kernel with a few processes on some CPUs, which keeps two top tables
/// for each address space. Four levels.
/// </summary>
public interface IKpti : IDisposable
{
    /// <summary>What this system can be asked.</summary>
    KptiCapabilities Capabilities { get; }

    /// <summary>Begins anew: no process, every CPU in the kernel's own address space with nothing cached.</summary>
    void Reset(KptiStart start);

    /// <summary>Carries a command out.</summary>
    KptiAnswer Do(in KptiCommand command);

    /// <summary>What CR3 of a CPU holds.</summary>
    Cr3 Cr3Of(CpuNumber cpu);

    /// <summary>The kernel's top table of a process that there is.</summary>
    PhysicalAddress TopOf(ProcessNumber process);

    /// <summary>The 512 entries of the table at an address; false when no table can be there.</summary>
    bool TryShow(PhysicalAddress table, Span<PagingEntry> entries);
}

/// <summary>What a kernel offers. Whoever makes sequences stays within.</summary>
public sealed record KptiCapabilities
{
    /// <summary>How many processes there can be at once.</summary>
    public int Processes { get; init; } = 4;

    /// <summary>How many CPUs there can be.</summary>
    public int Cpus { get; init; } = 2;

    /// <summary>How many address spaces a CPU can keep at once.</summary>
    public int Asids { get; init; } = 6;
}

/// <summary>How a sequence begins.</summary>
/// <param name="Control">The registers of every CPU; CR3 is of no account.</param>
/// <param name="Cpus">How many CPUs there are.</param>
/// <param name="Asids">How many address spaces a CPU keeps at once.</param>
/// <param name="HasInvpcid">Whether there is INVPCID.</param>
/// <param name="KernelRegion">Where pages of the kernel can be: what one entry of a top table translates.</param>
/// <param name="Entry">The entry set: pages of the kernel, elsewhere, that user mode's table has too.</param>
public sealed record KptiStart(
    ControlState Control,
    int Cpus,
    int Asids,
    bool HasInvpcid,
    PageRange KernelRegion,
    ImmutableArray<MappedPage> Entry);

/// <summary>A start, and what is then done.</summary>
public readonly record struct KptiSequence(KptiStart Start, ImmutableArray<KptiCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 512;

    /// <inheritdoc/>
    public override string ToString() => KptiText.Print(this);
}

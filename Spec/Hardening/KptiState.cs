using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Spec.PageTables;

namespace PageProof.Spec.Hardening;

/// <summary>A process: which of all there have ever been, and what is mapped in its half.</summary>
public sealed record KptiProcess(int Serial, ImmutableArray<MappedPage> Pages);

/// <summary>One CPU: whose address space it has taken on, and where it runs.</summary>
/// <param name="Process">Whose; null for the kernel's own.</param>
/// <param name="InUser">Whether it runs in user mode.</param>
/// <param name="Known">The processes, by serial, that it has ever taken on.</param>
/// <param name="Fresh">Those that it has taken on since anything was edited.</param>
/// <param name="ExitIsFree">Whether nothing has happened since the last exit that an exit could owe a flush.</param>
public sealed record KptiCpuState(
    ProcessNumber? Process, bool InUser, ImmutableArray<int> Known, ImmutableArray<int> Fresh, bool ExitIsFree);

/// <summary>The kernel's pages, the processes, and the CPUs.</summary>
public sealed record KptiState(
    KptiStart Start,
    ImmutableArray<MappedPage> Kernel,
    ImmutableArray<KptiProcess?> Processes,
    ImmutableArray<KptiCpuState> Cpus,
    int Serials)
{
    /// <summary>The process that a CPU has taken on; null when it has none.</summary>
    public KptiProcess? On(KptiCpuState cpu) => cpu.Process is { } number ? Processes[number.Value] : null;
}

/// <summary>What a system shows after a command.</summary>
/// <param name="Cr3">What CR3 of each CPU holds.</param>
/// <param name="Tops">The kernel's top table of each process; null where there is none.</param>
/// <param name="Trees">What the tables say, by process: the kernel's and the user's.</param>
public sealed record KptiShown(
    ImmutableArray<Cr3> Cr3,
    ImmutableArray<PhysicalAddress?> Tops,
    ImmutableArray<(ProcessNumber Process, PageTree Kernel, PageTree User)> Trees);

/// <summary>What following an answer comes to: the state after it, or why it is not permitted.</summary>
public readonly record struct KptiStep(KptiState? State, string? Refusal);

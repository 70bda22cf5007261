using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;

namespace PageProof.Contract.Kernel;

/// <summary>
/// A kernel whose CPUs carry out commands at the same time, each in its place of a schedule: whoever calls says at
/// every yield point which of them goes on.
/// </summary>
public interface IScheduledKernel : IDisposable
{
    /// <summary>What it can be asked.</summary>
    KernelCapabilities Capabilities { get; }

    /// <summary>The lines that commands have told since the last <see cref="Begin"/>.</summary>
    ReadOnlySpan<AreaLine> Lines { get; }

    /// <summary>How faults went since the last <see cref="Begin"/>.</summary>
    FaultPathCounts Faults { get; }

    /// <summary>Begins anew.</summary>
    void Begin(KernelStart start);

    /// <summary>Carries a command out while no other is.</summary>
    KernelAnswer Carry(in KernelCommand command);

    /// <summary>Carries a command out on its CPU, on which no other is carried out; on others there may be.</summary>
    KernelAnswer Carry(in KernelCommand command, IWait wait);

    /// <summary>
    /// Takes the interrupts of a CPU that has nothing more to do, until as many CPUs as are told are here.
    /// </summary>
    void Rest(CpuNumber cpu, int cpus, IWait wait);

    /// <summary>What is wrong with all that is kept, while no command is carried out; null when nothing is.</summary>
    string? Audit();
}

using PageProof.Contract.Scheduling;

namespace PageProof.Contract.Tlb;

/// <summary>
/// The door of shootdowns: CPUs that share memory and run programs which map, unmap, switch and access.
/// Whoever opens it runs each program on a thread of its own, lets one of them go on at a time, and is told
/// what happens.
/// </summary>
public interface IShootdownMachine : IInspect, IDisposable
{
    /// <summary>What programs the machine can be asked.</summary>
    ShootdownCapabilities Capabilities { get; }

    /// <summary>
    /// Begins anew. What is mapped at the start is not told; how each CPU comes to run space 0 is the first
    /// that the observer is told. Tables permit everything, and leaves alone restrict.
    /// </summary>
    void Reset(ShootdownStart start, IObserve observer);

    /// <summary>
    /// Runs the program of one CPU, and goes on to take interrupts until the programs of all have
    /// ended. <paramref name="commands"/> are those of this CPU alone.
    /// </summary>
    void Run(CpuNumber cpu, ReadOnlySpan<ShootdownCommand> commands, IWait wait);
}

/// <summary>What a machine offers. Whoever makes programs stays within.</summary>
public sealed record ShootdownCapabilities
{
    /// <summary>How many CPUs there can be.</summary>
    public int Cpus { get; init; } = ShootdownStart.CpusMax;

    /// <summary>How many address spaces.</summary>
    public int Spaces { get; init; } = ShootdownStart.SpacesMax;
}

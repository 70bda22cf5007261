using PageProof.Contract.Scheduling;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The yield points of CPUs of which one runs at a time, each to the end of its command: whoever is waited for
/// takes its interrupts then. When that is not enough, nobody is left who could help.
/// </summary>
internal readonly struct ServedAtOnce(SmpCpu[] cpus) : IWait
{
    public void Point(YieldKind kind)
    {
    }

    public void Until(YieldKind kind, IReadiness condition)
    {
        foreach (var cpu in cpus)
        {
            if (!condition.IsReady)
            {
                Shootdown.Serve(cpu, this);
            }
        }

        if (!condition.IsReady)
        {
            throw new InvalidOperationException($"What is waited for before {kind} never comes.");
        }
    }
}

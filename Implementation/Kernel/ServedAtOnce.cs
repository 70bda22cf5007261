using PageProof.Contract.Scheduling;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The yield points of CPUs of which one runs at a time, each to the end of its command: whoever is waited for
/// takes its interrupts then.
/// </summary>
internal readonly struct ServedAtOnce(SmpCpu[] cpus) : IWait
{
    public void Point(YieldKind kind)
    {
    }

    public void Until(YieldKind kind, IReadiness condition)
    {
        while (!condition.IsReady)
        {
            foreach (var cpu in cpus)
            {
                Shootdown.Serve(cpu, this);
            }
        }
    }
}

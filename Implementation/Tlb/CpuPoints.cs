using PageProof.Contract;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>The yield points of one CPU of a machine.</summary>
internal readonly struct CpuPoints(IWait wait, MachineWatch watch, CpuNumber cpu) : IWait
{
    public void Point(YieldKind kind)
    {
        watch.HasRead(cpu, (ulong)kind);
        wait.Point(kind);
    }

    public void Until(YieldKind kind, IReadiness condition)
    {
        watch.HasRead(cpu, (ulong)kind);
        wait.Until(kind, condition);
    }
}

/// <summary>
/// The yield points of a walk. Others run between its steps, but the CPU takes no interrupt: one is taken
/// between two instructions, so a flush never comes between what a walk has read and what it fills.
/// </summary>
internal readonly struct WalkPoints<TYield>(TYield yield, SmpCpu cpu, LinearAddress address) : IYield, IWalkWatch
    where TYield : struct, IWait
{
    public void Point(YieldKind kind) => yield.Point(kind);

    public void Read(PhysicalAddress at, ulong entry)
    {
        cpu.Watch.HasRead(cpu.Number, entry);
        cpu.Tell(new() { Kind = TlbEventKind.TableRead, Address = address, Physical = at, New = new(entry) });
    }

    public void Marked(PhysicalAddress at, ulong old, ulong entry)
    {
        cpu.Watch.Changed(at, old, entry);
        cpu.Tell(new()
        {
            Kind = TlbEventKind.TableMark,
            Address = address,
            Physical = at,
            Old = new(old),
            New = new(entry),
        });
    }
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>The memory manager with several CPUs at work at once.</summary>
public sealed class ScheduledKernel : IScheduledKernel
{
    private readonly KernelMachine _machine;
    private readonly MachineWatch _watch = new();
    private readonly AllAtRest[] _atRest;
    private readonly LookedAt[] _looks;
    private string? _seen;
    private int _resting;
    private int _cpus;

    /// <summary>A kernel on CPUs whose TLBs have these sizes.</summary>
    public ScheduledKernel(TlbGeometry geometry)
    {
        _machine = new(geometry);
        _looks = [.. Enumerable.Range(0, KernelStart.CpusMax).Select(_ => new LookedAt(this))];
        _atRest = [.. Enumerable.Range(0, KernelStart.CpusMax).Select(cpu => new AllAtRest(this, cpu))];
    }

    public KernelCapabilities Capabilities => _machine.Capabilities;

    public ReadOnlySpan<AreaLine> Lines => _machine.Lines;

    public void Begin(KernelStart start)
    {
        _machine.Begin(start);
        _machine.Core.Faults = default;
        (_seen, _resting, _cpus) = (null, 0, 0);
    }

    public KernelAnswer Carry(in KernelCommand command) =>
        _machine.Answer(_machine.Core.Sequential(command.Cpu.Value), command);

    public KernelAnswer Carry(in KernelCommand command, IWait wait)
    {
        var self = _machine.Core.Cpus[command.Cpu.Value];
        KernelCpu<CpuPoints> cpu = new(_machine.Core, self, PointsOf(self.Number, wait));
        Shootdown.Serve(self, cpu.Yield);
        return _machine.Answer(cpu, command);
    }

    public void Rest(CpuNumber cpu, int cpus, IWait wait)
    {
        var self = _machine.Core.Cpus[cpu.Value];
        var points = PointsOf(cpu, wait);
        _cpus = cpus;
        _resting++;
        while (_resting < cpus || !self.Mailbox.IsEmpty)
        {
            Shootdown.Serve(self, points);
            points.Until(YieldKind.Idle, _atRest[cpu.Value]);
        }
    }

    public FaultPathCounts Faults => _machine.Core.Faults;

    public string? Audit() => _seen ?? _machine.Audit();

    public void Dispose() => _machine.Dispose();

    private CpuPoints PointsOf(CpuNumber cpu, IWait wait)
    {
        _looks[cpu.Value].Wait = wait;
        return new(_looks[cpu.Value], _watch, cpu);
    }

    // To those that read them together, areas are sorted and apart, and their tree is whole.
    private void Look()
    {
        foreach (var space in _machine.Core.Spaces)
        {
            if (_seen is null && space.Lock.IsShared && !(space.Areas.IsSound() && space.AreApart()))
            {
                _seen = FormattableString.Invariant(
                    $"The areas of space {space.Number} are being changed while others read them.");
            }
        }
    }

    /// <summary>Yield points at which areas are looked at.</summary>
    private sealed class LookedAt(ScheduledKernel kernel) : IWait
    {
        public IWait Wait { get; set; } = null!;

        public void Point(YieldKind kind)
        {
            kernel.Look();
            Wait.Point(kind);
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
            kernel.Look();
            Wait.Until(kind, condition);
        }
    }

    /// <summary>Holds when all have nothing more to do, or a CPU is to take an interrupt.</summary>
    private sealed class AllAtRest(ScheduledKernel kernel, int cpu) : IReadiness
    {
        public bool IsReady => kernel._resting == kernel._cpus || !kernel._machine.Core.Cpus[cpu].Mailbox.IsEmpty;
    }
}

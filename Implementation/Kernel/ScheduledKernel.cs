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
    private int _resting;
    private int _cpus;

    /// <summary>A kernel on CPUs whose TLBs have these sizes.</summary>
    public ScheduledKernel(TlbGeometry geometry)
    {
        _machine = new(geometry);
        _atRest = [.. Enumerable.Range(0, KernelStart.CpusMax).Select(cpu => new AllAtRest(this, cpu))];
    }

    public KernelCapabilities Capabilities => _machine.Capabilities;

    public ReadOnlySpan<AreaLine> Lines => _machine.Lines;

    public void Begin(KernelStart start)
    {
        _machine.Begin(start);
        (_resting, _cpus) = (0, 0);
    }

    public KernelAnswer Carry(in KernelCommand command) =>
        _machine.Answer(_machine.Core.Sequential(command.Cpu.Value), command);

    public KernelAnswer Carry(in KernelCommand command, IWait wait)
    {
        var self = _machine.Core.Cpus[command.Cpu.Value];
        KernelCpu<CpuPoints> cpu = new(_machine.Core, self, new(wait, _watch, self.Number));
        Shootdown.Serve(self, cpu.Yield);
        return _machine.Answer(cpu, command);
    }

    public void Rest(CpuNumber cpu, int cpus, IWait wait)
    {
        var self = _machine.Core.Cpus[cpu.Value];
        CpuPoints points = new(wait, _watch, cpu);
        _cpus = cpus;
        _resting++;
        while (_resting < cpus || !self.Mailbox.IsEmpty)
        {
            Shootdown.Serve(self, points);
            points.Until(YieldKind.Idle, _atRest[cpu.Value]);
        }
    }

    public string? Audit() => _machine.Audit();

    public void Dispose() => _machine.Dispose();

    /// <summary>Holds when all have nothing more to do, or a CPU is to take an interrupt.</summary>
    private sealed class AllAtRest(ScheduledKernel kernel, int cpu) : IReadiness
    {
        public bool IsReady => kernel._resting == kernel._cpus || !kernel._machine.Core.Cpus[cpu].Mailbox.IsEmpty;
    }
}

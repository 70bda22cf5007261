using System.Runtime.CompilerServices;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.PageTables;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// One of several CPUs: its core, the address space that it runs, its PCIDs, and the interrupts that are on
/// their way to it.
/// </summary>
internal sealed class SmpCpu
{
    public SmpCpu(CpuNumber number, MachineWatch watch, TlbGeometry geometry)
    {
        (Number, Watch, Core) = (number, watch, new(geometry));
        (Acknowledged, LockFree) = (new(this), new(this));
    }

    /// <summary>Its number.</summary>
    public CpuNumber Number { get; }

    /// <summary>Whom it tells.</summary>
    public MachineWatch Watch { get; }

    /// <summary>Registers and caches.</summary>
    public Cpu Core { get; }

    /// <summary>Interrupts on their way.</summary>
    public IpiMailbox Mailbox { get; } = new();

    /// <summary>Its PCIDs.</summary>
    public PcidSlots Slots { get; } = new();

    /// <summary>What its edit leaves to be flushed.</summary>
    public Gather Gather { get; private set; } = new();

    /// <summary>What waits for the end of its shootdown.</summary>
    public FrameQuarantine Quarantine { get; private set; } = new();

    /// <summary>The pages in which its edit has found D.</summary>
    public LeafList Dirty { get; } = new();

    /// <summary>The leaves that its edit takes elsewhere.</summary>
    public LeafList Moved { get; } = new();

    /// <summary>The space that CR3 leads to.</summary>
    public SharedSpace? Space { get; set; }

    /// <summary>Who has not acknowledged what it has asked for, a bit each.</summary>
    public uint Unacknowledged { get; set; }

    /// <summary>It makes no user accesses, though the tables stay loaded.</summary>
    public bool IsLazy { get; set; }

    /// <summary>Holds when everyone has acknowledged, or an interrupt is to be taken.</summary>
    public ForAcknowledgements Acknowledged { get; }

    /// <summary>Holds when the lock of its space is free, or an interrupt is to be taken.</summary>
    public ForLock LockFree { get; }

    /// <summary>Itself in a mask.</summary>
    public uint Bit => 1u << Number.Value;

    /// <summary>Runs nothing, with nothing on its way.</summary>
    public void Reset()
    {
        Mailbox.Reset();
        Slots.Reset();
        (Gather, Quarantine) = (new(), new());
        (Space, Unacknowledged, IsLazy) = (null, 0, false);
    }

    /// <summary>Tells a step of this CPU, in the space that it runs unless another is named.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tell(in TlbEvent happened, SharedSpace? space = null)
    {
        if (Watch.Observer is not null)
        {
            Watch.Tell(happened with { Cpu = Number, Space = (space ?? Space)?.Number ?? default });
        }
    }

    /// <summary>Waits for acknowledgements.</summary>
    public sealed class ForAcknowledgements(SmpCpu cpu) : IReadiness
    {
        public bool IsReady => cpu.Unacknowledged == 0 || !cpu.Mailbox.IsEmpty;
    }

    /// <summary>Waits for a lock.</summary>
    public sealed class ForLock(SmpCpu cpu) : IReadiness
    {
        public bool IsReady => cpu.Space!.Holder < 0 || !cpu.Mailbox.IsEmpty;
    }
}

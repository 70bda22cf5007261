using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Follows which CPU runs what: the generations of each space and CPU, and the PCIDs of each CPU, as steps
/// of their transition systems.
/// </summary>
internal sealed class SwitchWatch
{
    private const int Pcids = 8;

    private readonly GenerationState[,] _generations =
        new GenerationState[ShootdownStart.CpusMax, ShootdownStart.SpacesMax];
    private readonly bool[,] _flushedPages = new bool[ShootdownStart.CpusMax, ShootdownStart.SpacesMax];
    private readonly PcidSlotState[,] _slots = new PcidSlotState[ShootdownStart.CpusMax, Pcids];
    private readonly byte[,] _holders = new byte[ShootdownStart.CpusMax, Pcids];
    private readonly CpuMask[] _loaded = new CpuMask[ShootdownStart.SpacesMax];
    private readonly CpuMask[] _active = new CpuMask[ShootdownStart.SpacesMax];
    private readonly ulong[] _pcid = new ulong[ShootdownStart.CpusMax];

    public void Begin()
    {
        Array.Clear(_generations);
        Array.Clear(_flushedPages);
        Array.Clear(_slots);
        Array.Clear(_holders);
        _loaded.AsSpan().Clear();
        _active.AsSpan().Clear();
    }

    /// <summary>Which CPUs have a space loaded, and which of them make user accesses.</summary>
    public (CpuMask Loaded, CpuMask Active) Running(SpaceNumber space) =>
        (_loaded[space.Value], _active[space.Value]);

    /// <summary>Whether a PCID of a CPU may have entries of a space.</summary>
    public bool MayHold(CpuNumber cpu, ulong pcid, SpaceNumber space) =>
        pcid < Pcids && (_holders[cpu.Value, pcid] >> space.Value & 1) != 0;

    /// <summary>Whose entries a PCID of a CPU has; null when that may be several.</summary>
    public SpaceNumber? OwnerOf(CpuNumber cpu, Pcid pcid)
    {
        byte holders = pcid.Value < Pcids ? _holders[cpu.Value, pcid.Value] : (byte)0;
        return System.Numerics.BitOperations.IsPow2(holders)
            ? new((byte)System.Numerics.BitOperations.TrailingZeroCount(holders))
            : null;
    }

    /// <summary>Why the event must not happen, or null. A flush is followed by <see cref="Flushed"/>.</summary>
    public string? Refusal(in TlbEvent happened, int cpus, ShootdownCoverage coverage)
    {
        byte space = happened.Space.Value;
        CpuMask cpu = CpuMask.Of(happened.Cpu);
        switch (happened.Kind)
        {
            case TlbEventKind.Load:
                _loaded[space] |= cpu;
                _pcid[happened.Cpu.Value] = happened.Number;
                return Step(happened.Cpu, happened.Number, PcidSlotEvent.Load, happened.Space);
            case TlbEventKind.Unload:
                _loaded[space] -= cpu;
                _active[space] -= cpu;
                return Step(happened.Cpu, _pcid[happened.Cpu.Value], PcidSlotEvent.Unload, happened.Space);
            case TlbEventKind.Fill:
                return Step(happened.Cpu, _pcid[happened.Cpu.Value], PcidSlotEvent.Fill, happened.Space);
            case TlbEventKind.AssignPcid:
                return Assign(happened, coverage);
            case TlbEventKind.Advance:
                return ForAll(cpus, happened.Space, GenerationEvent.Advance);
            case TlbEventKind.Skip:
                return Step(happened.Target, happened.Space, GenerationEvent.Skip);
            case TlbEventKind.Announce:
                return Step(happened.Cpu, happened.Space, GenerationEvent.Announce);
            case TlbEventKind.Check:
                return Step(happened.Cpu, happened.Space, GenerationEvent.Check);
            case TlbEventKind.Record:
                return Record(happened);
            case TlbEventKind.Withdraw:
                return Step(happened.Cpu, happened.Space, GenerationEvent.Withdraw);
            case TlbEventKind.Enter:
                _active[space] |= cpu;
                return Step(happened.Cpu, happened.Space, GenerationEvent.Enter);
            case TlbEventKind.Leave:
                _active[space] -= cpu;
                return Step(happened.Cpu, happened.Space, GenerationEvent.Leave);
            default:
                return null;
        }
    }

    /// <summary>A store takes something away from a space.</summary>
    public void Stored(SpaceNumber space, int cpus) => ForAll(cpus, space, GenerationEvent.Store);

    /// <summary>A page, or everything under a PCID, was flushed.</summary>
    public void Flushed(in TlbEvent happened)
    {
        if (happened.Kind == TlbEventKind.FlushPage)
        {
            _flushedPages[happened.Cpu.Value, happened.Space.Value] = true;
            return;
        }

        Step(happened.Cpu, happened.Space, GenerationEvent.Flush);
        Step(happened.Cpu, happened.Number, PcidSlotEvent.Flush, happened.Space);
        if (happened.Number < Pcids)
        {
            _holders[happened.Cpu.Value, happened.Number] =
                (byte)(1 << (int)_slots[happened.Cpu.Value, happened.Number].Owner.Value - 1);
        }
    }

    private string? Assign(in TlbEvent happened, ShootdownCoverage coverage)
    {
        if (happened.Number >= Pcids)
        {
            return "There is no such PCID.";
        }

        ref var slot = ref _slots[happened.Cpu.Value, happened.Number];
        coverage.Count(ShootdownClass.Recycled, slot.HoldsOwn && slot.Owner.Value != happened.Space.Value + 1UL);
        _holders[happened.Cpu.Value, happened.Number] |= (byte)(1 << happened.Space.Value);
        return Step(happened.Cpu, happened.Number, PcidSlotEvent.Assign, happened.Space);
    }

    // Single pages were flushed for one shootdown: the next one of which the CPU did not know.
    private string? Record(in TlbEvent happened)
    {
        ref bool pages = ref _flushedPages[happened.Cpu.Value, happened.Space.Value];
        ref readonly var state = ref _generations[happened.Cpu.Value, happened.Space.Value];
        if (pages && state.FlushedTo.Value + 1 == happened.Number)
        {
            Step(happened.Cpu, happened.Space, GenerationEvent.FlushNext);
        }

        pages = false;
        return Step(happened.Cpu, happened.Space, GenerationEvent.Record, happened.Number);
    }

    private string? ForAll(int cpus, SpaceNumber space, GenerationEvent happened)
    {
        string? refusal = null;
        for (byte cpu = 0; cpu < cpus; cpu++)
        {
            refusal ??= Step(new(cpu), space, happened);
        }

        return refusal;
    }

    private string? Step(CpuNumber cpu, SpaceNumber space, GenerationEvent happened, ulong read = 0)
    {
        ref var state = ref _generations[cpu.Value, space.Value];
        var step = GenerationSpec.Step(state, happened, new(read));
        if (!step.Permitted)
        {
            return $"{cpu} and the generations of {space} do not permit: {happened}. It has flushed for "
                + $"{state.FlushedTo.Value} of {state.OfSpace.Value} shootdowns, and takes it for {state.OfCpu.Value}; "
                + $"it {(state.Announced ? "is" : "is not")} announced, and has seen {state.Seen.Value}.";
        }

        state = step.State;
        return GenerationSpec.Invariant(state) ? null : $"The generations of {space} and {cpu} are wrong.";
    }

    private string? Step(CpuNumber cpu, ulong pcid, PcidSlotEvent happened, SpaceNumber space)
    {
        if (pcid >= Pcids)
        {
            return "There is no such PCID.";
        }

        ref var slot = ref _slots[cpu.Value, pcid];
        var step = PcidSlotSpec.Step(slot, happened, new(space.Value + 1UL));
        if (!step.Permitted)
        {
            return $"PCID {pcid} of {cpu} does not permit: {happened}"
                + (slot.HoldsOther ? "; it may have entries of an earlier owner." : ".");
        }

        slot = step.State;
        return PcidSlotSpec.Invariant(slot) ? null : $"PCID {pcid} of {cpu} has entries of two owners.";
    }
}

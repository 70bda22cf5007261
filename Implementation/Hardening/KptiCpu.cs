using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Hardening;

/// <summary>An address space: its pair of top tables, a number of its own, and how often it was flushed.</summary>
internal sealed class AddressSpace(ulong context, ulong kernelTop)
{
    public ulong Context => context;

    public ulong KernelTop => kernelTop;

    public ulong Generation { get; set; }
}

/// <summary>
/// The kernel's side of one CPU under page-table isolation. Entry and exit write CR3 once each, and keep what
/// is cached under both PCIDs; a flush that the user's PCID owes is done by the exit's write. An address space
/// that this CPU has not taken on is flushed when it is next.
/// </summary>
internal sealed class KptiCpu(bool hasInvpcid, bool hasPcids, int asids, ulong idleTop)
{
    // More single addresses than this cost more than to fill all again.
    private const ulong AddressesMost = 33;
    private const int NoAsid = -1;

    private readonly Cpu _cpu = new(new());
    private readonly AsidTable _asids = new(asids);
    private int _asid = NoAsid;

    /// <summary>What CR3 holds.</summary>
    public ulong Cr3 { get; private set; }

    /// <summary>Whose address space it has taken on; null for the kernel's own.</summary>
    public AddressSpace? Space { get; private set; }

    public bool IsInUser { get; private set; }

    public KptiCost Cost { get; set; }

    /// <summary>Begins in the kernel's own address space.</summary>
    public void Reset(in ControlState control)
    {
        Cr3 = idleTop;
        _cpu.Reset(control with { Cr3 = new(idleTop) });
    }

    /// <summary>Takes an address space on.</summary>
    public void Schedule(AddressSpace space)
    {
        _asid = _asids.Choose(space.Context, space.Generation, out bool isCurrent);
        Space = space;
        Load(space.KernelTop, KptiEncoding.KernelPcid((ulong)_asid), isCurrent);
    }

    /// <summary>Takes the kernel's own address space on, of which nothing is kept.</summary>
    public void Idle()
    {
        (_asid, Space) = (NoAsid, null);
        Load(idleTop, 0, keeps: false);
    }

    /// <summary>From user mode into the kernel.</summary>
    public void Enter()
    {
        IsInUser = false;
        Write(KptiEncoding.Entered(Cr3) | KptiEncoding.KeepBit);
    }

    /// <summary>From the kernel into user mode, and what its PCID owes is flushed.</summary>
    public void Exit()
    {
        IsInUser = true;
        bool keeps = !_asids.TakeUserFlush(_asid);
        Load(KptiEncoding.UserTop(Space!.KernelTop), KptiEncoding.UserPcid((ulong)_asid), keeps);
    }

    /// <summary>Flushes what a gather asks for of an address space, as an interrupt does.</summary>
    public void FlushUser(AddressSpace space, Gather gather)
    {
        if (Space != space)
        {
            return;
        }

        bool wasInUser = Interrupt();
        if (gather.Steps > AddressesMost)
        {
            _asids.OweUserFlush(_asid);
            Load(space.KernelTop, KptiEncoding.KernelPcid((ulong)_asid), keeps: false);
        }
        else
        {
            for (ulong step = 0; step < gather.Steps; step++)
            {
                FlushAddress(gather.First.Value + (step << (int)gather.Stride));
            }
        }

        _asids.CatchUp(_asid, space.Generation);
        Return(wasInUser);
    }

    /// <summary>
    /// Flushes pages of the kernel, which are cached under the PCID of every address space: here under the
    /// current one, under the others when they are next.
    /// </summary>
    public void FlushKernel(Gather gather)
    {
        bool wasInUser = Interrupt();
        if (gather.Steps > AddressesMost)
        {
            Write(Cr3);
        }
        else
        {
            for (ulong step = 0; step < gather.Steps; step++)
            {
                _cpu.InvalidatePage(gather.First.Value + (step << (int)gather.Stride));
                Cost = Cost with { AddressFlushes = Cost.AddressFlushes + 1 };
            }
        }

        _asids.ForgetOthers(_asid);
        Return(wasInUser);
    }

    /// <summary>An access; one that faults for what is not in the tables any more is made again.</summary>
    public TranslationOutcome Access(FlatMemory memory, in Access access)
    {
        var first = _cpu.Access(memory, access, out _);

        // Survivor: what succeeded succeeds again, and A and D are set already.
        return first.Kind == OutcomeKind.PageFault ? _cpu.Access(memory, access, out _) : first;
    }

    private bool Interrupt()
    {
        bool wasInUser = IsInUser;
        if (wasInUser)
        {
            Enter();
        }

        return wasInUser;
    }

    private void Return(bool wasInUser)
    {
        if (wasInUser)
        {
            Exit();
        }
    }

    // Under the kernel's PCID, which is current, and under the user's.
    private void FlushAddress(ulong address)
    {
        _cpu.InvalidatePage(address);
        Cost = Cost with { AddressFlushes = Cost.AddressFlushes + 1 };
        if (!hasInvpcid || !hasPcids)
        {
            _asids.OweUserFlush(_asid);
            return;
        }

        InvpcidDescriptor descriptor = new(KptiEncoding.UserPcid((ulong)_asid), new(address));
        _cpu.InvalidatePcid(InvpcidType.IndividualAddress, descriptor);
        Cost = Cost with { AddressFlushes = Cost.AddressFlushes + 1 };
    }

    private void Load(ulong top, ulong pcid, bool keeps) => Write(KptiEncoding.Operand(top, pcid, keeps));

    private void Write(ulong operand)
    {
        // Without PCIDs the low bits mean something else, and bit 63 is reserved.
        operand = hasPcids ? operand : operand & EntryBits.Frame;
        _cpu.MoveCr3(new(operand));
        Cr3 = operand & ~KptiEncoding.KeepBit;
        bool flushes = (operand & KptiEncoding.KeepBit) == 0;
        Cost = Cost with { Cr3Writes = Cost.Cr3Writes + 1, PcidFlushes = Cost.PcidFlushes + (flushes ? 1 : 0) };
    }
}

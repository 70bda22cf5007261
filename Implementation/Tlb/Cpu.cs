using System.Runtime.CompilerServices;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A CPU in long mode: registers, TLBs and paging-structure caches, and here whatever flushes them. No
/// access allocates. One that the front array serves is not judged again; a hit in the TLBs is one
/// comparison of bits; a miss walks on from the deepest upper entry that is kept. A write through an entry
/// without D walks again, since D is set by walks alone.
/// </summary>
public sealed partial class Cpu
{
    private const ulong KeepBit = 1UL << 63;
    private const ulong PcidBits = 0xFFF;

    private readonly TwoLevelTlb _tlb;
    private readonly FrontArray _front;
    private readonly PagingStructureCache _upper;
    private ControlState _control = ControlState.LongMode;
    private WalkTables _tables = new(ControlState.LongMode);
    private int _levels = 4;
    private int _untranslated = AboveLevels(4);
    private ulong _pcid;

    /// <summary>A CPU with caches of these sizes, and nothing in them.</summary>
    public Cpu(TlbGeometry geometry)
    {
        (_tlb, _upper) = (new(geometry), new(geometry));
        _front = _tlb.Front;
        Enter(PrivilegeLevel.Ring0, alignmentCheck: false);
    }

    /// <summary>The registers.</summary>
    internal ControlState Control => _control;

    /// <summary>The TLBs.</summary>
    internal TwoLevelTlb Translations => _tlb;

    /// <summary>The paging-structure caches.</summary>
    internal PagingStructureCache UpperEntries => _upper;

    /// <summary>Takes these registers on, with nothing cached or counted, and goes to CPL 0.</summary>
    public void Reset(in ControlState control)
    {
        FlushAll();
        (_cpl, _alignmentCheck) = (PrivilegeLevel.Ring0, false);
        Load(control);
        (_loads, _stores, _fetches, _misses) = (0, 0, 0, default);
    }

    /// <summary>INVLPG.</summary>
    public void InvalidatePage(ulong address)
    {
        if (IsCanonical(address))
        {
            _tlb.RemovePage(address, _pcid, global: true);
            _upper.RemovePcid(_pcid);
        }
    }

    /// <summary>INVPCID; false when it ends in #GP(0).</summary>
    public bool InvalidatePcid(InvpcidType type, InvpcidDescriptor descriptor)
    {
        bool ofPcid = type <= InvpcidType.SingleContext;
        if (type > InvpcidType.AllExceptGlobal || descriptor.Low > PcidBits
            || (ofPcid && descriptor.Low != 0 && !Has(Cr4.ProcessContextIdentifiers))
            || (type == InvpcidType.IndividualAddress && !IsCanonical(descriptor.Address.Value)))
        {
            return false;
        }

        ulong pcid = TlbTag.OfPcid((ushort)descriptor.Low);
        switch (type)
        {
            case InvpcidType.IndividualAddress:
                _tlb.RemovePage(descriptor.Address.Value, pcid, global: false);
                _upper.Remove(descriptor.Address.Value, pcid);
                break;
            case InvpcidType.SingleContext:
                FlushPcid(pcid);
                break;
            case InvpcidType.AllIncludingGlobal:
                FlushAll();
                break;
            default:
                _tlb.RemoveWhere(TlbTag.Global, 0);
                _upper.Clear();
                break;
        }

        return true;
    }

    /// <summary>MOV to CR0; false when it ends in #GP(0).</summary>
    public bool MoveCr0(Cr0 operand)
    {
        if (Has(Cr4.ControlFlowEnforcement) && (operand & Cr0.WriteProtect) == 0)
        {
            return false;
        }

        Load(_control with { Cr0 = operand });
        return true;
    }

    /// <summary>MOV to CR3; false when it ends in #GP(0).</summary>
    public bool MoveCr3(Cr3 operand)
    {
        bool keeps = Has(Cr4.ProcessContextIdentifiers) && (operand.Value & KeepBit) != 0;
        ulong value = keeps ? operand.Value & ~KeepBit : operand.Value;
        if (value >> _control.MaxPhyAddr.Bits != 0)
        {
            return false;
        }

        _control = _control with { Cr3 = new(value) };
        _tables.TopTable = value & EntryBits.Frame;
        _pcid = PcidOf(_control);
        _tlb.Front.Clear();
        if (!keeps)
        {
            FlushPcid(_pcid);
        }

        return true;
    }

    /// <summary>MOV to CR4; false when it ends in #GP(0).</summary>
    public bool MoveCr4(Cr4 operand)
    {
        Cr4 set = operand & ~_control.Cr4, cleared = _control.Cr4 & ~operand;
        if (((set | cleared) & (Cr4.PhysicalAddressExtension | Cr4.FiveLevelPaging)) != 0
            || ((set & Cr4.ProcessContextIdentifiers) != 0 && (_control.Cr3.Value & PcidBits) != 0)
            || ((operand & Cr4.ControlFlowEnforcement) != 0 && (_control.Cr0 & Cr0.WriteProtect) == 0))
        {
            return false;
        }

        if (((set | cleared) & Cr4.PageGlobalEnable) != 0 || (cleared & Cr4.ProcessContextIdentifiers) != 0)
        {
            FlushAll();
        }
        else if ((set & Cr4.SupervisorExecutionPrevention) != 0)
        {
            // Global entries do not remember whose they were, so all of them go.
            FlushPcid(_pcid);
            _tlb.RemoveWhere(TlbTag.Global, TlbTag.Global);
        }

        Load(_control with { Cr4 = operand });
        return true;
    }

    /// <summary>WRPKRU; false when it ends in #UD.</summary>
    public bool WritePkru(Pkru value)
    {
        if (!Has(Cr4.ProtectionKeys))
        {
            return false;
        }

        Load(_control with { Pkru = value });
        return true;
    }

    private void FlushPcid(ulong pcid)
    {
        _tlb.RemoveWhere(TlbTag.Pcid | TlbTag.Global, pcid);
        _upper.RemovePcid(pcid);
    }

    private void FlushAll()
    {
        _tlb.Clear();
        _upper.Clear();
    }

    // What the front has was judged by the registers as they were.
    private void Load(in ControlState control)
    {
        _tlb.Front.Clear();
        _control = control;
        _tables = new(control);
        Enter(_cpl, _alignmentCheck);
        _levels = Has(Cr4.FiveLevelPaging) ? 5 : 4;
        _untranslated = AboveLevels(_levels);
        _pcid = PcidOf(control);
    }

    private static int AboveLevels(int levels) => 64 - 12 - 9 * levels;

    private ulong PcidOf(in ControlState control) =>
        Has(Cr4.ProcessContextIdentifiers) ? TlbTag.OfPcid((ushort)(control.Cr3.Value & PcidBits)) : 0;

    private bool Has(Cr4 bit) => (_control.Cr4 & bit) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsCanonical(ulong address)
    {
        int untranslated = _untranslated;
        return (ulong)((long)(address << untranslated) >> untranslated) == address;
    }
}

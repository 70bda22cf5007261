using System.Runtime.CompilerServices;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A CPU in long mode: registers, TLBs and paging-structure caches. An access is one lookup and one
/// comparison of bits on a hit, without allocation; a miss walks on from the deepest upper entry that is
/// kept. A write through an entry without D walks again, since D is set by walks alone.
/// </summary>
public sealed class Cpu(TlbGeometry geometry)
{
    private const ulong KeepBit = 1UL << 63;
    private const ulong PcidBits = 0xFFF;

    private readonly TwoLevelTlb _tlb = new(geometry);
    private readonly PagingStructureCache _upper = new(geometry);
    private ControlState _control = ControlState.LongMode;
    private WalkTables _tables = new(ControlState.LongMode);
    private int _levels = 4;
    private ulong _pcid;

    /// <summary>The registers.</summary>
    internal ControlState Control => _control;

    /// <summary>The TLBs.</summary>
    internal TwoLevelTlb Translations => _tlb;

    /// <summary>The paging-structure caches.</summary>
    internal PagingStructureCache UpperEntries => _upper;

    /// <summary>Takes these registers on, with nothing cached.</summary>
    public void Reset(in ControlState control)
    {
        _tlb.Clear();
        _upper.Clear();
        Load(control);
    }

    /// <summary>Translates, sets A and D where a walk completes, and tells where the answer was found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TranslationOutcome Access(FlatMemory memory, in Access access, out TlbSource source) =>
        Access(memory, access, default(NoYield), out source);

    /// <summary>
    /// The same, with others let in before a walk reads an entry, before it marks one, and before the
    /// translation enters the TLBs. An entry that changed before it was marked is read again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TranslationOutcome Access<TYield>(
        FlatMemory memory, in Access access, TYield yield, out TlbSource source)
        where TYield : struct, IYield
    {
        ulong address = access.Address.Value;
        ref readonly var row = ref _tables.Rows[AccessRows.IndexOf(access)];
        if (!IsCanonical(address))
        {
            source = TlbSource.Untold;
            return access.StackSegment ? TranslationOutcome.StackFault() : TranslationOutcome.GeneralProtection();
        }

        bool fetch = access.Kind == AccessKind.Fetch;
        ulong entry = _tlb.Find(address, _pcid, fetch, out int level, out source);
        return entry != 0 && _tables.Denied(row, entry) == 0 && (row.DirtyBit & ~entry) == 0
            ? _tables.Translated(entry, level, address, (entry & _tables.GlobalMask) != 0)
            : Miss(memory, row, address, fetch, entry, yield, ref source);
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

    // No entry, or one that does not permit the access, or one without D for a write.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private TranslationOutcome Miss<TYield>(
        FlatMemory memory,
        in AccessRow row,
        ulong address,
        bool fetch,
        ulong entry,
        TYield yield,
        ref TlbSource source)
        where TYield : struct, IYield
    {
        if (entry != 0)
        {
            if (_tables.Denied(row, entry) != 0)
            {
                return Fault(row.Code | _tables.Cause(row, entry), address);
            }

            source = TlbSource.Walk;
            _tlb.RemovePage(address, _pcid, global: true);
        }

        return Walk(memory, row, address, fetch, yield);
    }

    private TranslationOutcome Walk<TYield>(
        FlatMemory memory, in AccessRow row, ulong address, bool fetch, TYield yield)
        where TYield : struct, IYield
    {
        ulong table = _tables.TopTable, and = ulong.MaxValue, or = 0;
        ulong kept = _upper.Find(address, _pcid, _levels, out int above);
        if (kept != 0)
        {
            (table, and, or) = (kept & EntryBits.Frame, kept, kept);
        }

        for (int level = above - 1; ;)
        {
            PhysicalAddress at = new(table | address >> 9 * level & 0xFF8);
            if (!memory.Contains(at))
            {
                return TranslationOutcome.OutsideMemory(at);
            }

            yield.Point(YieldKind.TableRead);
            ulong word = memory.Read(at).Value;
            bool leaf = level == 1 || (level <= 3 && word.IsLargePage);
            if ((word & MaskOf(level, leaf)) != EntryBits.Present)
            {
                var cause = word.IsPresent ? PageFaultCode.Present | PageFaultCode.Reserved : PageFaultCode.None;
                return Fault(row.Code | cause, address);
            }

            ulong entry = CachedEntry.Of(word, and, or);
            if (leaf && _tables.Denied(row, entry) != 0)
            {
                return Fault(row.Code | _tables.Cause(row, entry), address);
            }

            ulong marks = EntryBits.Accessed | (leaf ? row.DirtyBit : 0);
            if (!IsMarked(memory, at, word, marks, yield))
            {
                continue;
            }

            if (leaf)
            {
                return Fill(address, level, fetch, entry | marks, yield);
            }

            (table, and, or) = (word & EntryBits.Frame, and & word, or | word);
            _upper.Insert(address, _pcid, level, table, and, or);
            level--;
        }
    }

    // False when the entry is no longer what was read: to mark it now would be to write an old copy back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMarked<TYield>(
        FlatMemory memory, PhysicalAddress at, ulong word, ulong marks, TYield yield)
        where TYield : struct, IYield
    {
        // Survivor: to mark without need takes time, and changes nothing.
        if ((marks & ~word) == 0)
        {
            return true;
        }

        yield.Point(YieldKind.TableMark);
        return memory.CompareExchange(at, new(word | marks), new(word)).Value == word;
    }

    private TranslationOutcome Fill<TYield>(ulong address, int level, bool fetch, ulong entry, TYield yield)
        where TYield : struct, IYield
    {
        bool global = (entry & _tables.GlobalMask) != 0;
        yield.Point(YieldKind.TlbFill);
        _tlb.Insert(address, _pcid, level, fetch, global, entry);
        return _tables.Translated(entry, level, address, global);
    }

    // What led to the fault may be old, so none of it is kept.
    private TranslationOutcome Fault(PageFaultCode code, ulong address)
    {
        _tlb.RemovePage(address, _pcid, global: true);
        _upper.Remove(address, _pcid);
        return TranslationOutcome.PageFault(code, new(address));
    }

    private ulong MaskOf(int level, bool leaf) => level switch
    {
        1 => _tables.SmallPageMask,
        2 => leaf ? _tables.LargePageMask : _tables.DirectoryMask,
        3 => leaf ? _tables.GigabytePageMask : _tables.PointerMask,
        _ => _tables.UpperMask,
    };

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

    private void Load(in ControlState control)
    {
        _control = control;
        _tables = new(control);
        _levels = Has(Cr4.FiveLevelPaging) ? 5 : 4;
        _pcid = PcidOf(control);
    }

    private ulong PcidOf(in ControlState control) =>
        Has(Cr4.ProcessContextIdentifiers) ? TlbTag.OfPcid((ushort)(control.Cr3.Value & PcidBits)) : 0;

    private bool Has(Cr4 bit) => (_control.Cr4 & bit) != 0;

    private bool IsCanonical(ulong address)
    {
        int untranslated = 64 - 12 - 9 * _levels;
        return (ulong)((long)(address << untranslated) >> untranslated) == address;
    }
}

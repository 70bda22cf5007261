using System.Runtime.CompilerServices;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

public sealed partial class Cpu
{
    // No address: memory ends below it.
    private const ulong Nowhere = ulong.MaxValue;

    // None where there is no front.
    private FrontSlot[]? _loadSlots;
    private FrontSlot[]? _storeSlots;
    private FrontSlot[]? _fetchSlots;
    private PlainRights _loadRights;
    private PlainRights _storeRights;
    private PlainRights _fetchRights;
    private int _mode;
    private PrivilegeLevel _cpl;
    private bool _alignmentCheck;
    private TranslationOutcome _refusal;
    private ulong _loads;
    private ulong _stores;
    private ulong _fetches;
    private TlbStatistics _misses;

    /// <summary>How the last load, store or fetch ended that was refused.</summary>
    public TranslationOutcome Refusal => _refusal;

    /// <summary>What was counted since the last reset.</summary>
    public TlbStatistics Statistics => _misses with { Loads = _loads, Stores = _stores, Fetches = _fetches };

    /// <summary>The mode in which loads, stores and fetches are made from now on.</summary>
    public void Enter(PrivilegeLevel cpl, bool alignmentCheck)
    {
        (_cpl, _alignmentCheck) = (cpl, alignmentCheck);
        _mode = AccessRows.IndexOf(new(default, AccessKind.Read, cpl, alignmentCheck));
        (_loadSlots, _loadRights) = PlainOf(AccessKind.Read);
        (_storeSlots, _storeRights) = PlainOf(AccessKind.Write);
        (_fetchSlots, _fetchRights) = PlainOf(AccessKind.Fetch);
    }

    /// <summary>Loads the aligned quadword at an address; false when it is refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Load(FlatMemory memory, ulong address, out ulong data)
    {
        _loads++;
        return Read(memory, _loadSlots, _loadRights, address, AccessKind.Read, out data);
    }

    /// <summary>Fetches the aligned quadword at an address; false when it is refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fetch(FlatMemory memory, ulong address, out ulong code)
    {
        _fetches++;
        return Read(memory, _fetchSlots, _fetchRights, address, AccessKind.Fetch, out code);
    }

    /// <summary>Stores to the aligned quadword at an address; false when it is refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Store(FlatMemory memory, ulong address, ulong data)
    {
        _stores++;
        ulong physical = PhysicalOf(memory, _storeSlots, _storeRights, address, AccessKind.Write);
        if (memory.Contains(new(physical)))
        {
            memory.Write(new(physical), new(data));
            return true;
        }

        return RefuseBeyond(physical);
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
        CountOf(access.Kind)++;
        int row = AccessRows.IndexOf(access);
        ulong address = access.Address.Value;
        ref readonly var slot = ref FrontArray.SlotOf(_tlb.Front[row], address);
        if (slot.Tag == _tlb.Front.TagOf(address))
        {
            source = TlbSource.Front;
            return Translated(slot.Entry, slot.Level, address);
        }

        return Translate(memory, access, row, yield, out source);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Read(
        FlatMemory memory,
        FrontSlot[]? slots,
        in PlainRights rights,
        ulong address,
        AccessKind kind,
        out ulong data)
    {
        ulong physical = PhysicalOf(memory, slots, rights, address, kind);
        if (memory.Contains(new(physical)))
        {
            data = memory.Read(new(physical)).Value;
            return true;
        }

        data = 0;
        return RefuseBeyond(physical);
    }

    // Without a front, a small page that the first level has is judged here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong PhysicalOf(
        FlatMemory memory, FrontSlot[]? slots, in PlainRights rights, ulong address, AccessKind kind)
    {
        if (slots is null)
        {
            ulong entry = _tlb.FindSmallAmongFour(address, _pcid, kind == AccessKind.Fetch);
            if (rights.Denied(entry) == 0 && IsCanonical(address))
            {
                return CachedEntry.PhysicalOf(entry, 1, address);
            }
        }
        else
        {
            ref readonly var slot = ref FrontArray.SlotOf(slots, address);
            if (slot.Tag == _front.TagOf(address))
            {
                return address + slot.Offset;
            }
        }

        return PhysicalBeyond(memory, rights, address, kind);
    }

    // Whatever the TLBs have that permits the access is used as it is; all else is told as an outcome.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong PhysicalBeyond(FlatMemory memory, in PlainRights rights, ulong address, AccessKind kind)
    {
        int row = _mode | (int)kind;
        TranslationOutcome outcome;
        if (IsCanonical(address))
        {
            ulong entry = _tlb.Find(address, _pcid, kind == AccessKind.Fetch, out int level, out var source);
            if (rights.Denied(entry) == 0)
            {
                _misses.SecondLevelHits += source == TlbSource.SecondLevel ? 1u : 0;
                ulong physical = CachedEntry.PhysicalOf(entry, level, address);
                _front.Insert(row, address, physical, entry, level);
                return physical;
            }

            outcome = Settle(memory, row, address, entry, level, default(NoYield), ref source);
        }
        else
        {
            outcome = TranslationOutcome.GeneralProtection();
        }

        if (outcome.Kind == OutcomeKind.Translated)
        {
            return outcome.Address.Value;
        }

        _refusal = outcome;
        return Nowhere;
    }

    // A page may lie where there is no memory; the refusal of a translation has been told already.
    private bool RefuseBeyond(ulong physical)
    {
        if (physical != Nowhere)
        {
            _refusal = TranslationOutcome.OutsideMemory(new(physical));
        }

        return false;
    }

    private TranslationOutcome Translate<TYield>(
        FlatMemory memory, in Access access, int row, TYield yield, out TlbSource source)
        where TYield : struct, IYield
    {
        ulong address = access.Address.Value;
        if (!IsCanonical(address))
        {
            source = TlbSource.Untold;
            return access.StackSegment ? TranslationOutcome.StackFault() : TranslationOutcome.GeneralProtection();
        }

        ulong entry = _tlb.Find(address, _pcid, access.Kind == AccessKind.Fetch, out int level, out source);
        return Settle(memory, row, address, entry, level, yield, ref source);
    }

    private TranslationOutcome Settle<TYield>(
        FlatMemory memory, int row, ulong address, ulong entry, int level, TYield yield, ref TlbSource source)
        where TYield : struct, IYield
    {
        ref readonly var rights = ref _tables.Rows[row];
        if (entry == 0)
        {
            CountMiss(AccessRows.KindOf(row));
            return Walk(memory, row, address, yield);
        }

        _misses.SecondLevelHits += source == TlbSource.SecondLevel ? 1u : 0;
        if (_tables.Denied(rights, entry) != 0)
        {
            return Fault(rights.Code | _tables.Cause(rights, entry), address);
        }

        if ((rights.DirtyBit & ~entry) == 0)
        {
            _tlb.Front.Insert(row, address, CachedEntry.PhysicalOf(entry, level, address), entry, level);
            return Translated(entry, level, address);
        }

        // Only a walk sets D.
        source = TlbSource.Walk;
        _tlb.RemovePage(address, _pcid, global: true);
        return Walk(memory, row, address, yield);
    }

    private TranslationOutcome Translated(ulong entry, int level, ulong address) =>
        _tables.Translated(entry, level, address, (entry & _tables.GlobalMask) != 0);

    private (FrontSlot[]? Slots, PlainRights Rights) PlainOf(AccessKind kind)
    {
        int row = _mode | (int)kind;
        return (_front.IsOn ? _front[row] : null, new(_tables.Rows[row], _tables.Pkru));
    }

    private ref ulong CountOf(AccessKind kind)
    {
        if (kind == AccessKind.Fetch)
        {
            return ref _fetches;
        }

        return ref kind is AccessKind.Write or AccessKind.ShadowStackWrite ? ref _stores : ref _loads;
    }
}

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

    // One empty slot each, until a mode is entered.
    private FrontSlot[] _loadSlots = new FrontSlot[1];
    private FrontSlot[] _storeSlots = new FrontSlot[1];
    private FrontSlot[] _fetchSlots = new FrontSlot[1];
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
        _loadSlots = _tlb.Front[_mode | (int)AccessKind.Read];
        _storeSlots = _tlb.Front[_mode | (int)AccessKind.Write];
        _fetchSlots = _tlb.Front[_mode | (int)AccessKind.Fetch];
        _loadRights = new(_tables.Rows[_mode | (int)AccessKind.Read]);
        _storeRights = new(_tables.Rows[_mode | (int)AccessKind.Write]);
        _fetchRights = new(_tables.Rows[_mode | (int)AccessKind.Fetch]);
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
        FrontSlot[] slots,
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

    // A small page that the first level has is judged here; whatever needs more is translated as any access.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong PhysicalOf(
        FlatMemory memory, FrontSlot[] slots, in PlainRights rights, ulong address, AccessKind kind)
    {
        ref readonly var slot = ref FrontArray.SlotOf(slots, address);
        if (slot.Tag == _tlb.Front.TagOf(address))
        {
            return address + slot.Offset;
        }

        ulong entry = _tlb.FindSmall(address, _pcid, kind == AccessKind.Fetch);
        if (entry == 0 || _tables.Denied(rights, entry) != 0 || !IsCanonical(address))
        {
            return PhysicalByTranslation(memory, address, kind);
        }

        ulong physical = CachedEntry.PhysicalOf(entry, 1, address);
        if (_tlb.Front.IsOn)
        {
            _tlb.Front.Insert(_mode | (int)kind, address, physical, entry, 1);
        }

        return physical;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong PhysicalByTranslation(FlatMemory memory, ulong address, AccessKind kind)
    {
        Access access = new(new(address), kind, _cpl, _alignmentCheck);
        var outcome = Translate(memory, access, _mode | (int)kind, default(NoYield), out _);
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

        ref readonly var rights = ref _tables.Rows[row];
        ulong entry = _tlb.Find(address, _pcid, access.Kind == AccessKind.Fetch, out int level, out source);
        if (entry == 0)
        {
            CountMiss(access.Kind);
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

    private ref ulong CountOf(AccessKind kind)
    {
        if (kind == AccessKind.Fetch)
        {
            return ref _fetches;
        }

        return ref kind is AccessKind.Write or AccessKind.ShadowStackWrite ? ref _stores : ref _loads;
    }
}

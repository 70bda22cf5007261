using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A software-filled TLB with the registers that belong to it. For each entry two words decide a match: what
/// is compared, and with what; size and global bit are folded into the first when the entry is written. An
/// access compares all entries, four at once, since a second match shuts the TLB down; it allocates
/// nothing. Random counts down with each instruction, so the same instructions always write the same places.
/// </summary>
public sealed class SoftwareTlb
{
    private const ulong PairMask = 0xC000_00FF_FFFF_E000;
    private const ulong AsidMask = 0xFF;
    private const ulong TableMask = 0xFFFF_FFFE_0000_0000;
    private const ulong ProbeFailed = 1UL << 31;
    private const ulong FirstPair = 0xFFFF_FFFF_8000_0000;

    // No address that is looked up has this bit, so what has it never matches.
    private const ulong Unmatchable = 1 << 12;
    private const int Several = -2;

    private readonly ulong[] _compared = new ulong[SoftwareTlbSequence.EntriesMost];
    private readonly ulong[] _tags = new ulong[SoftwareTlbSequence.EntriesMost];
    private readonly ulong[] _sizes = new ulong[SoftwareTlbSequence.EntriesMost];
    private readonly ulong[] _even = new ulong[SoftwareTlbSequence.EntriesMost];
    private readonly ulong[] _odd = new ulong[SoftwareTlbSequence.EntriesMost];

    private int _entries;
    private int _random;
    private bool _isShutDown;
    private bool _isHandling;
    private ulong _index, _entryLo0, _entryLo1, _pageMask, _wired, _badVAddr, _entryHi, _xContext;

    /// <summary>The current ASID.</summary>
    public ulong Asid => _entryHi & AsidMask;

    /// <summary>Starts anew: entry n holds pair n of ckseg0, which is not mapped.</summary>
    public void Reset(int entries)
    {
        _entries = entries;
        _random = entries - 1;
        _isShutDown = _isHandling = false;
        _index = _entryLo0 = _entryLo1 = _pageMask = _wired = _badVAddr = _entryHi = _xContext = 0;
        for (int place = 0; place < _tags.Length; place++)
        {
            bool used = place < entries;
            _compared[place] = used ? PairMask | AsidMask : ulong.MaxValue;
            _tags[place] = used ? Unmapped(place) : Unmatchable;
            _sizes[place] = _even[place] = _odd[place] = 0;
        }
    }

    /// <summary>Region and VPN2 of the pair of ckseg0 that stands for an entry without use.</summary>
    public static ulong Unmapped(int place) => FirstPair + ((ulong)place << 13) & PairMask;

    /// <summary>DMTC0.</summary>
    public SoftwareTlbAnswer Write(SoftwareTlbRegister register, ulong operand)
    {
        Tick();
        switch (register)
        {
            case SoftwareTlbRegister.Index: _index = operand; break;
            case SoftwareTlbRegister.EntryLo0: _entryLo0 = operand; break;
            case SoftwareTlbRegister.EntryLo1: _entryLo1 = operand; break;
            case SoftwareTlbRegister.PageMask: _pageMask = operand; break;
            case SoftwareTlbRegister.EntryHi: _entryHi = operand; break;
            case SoftwareTlbRegister.XContext: _xContext = operand & TableMask | _xContext & ~TableMask; break;
            case SoftwareTlbRegister.Wired:
                _wired = operand;
                _random = _entries - 1;
                break;
        }

        return Done;
    }

    /// <summary>DMFC0.</summary>
    public SoftwareTlbAnswer Read(SoftwareTlbRegister register)
    {
        Tick();
        return Valued(register switch
        {
            SoftwareTlbRegister.Index => _index,
            SoftwareTlbRegister.Random => (ulong)_random,
            SoftwareTlbRegister.EntryLo0 => _entryLo0,
            SoftwareTlbRegister.EntryLo1 => _entryLo1,
            SoftwareTlbRegister.PageMask => _pageMask,
            SoftwareTlbRegister.Wired => _wired,
            SoftwareTlbRegister.BadVAddr => _badVAddr,
            SoftwareTlbRegister.EntryHi => _entryHi,
            _ => _xContext,
        });
    }

    /// <summary>TLBP.</summary>
    public SoftwareTlbAnswer Probe()
    {
        Tick();
        int place = PlaceOf(_entryHi);
        if (place == Several)
        {
            return ShutDown();
        }

        _index = place < 0 ? ProbeFailed : (ulong)place;
        return Valued(_index);
    }

    /// <summary>TLBR.</summary>
    public SoftwareTlbAnswer ReadEntry()
    {
        Tick();
        if (_isShutDown || _index >= (ulong)_entries)
        {
            return Done;
        }

        int place = (int)_index;
        ulong global = _even[place] & _odd[place] & 1;
        (_pageMask, _entryHi) = (_sizes[place], _tags[place]);
        (_entryLo0, _entryLo1) = (_even[place] & ~1UL | global, _odd[place] & ~1UL | global);
        return Valued(_entryHi);
    }

    /// <summary>TLBWI.</summary>
    public SoftwareTlbAnswer WriteIndexed()
    {
        Tick();
        WriteAt(_index);
        return Done;
    }

    /// <summary>TLBWR.</summary>
    public SoftwareTlbAnswer WriteRandom()
    {
        int place = _random;
        Tick();
        WriteAt((ulong)place);
        return Valued((ulong)place);
    }

    /// <summary>TLBWI when the last probe has found an entry, else TLBWR.</summary>
    public SoftwareTlbAnswer WriteProbed()
    {
        if ((_index & ProbeFailed) != 0)
        {
            return WriteRandom();
        }

        WriteIndexed();
        return Valued(_index);
    }

    /// <summary>ERET.</summary>
    public SoftwareTlbAnswer ReturnFromException()
    {
        Tick();
        _isHandling = false;
        return Done;
    }

    /// <summary>An access; its answer is an address or a trap.</summary>
    public SoftwareTlbAnswer Access(ulong address, AccessKind kind, ProcessorMode mode)
    {
        Tick();
        bool write = kind == AccessKind.Write;
        var route = SoftwareTlbRoute.Of(address, _isHandling ? ProcessorMode.Kernel : mode);
        if (route.Kind != SoftwareTlbRouteKind.Mapped)
        {
            return route.Kind == SoftwareTlbRouteKind.Unmapped
                ? Translated(route.Physical, route.Cacheability)
                : Trap(
                    address,
                    write ? ExceptionCode.AddressStore : ExceptionCode.AddressLoad,
                    ExceptionVector.General);
        }

        int place = PlaceOf(address & PairMask | Asid);
        if (place < 0)
        {
            return place == Several ? ShutDown() : Trap(
                address,
                write ? ExceptionCode.Store : ExceptionCode.Load,
                _isHandling ? ExceptionVector.General : ExceptionVector.ExtendedRefill);
        }

        ulong offset = (_sizes[place] | 0x1FFF) >> 1;
        ulong page = (address & offset + 1) == 0 ? _even[place] : _odd[place];
        if ((page & 2) == 0)
        {
            return Trap(address, write ? ExceptionCode.Store : ExceptionCode.Load, ExceptionVector.General);
        }

        return write && (page & 4) == 0
            ? Trap(address, ExceptionCode.Modified, ExceptionVector.General)
            : Translated((page & 0x3FFF_FFC0) << 6 | address & offset, (byte)(page >> 3 & 7));
    }

    /// <summary>The answer that a TLB which is shut down gives to everything; else null.</summary>
    public SoftwareTlbAnswer? Refusal =>
        _isShutDown ? new SoftwareTlbAnswer { Kind = SoftwareTlbAnswerKind.Shutdown } : null;

    private static SoftwareTlbAnswer Done => new() { Kind = SoftwareTlbAnswerKind.Done };

    private static SoftwareTlbAnswer Valued(ulong value) =>
        new() { Kind = SoftwareTlbAnswerKind.Value, Value = new(value) };

    private static SoftwareTlbAnswer Translated(ulong address, byte cacheability) => new()
    {
        Kind = SoftwareTlbAnswerKind.Translated,
        Address = new(address),
        Cacheability = cacheability,
    };

    private SoftwareTlbAnswer ShutDown()
    {
        _isShutDown = true;
        return new() { Kind = SoftwareTlbAnswerKind.Shutdown };
    }

    private SoftwareTlbAnswer Trap(ulong address, ExceptionCode code, ExceptionVector vector)
    {
        _isHandling = true;
        _badVAddr = address;
        _entryHi = address & PairMask | Asid;
        _xContext = _xContext & TableMask | address >> 62 << 31 | (address & 0xFF_FFFF_E000) >> 9;
        return new() { Kind = SoftwareTlbAnswerKind.Exception, Code = code, Vector = vector };
    }

    // Each instruction is one step, down to the wired entries and round again.
    private void Tick() => _random = _random <= (int)_wired ? _entries - 1 : _random - 1;

    private void WriteAt(ulong place)
    {
        if (place >= (ulong)_entries)
        {
            return;
        }

        bool global = (_entryLo0 & _entryLo1 & 1) != 0;
        _compared[place] = PairMask & ~_pageMask | (global ? 0 : AsidMask);
        (_tags[place], _sizes[place]) = (_entryHi, _pageMask);
        (_even[place], _odd[place]) = (_entryLo0, _entryLo1);
    }

    // The place that matches; below zero when there is none, or more than one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PlaceOf(ulong wanted)
    {
        ref ulong compared = ref MemoryMarshal.GetArrayDataReference(_compared);
        ref ulong tags = ref MemoryMarshal.GetArrayDataReference(_tags);
        var sought = Vector256.Create(wanted);
        ulong hits = 0;
        for (int place = 0; place < _entries; place += Vector256<ulong>.Count)
        {
            var different = (Vector256.LoadUnsafe(ref tags, (nuint)place) ^ sought)
                & Vector256.LoadUnsafe(ref compared, (nuint)place);
            // Survivor: each turn has bits of its own.
            hits |= (ulong)Vector256.Equals(different, default).ExtractMostSignificantBits() << place;
        }

        return hits == 0 ? -1 : BitOperations.IsPow2(hits) ? BitOperations.TrailingZeroCount(hits) : Several;
    }
}

using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A small kernel over a software-filled TLB: a page table of each process in memory, whose words are
/// EntryLos with two bits of the kernel's above, so that the refill handler only copies a pair; and ASIDs
/// that are given out in turn. When they run out, a new generation begins with an empty TLB, and every
/// process gets a new ASID when it next runs.
/// </summary>
internal sealed class SoftwareTlbKernel(SoftwareTlb tlb)
{
    private const int Pages = SoftwareTlbKernelStart.Pages;
    private const ulong WiredBase = 0xC000_0000_0000_0000;

    private const ulong Global = 1 << 0;
    private const ulong Valid = 1 << 1;
    private const ulong Dirty = 1 << 2;
    private const ulong Cached = 3 << 3;
    private const ulong EntryMask = 0x3FFF_FFFF;

    // Of the kernel alone: the process may write; it has written.
    private const ulong Writable = 1UL << 32;
    private const ulong Written = 1UL << 33;

    // A process at most faults, loads its entry, is found invalid, and is marked.
    private const int TrapsMost = 4;

    private readonly ulong[] _memory = new ulong[SoftwareTlbKernelStart.ProcessesMost * Pages];
    private readonly ulong[] _contexts = new ulong[SoftwareTlbKernelStart.ProcessesMost];
    private SoftwareTlbKernelStart _start;
    private ulong _generation;
    private int _lastAsid;
    private int _current;

    public void Boot(SoftwareTlbKernelStart start)
    {
        _start = start;
        _memory.AsSpan().Clear();
        _contexts.AsSpan().Clear();
        (_generation, _lastAsid, _current) = (1, -1, 0);
        tlb.Reset(start.Entries);
        for (int place = 0; place < start.Wired; place++)
        {
            Fill(WiredBase + ((ulong)place << 13), WiredEntry(place), Global);
            tlb.Write(SoftwareTlbRegister.Index, (ulong)place);
            tlb.WriteIndexed();
        }

        tlb.Write(SoftwareTlbRegister.Wired, (ulong)start.Wired);
        Switch(0);
    }

    public void Map(int process, int page, uint frame, bool writable)
    {
        // The TLB never holds a page that is not mapped as valid.
        ref ulong entry = ref _memory[process * Pages + page];
        bool replaces = (entry & Valid) != 0;
        entry = (ulong)frame << 6 | Cached | Valid | (writable ? Writable : 0);
        if (replaces)
        {
            Flush(process, page);
        }
    }

    public void Unmap(int process, int page)
    {
        _memory[process * Pages + page] = 0;
        Flush(process, page);
    }

    public void Protect(int process, int page)
    {
        _memory[process * Pages + page] &= ~(Writable | Dirty);
        Flush(process, page);
    }

    /// <summary>Whether the page was written; from now on it is clean.</summary>
    public bool Clean(int process, int page)
    {
        ref ulong entry = ref _memory[process * Pages + page];
        bool written = (entry & Written) != 0;
        entry &= ~(Written | Dirty);
        Flush(process, page);
        return written;
    }

    /// <summary>Makes a process the current one, with an ASID of the present generation.</summary>
    public void Switch(int process)
    {
        _current = process;
        if (_contexts[process] >> 8 != _generation)
        {
            NewAsid(process);
        }

        tlb.Write(SoftwareTlbRegister.EntryHi, _contexts[process] & 0xFF);
    }

    /// <summary>Ends a process. What the TLB holds of it is under an ASID that nobody has any more.</summary>
    public void Exit(int process)
    {
        _memory.AsSpan(process * Pages, Pages).Clear();
        _contexts[process] = 0;
        if (process == _current)
        {
            Switch(process);
        }
    }

    public SoftwareTlbKernelAnswer Access(int page, AccessKind kind) =>
        Access((ulong)page << 12, kind, ProcessorMode.User);

    public SoftwareTlbKernelAnswer AccessWired(int page, AccessKind kind) =>
        Access(WiredBase + ((ulong)page << 13), kind, ProcessorMode.Kernel);

    private SoftwareTlbKernelAnswer Access(ulong address, AccessKind kind, ProcessorMode mode)
    {
        for (int traps = 0; traps <= TrapsMost; traps++)
        {
            var answer = tlb.Access(address, kind, mode);
            if (answer.Kind == SoftwareTlbAnswerKind.Translated)
            {
                uint frame = (uint)(answer.Address.Value >> 12);
                return new(SoftwareTlbKernelAnswerKind.Frame, new(frame), traps);
            }

            bool handled = answer.Kind == SoftwareTlbAnswerKind.Exception && Handle(answer);
            tlb.ReturnFromException();
            if (!handled)
            {
                return new(SoftwareTlbKernelAnswerKind.Fault, default, traps + 1);
            }
        }

        return new(SoftwareTlbKernelAnswerKind.None, default, TrapsMost);
    }

    private bool Handle(in SoftwareTlbAnswer exception)
    {
        ulong page = tlb.Read(SoftwareTlbRegister.BadVAddr).Value.Value >> 12;
        if (page >= Pages)
        {
            return false;
        }

        ref ulong entry = ref _memory[_current * Pages + (int)page];
        if (exception.Vector == ExceptionVector.ExtendedRefill)
        {
            LoadPair();
            tlb.WriteRandom();
            return true;
        }

        if (exception.Code == ExceptionCode.Modified)
        {
            if ((entry & Writable) == 0)
            {
                return false;
            }

            // Survivor: neither is set: what clears one of a page that may be written clears both.
            entry |= Dirty | Written;
        }

        if ((entry & Valid) == 0)
        {
            return false;
        }

        LoadPair();
        tlb.Probe();
        tlb.WriteProbed();
        return true;
    }

    // XContext is the place of the pair in a table of sixteen bytes a pair; EntryHi has been loaded already.
    private void LoadPair()
    {
        int pair = (int)(tlb.Read(SoftwareTlbRegister.XContext).Value.Value >> 4) * 2;
        tlb.Write(SoftwareTlbRegister.EntryLo0, _memory[_current * Pages + pair] & EntryMask);
        tlb.Write(SoftwareTlbRegister.EntryLo1, _memory[_current * Pages + pair + 1] & EntryMask);
    }

    private void NewAsid(int process)
    {
        if (++_lastAsid == _start.Asids)
        {
            _lastAsid = 0;
            _generation++;
            for (int place = _start.Wired; place < _start.Entries; place++)
            {
                Empty(place);
            }
        }

        _contexts[process] = _generation << 8 | (uint)_lastAsid;
    }

    // A process of an older generation has nothing in the TLB, and its ASID may be another's.
    private void Flush(int process, int page)
    {
        if (_contexts[process] >> 8 != _generation)
        {
            return;
        }

        tlb.Write(SoftwareTlbRegister.EntryHi, (ulong)page >> 1 << 13 | _contexts[process] & 0xFF);
        ulong index = tlb.Probe().Value.Value;
        if (index < (ulong)_start.Entries)
        {
            Empty((int)index);
        }

        tlb.Write(SoftwareTlbRegister.EntryHi, _contexts[_current] & 0xFF);
    }

    private void Empty(int place)
    {
        Fill(SoftwareTlb.Unmapped(place), 0, 0);
        tlb.Write(SoftwareTlbRegister.Index, (ulong)place);
        tlb.WriteIndexed();
    }

    private void Fill(ulong entryHi, ulong entryLo0, ulong entryLo1)
    {
        tlb.Write(SoftwareTlbRegister.EntryHi, entryHi);
        tlb.Write(SoftwareTlbRegister.EntryLo0, entryLo0);
        tlb.Write(SoftwareTlbRegister.EntryLo1, entryLo1);
    }

    private static ulong WiredEntry(int place) =>
        (SoftwareTlbKernelStart.WiredFrame + (ulong)place) << 6 | Cached | Dirty | Valid | Global;
}

using System.Runtime.InteropServices;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.PageTables;

/// <summary>
/// An address space behind its door: the editor, its gather, the quarantine, and a free list of tables in
/// memory of their own; and a walker, which stands for the other CPUs. Frames for tables begin with leftover
/// entries, as frames that held something else do.
/// </summary>
public sealed class PageTableMachine : IPageTable
{
    // Constants: a static field is worked out once in a process, whatever is mutated in it later.
    private const int TablesMost = 31;
    private const int TableBytes = 4096;
    private const int EntriesOfTable = TableBytes / 8;
    private const ulong TopTable = 0;
    private const ulong Leftover = 0x000F_ABCD_EF01_2067;

    private readonly ulong[] _words = new ulong[(TablesMost + 1) * EntriesOfTable];
    private readonly Gather _gather = new();
    private readonly LeafList _marked = new();
    private readonly List<MappedPage> _told = [];
    private readonly List<HeldFrame> _held = [];
    private readonly Overtaking _overtaking;
    private FrameQuarantine _quarantine = new();
    private FreeList _free = new(0, 0);
    private ControlState _control;
    private X86Walker<FourLevels> _fourLevels = new(ControlState.LongMode);
    private X86Walker<FiveLevels> _fiveLevels = new(ControlState.LongMode);

    public PageTableMachine() => _overtaking = new(this);

    public PageTableCapabilities Capabilities { get; } = new() { Tables = TablesMost, Elides = true };

    public PhysicalAddress Top => new(TopTable);

    public ReadOnlySpan<MappedPage> Told => CollectionsMarshal.AsSpan(_told);

    public ReadOnlySpan<HeldFrame> Held => CollectionsMarshal.AsSpan(_held);

    private FlatMemory Memory => new(_words, new(8UL * (ulong)_words.Length));

    private PageTableEditor<FlatMemory, FreeList.ForTables, Overtaking.Points> Editor =>
        new(Memory, new(_free), new(_overtaking), Top, HasFiveLevels ? 5 : 4);

    private bool HasFiveLevels => (_control.Cr4 & Cr4.FiveLevelPaging) != 0;

    public void Reset(PageTableStart start)
    {
        _control = start.Control with { Cr3 = new(TopTable) };
        _fourLevels = new(_control);
        _fiveLevels = new(_control);

        // Survivor: leftovers only make it plain that a table was linked before it was cleared.
        _words.AsSpan().Fill(Leftover);
        _words.AsSpan(0, EntriesOfTable).Clear();
        _free = new(TopTable + TableBytes, start.Tables);
        _quarantine = new();
        _gather.Leaves.Clear();
        _gather.Tables.Clear();
        _gather.Clear();
    }

    public PageTableAnswer Do(in PageTableCommand command)
    {
        _marked.Clear();
        _overtaking.Await(command);
        PageTableAnswer answer = Carry(command);
        _told.Clear();
        for (int index = 0; index < _marked.Count; index++)
        {
            var mapping = LeafEntry.Decode(_marked.EntryAt(index), _marked.LevelAt(index));
            _told.Add(new(new(_marked.PageAt(index)), mapping));
        }

        ListHeld();
        bool needed = _gather.NeedsFlush;
        return answer with
        {
            Walk = command.Kind == PageTableCommandKind.Access ? Walk(command.Access) : _overtaking.Walk,
            TablesFree = _free.Count,
            Flush = needed ? new(true, _gather.First, _gather.Last, _gather.Stride, _gather.TablesUnlinked) : default,
        };
    }

    public void Show(PhysicalAddress table, Span<PagingEntry> entries) =>
        MemoryMarshal.Cast<ulong, PagingEntry>(_words.AsSpan((int)(table.Value / 8), EntriesOfTable)).CopyTo(entries);

    public void Dispose()
    {
    }

    private PageTableAnswer Carry(in PageTableCommand command)
    {
        var editor = Editor;
        switch (command.Kind)
        {
            case PageTableCommandKind.Find:
                return Find(editor, command.Range.Start);
            case PageTableCommandKind.Flush:
                ulong generation = _quarantine.Completed + 1;
                _quarantine.TakeOver(_gather, generation);
                _quarantine.Release(generation, new FreeList.ForTables(_free));
                _gather.Clear();
                return new() { Outcome = EditOutcome.Done };
            case PageTableCommandKind.Access:
                return new() { Outcome = EditOutcome.Done };
            default:
                return new() { Outcome = Edit(editor, command) };
        }
    }

    private EditOutcome Edit(
        PageTableEditor<FlatMemory, FreeList.ForTables, Overtaking.Points> editor, in PageTableCommand command) =>
        command.Kind switch
        {
            PageTableCommandKind.Map => editor.Map(command.Range, command.Mapping, _gather),
            PageTableCommandKind.Unmap => editor.Unmap(command.Range, _gather),
            PageTableCommandKind.Move => editor.Move(command.Range, command.Target, _gather),
            PageTableCommandKind.Protect => editor.Protect(command.Range, command.Rights, _gather),
            PageTableCommandKind.Clean => editor.Clean(command.Range, _gather, _marked),
            PageTableCommandKind.Age => editor.Age(command.Range, _gather, _marked),
            _ => editor.FreeTables(command.Range, _gather),
        };

    private static PageTableAnswer Find(
        PageTableEditor<FlatMemory, FreeList.ForTables, Overtaking.Points> editor, LinearAddress address)
    {
        if (!editor.TryFind(address, out ulong leaf, out int level))
        {
            return new() { Outcome = EditOutcome.Done };
        }

        ulong page = address.Value & ulong.MaxValue << LeafEntry.OffsetBits(level);
        return new() { Outcome = EditOutcome.Done, Found = new(new(page), LeafEntry.Decode(leaf, level)) };
    }

    private void ListHeld()
    {
        _held.Clear();
        var leaves = _gather.Leaves;
        for (int index = 0; index < leaves.Count; index++)
        {
            int level = leaves.LevelAt(index);
            var mapping = LeafEntry.Decode(leaves.EntryAt(index), level);
            _held.Add(new(mapping.Frame, mapping.Size, IsTable: false, mapping.Dirty));
        }

        for (int index = 0; index < _gather.Tables.Count; index++)
        {
            PhysicalAddress table = new(_gather.Tables.EntryAt(index) & EntryBits.Frame);
            _held.Add(new(table, PageSize.Size4K, IsTable: true, Dirty: false));
        }
    }

    private TranslationOutcome Walk(in Access access) =>
        HasFiveLevels ? _fiveLevels.Walk(Memory, access) : _fourLevels.Walk(Memory, access);

    /// <summary>The access of another CPU that comes before one of the stores of an edit.</summary>
    private sealed class Overtaking(PageTableMachine machine)
    {
        private Access _access;
        private int _left;

        /// <summary>How it ended; no answer as long as it was not made.</summary>
        public TranslationOutcome Walk { get; private set; }

        public void Await(in PageTableCommand command)
        {
            _access = command.Access;
            _left = command.OvertakenAt;
            Walk = default;
        }

        private TranslationOutcome Make() => machine.Walk(_access);

        public readonly struct Points(Overtaking overtaking) : IYield
        {
            public void Point(YieldKind kind)
            {
                if (overtaking._left != 0 && --overtaking._left == 0)
                {
                    overtaking.Walk = overtaking.Make();
                }
            }
        }
    }
}

using System.Runtime.InteropServices;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Hardening;

/// <summary>
/// A kernel with page-table isolation behind its door. The upper half is edited in one template pair, and its
/// entries are copied into each new pair: the tables below them are shared, so that a page of the kernel that
/// comes later is seen everywhere. The user's table of the template has an entry set and nothing else.
/// Edits are flushed on every CPU before they are done.
/// </summary>
public sealed class KptiMachine : IKpti
{
    // Constants: a static field is worked out once in a process, whatever is mutated in it later.
    private const int Levels = 4;
    private const int ProcessesMost = 4;
    private const int TablesCount = 80;
    private const int EntriesOfTable = 512;
    private const int TableBytes = 4096;
    private const ulong PairBytes = 2 * TableBytes;
    private const ulong TemplateTop = 0;
    private const ulong FirstTable = (1 + ProcessesMost) * PairBytes;
    private const ulong Leftover = 0x000F_ABCD_EF01_2067;

    private readonly ulong[] _words = new ulong[(int)(FirstTable / 8) + TablesCount * EntriesOfTable];
    private readonly Gather _gather = new();
    private readonly AddressSpace?[] _spaces = new AddressSpace?[ProcessesMost];
    private readonly Stack<ulong> _pairs = new();

    // Survivor: nothing is asked before the first reset.
    private KptiCpu[] _cpus = [];
    private FrameQuarantine _quarantine = new();
    private FreeList _tables = new(FirstTable, 0);
    private PageRange _kernelRegion;
    private ulong _contexts;
    private int _entriesCopied;

    public KptiCapabilities Capabilities { get; } = new() { Processes = ProcessesMost };

    private static PageRange UserHalf => new(default, new(1UL << 47));

    private FlatMemory Memory => new(_words, new(8UL * (ulong)_words.Length));

    public void Reset(KptiStart start)
    {
        // Survivor: leftovers only make it plain that a table was linked before it was cleared.
        _words.AsSpan().Fill(Leftover);
        _words.AsSpan(0, 2 * EntriesOfTable).Clear();
        _tables = new(FirstTable, TablesCount);
        _quarantine = new();
        _spaces.AsSpan().Clear();
        _pairs.Clear();
        for (int pair = ProcessesMost; pair >= 1; pair--)
        {
            _pairs.Push((ulong)pair * PairBytes);
        }

        _kernelRegion = start.KernelRegion;
        BuildTemplate(start);
        bool hasPcids = (start.Control.Cr4 & Cr4.ProcessContextIdentifiers) != 0;
        _cpus = new KptiCpu[start.Cpus];
        for (int number = 0; number < _cpus.Length; number++)
        {
            _cpus[number] = new(start.HasInvpcid, hasPcids, start.Asids, TemplateTop);
            _cpus[number].Reset(start.Control);
        }
    }

    public KptiAnswer Do(in KptiCommand command)
    {
        foreach (var each in _cpus)
        {
            each.Cost = default;
        }

        _entriesCopied = 0;
        var cpu = _cpus[command.Cpu.Value];
        if (command.Kind == KptiCommandKind.Access)
        {
            return new() { Outcome = KptiOutcome.Done, Walk = cpu.Access(Memory, command.Access) };
        }

        bool done = Carry(cpu, command);
        KptiCost cost = new(0, _entriesCopied, 0, 0);
        foreach (var each in _cpus)
        {
            cost = new(
                cost.Cr3Writes + each.Cost.Cr3Writes, cost.EntriesCopied,
                cost.PcidFlushes + each.Cost.PcidFlushes, cost.AddressFlushes + each.Cost.AddressFlushes);
        }

        return new() { Outcome = done ? KptiOutcome.Done : KptiOutcome.Refused, Cost = cost };
    }

    public Cr3 Cr3Of(CpuNumber cpu) => new(_cpus[cpu.Value].Cr3);

    public PhysicalAddress TopOf(ProcessNumber process) => new(_spaces[process.Value]!.KernelTop);

    public bool TryShow(PhysicalAddress table, Span<PagingEntry> entries)
    {
        if (table.Value >= 8UL * (ulong)_words.Length || table.Value % TableBytes != 0)
        {
            return false;
        }

        MemoryMarshal.Cast<ulong, PagingEntry>(_words.AsSpan((int)(table.Value / 8), EntriesOfTable))
            .CopyTo(entries);
        return true;
    }

    public void Dispose()
    {
    }

    // False when the command is not possible now.
    private bool Carry(KptiCpu cpu, in KptiCommand command)
    {
        if (cpu.IsInUser)
        {
            if (command.Kind == KptiCommandKind.Enter)
            {
                cpu.Enter();
            }

            return command.Kind == KptiCommandKind.Enter;
        }

        var space = _spaces[command.Process.Value];
        switch (command.Kind)
        {
            case KptiCommandKind.Create when space is null:
                Create(command.Process);
                return true;
            case KptiCommandKind.Destroy when space is not null:
                return Destroy(space, command.Process);
            case KptiCommandKind.Schedule when space is not null:
                cpu.Schedule(space);
                return true;
            case KptiCommandKind.Idle:
                cpu.Idle();
                return true;
            case KptiCommandKind.Exit when cpu.Space is not null:
                cpu.Exit();
                return true;
            case KptiCommandKind.Map or KptiCommandKind.Unmap or KptiCommandKind.Protect when space is not null:
                return EditUser(space, command);
            case KptiCommandKind.MapKernel or KptiCommandKind.UnmapKernel:
                return EditKernel(command);
            default:
                return false;
        }
    }

    private void BuildTemplate(KptiStart start)
    {
        var kernel = KernelEditor(TemplateTop);
        var user = KernelEditor(KptiEncoding.UserTop(TemplateTop));
        foreach (var page in start.Entry)
        {
            PageRange range = new(page.Page, new(TableBytes));
            kernel.Map(range, page.Mapping, _gather);
            user.Map(range, page.Mapping, _gather);
        }

        // The tables of the kernel's region are linked once, before any entry is copied.
        PageRange first = start.KernelRegion with { Length = new(TableBytes) };
        kernel.Map(first, new() { Size = PageSize.Size4K }, _gather);
        kernel.Unmap(first, _gather);
        Release();
    }

    private void Create(ProcessNumber process)
    {
        ulong pair = _pairs.Pop();
        var words = _words.AsSpan((int)(pair / 8), 2 * EntriesOfTable);
        words.Clear();
        for (int table = 0; table < 2 * EntriesOfTable; table += EntriesOfTable)
        {
            for (int entry = table + EntriesOfTable / 2; entry < table + EntriesOfTable; entry++)
            {
                words[entry] = _words[(int)(TemplateTop / 8) + entry];
                _entriesCopied += words[entry] != 0 ? 1 : 0;
            }
        }

        // Survivor: any number that none has had is as good.
        _spaces[process.Value] = new(++_contexts, pair);
    }

    // What is cached of it stays, under PCIDs that no CPU uses again without a flush.
    private bool Destroy(AddressSpace space, ProcessNumber process)
    {
        foreach (var cpu in _cpus)
        {
            if (cpu.Space == space)
            {
                return false;
            }
        }

        var editor = UserEditor(space);
        editor.Unmap(UserHalf, _gather);
        editor.FreeTables(UserHalf, _gather);
        Release();
        _pairs.Push(space.KernelTop);
        _spaces[process.Value] = null;
        return true;
    }

    private bool EditUser(AddressSpace space, in KptiCommand command)
    {
        var editor = UserEditor(space);
        if (command.Range.Start.Value >> 63 != 0)
        {
            return false;
        }

        var outcome = command.Kind switch
        {
            // G would keep a page of one process for all the others.
            KptiCommandKind.Map => editor.Map(command.Range, command.Mapping with { Global = false }, _gather),
            KptiCommandKind.Unmap => editor.Unmap(command.Range, _gather),
            _ => editor.Protect(command.Range, command.Rights, _gather),
        };
        // A map that is refused may have made tables.
        if (command.Kind != KptiCommandKind.Protect)
        {
            editor.FreeTables(command.Range, _gather);
        }

        if (_gather.NeedsFlush)
        {
            // Survivor: as above; it is only asked whether it is the same.
            space.Generation++;
            foreach (var cpu in _cpus)
            {
                cpu.FlushUser(space, _gather);
            }

            Release();
        }

        return outcome == EditOutcome.Done;
    }

    private bool EditKernel(in KptiCommand command)
    {
        var range = command.Range;
        if (range.Start.Value < _kernelRegion.Start.Value || range.Last.Value > _kernelRegion.Last.Value)
        {
            return false;
        }

        var editor = KernelEditor(TemplateTop);
        var outcome = command.Kind == KptiCommandKind.MapKernel
            ? editor.Map(range, command.Mapping with { Global = false }, _gather)
            : editor.Unmap(range, _gather);
        if (_gather.NeedsFlush)
        {
            foreach (var cpu in _cpus)
            {
                cpu.FlushKernel(_gather);
            }

            Release();
        }

        return outcome == EditOutcome.Done;
    }

    // Every CPU has flushed what the gather asked for.
    private void Release()
    {
        ulong generation = _quarantine.Completed + 1;
        _quarantine.TakeOver(_gather, generation);
        _quarantine.Release(generation, new FreeList.ForTables(_tables));
        _gather.Clear();
    }

    private PageTableEditor<PairedMemory, FreeList.ForTables, NoYield> UserEditor(AddressSpace space) =>
        new(new(Memory, space.KernelTop), new(_tables), default, new(space.KernelTop), Levels);

    private PageTableEditor<FlatMemory, FreeList.ForTables, NoYield> KernelEditor(ulong top) =>
        new(Memory, new(_tables), default, new(top), Levels);
}

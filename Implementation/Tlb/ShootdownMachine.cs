using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// Several CPUs, a few address spaces and their frames behind the door. Frames of pages and of tables come
/// from one pool in the same memory, so whoever reaches a frame too long reaches what its next owner keeps there.
/// </summary>
public sealed class ShootdownMachine : IShootdownMachine
{
    // Constants: a static field is worked out once in a process, whatever is mutated in it later.
    private const int Frames = 40;
    private const int WordsOfFrame = 512;
    private const ulong FrameBytes = 4096;
    private const int Levels = 4;

    private readonly ulong[] _words = new ulong[(ShootdownStart.SpacesMax + Frames) * WordsOfFrame];
    private readonly MachineWatch _watch = new();
    private readonly SmpCpu[] _all;
    private readonly ulong[] _stored = new ulong[ShootdownStart.CpusMax];
    private readonly AllEnded[] _allEnded;
    private SharedSpace[] _spaces = [];
    private FramePool _pool = new(0, 0);
    private int _cpus;
    private int _ended;

    /// <summary>A machine whose TLBs have these sizes.</summary>
    public ShootdownMachine(TlbGeometry geometry)
    {
        _all = [.. Enumerable.Range(0, ShootdownStart.CpusMax)
            .Select(number => new SmpCpu(new((byte)number), _watch, geometry))];
        _allEnded = [.. _all.Select(cpu => new AllEnded(this, cpu))];
    }

    public ShootdownCapabilities Capabilities { get; } = new();

    // All else follows from that. What a CPU has cached, and where it runs, it alone decides, by what its program has
    // read. Of what is shared each bit is set by one CPU and cleared by one; only frames are given back by several.
    public ulong StateHash => MachineWatch.Mix(_watch.Hash() ^ _pool.Hash);

    private FlatMemory Memory => new(_words, new(8UL * (ulong)_words.Length));

    private ReadOnlySpan<SmpCpu> Cpus => _all.AsSpan(0, _cpus);

    public void Reset(ShootdownStart start, IObserve observer)
    {
        _watch.Observer = null;
        _watch.Reset();
        _words.AsSpan().Clear();
        _stored.AsSpan().Clear();
        (_cpus, _ended) = (start.Cpus, 0);
        _spaces = [.. Enumerable.Range(0, start.Spaces)
            .Select(number => new SharedSpace(new((byte)number), new((ulong)number * FrameBytes)))];
        _pool = new(ShootdownStart.SpacesMax * FrameBytes, Frames);
        foreach (var cpu in Cpus)
        {
            cpu.Reset();
        }

        foreach (var space in _spaces)
        {
            _all[0].Space = space;
            for (int page = 0; page < ShootdownCommand.Pages; page++)
            {
                if ((start.Mapped >> page & 1) != 0)
                {
                    MapOne(_all[0], page, new NeverWaits());
                }
            }
        }

        _watch.Observer = observer;
        foreach (var cpu in Cpus)
        {
            Begin(cpu, _spaces[0]);
        }
    }

    public void Run(CpuNumber cpu, ReadOnlySpan<ShootdownCommand> commands, IWait wait)
    {
        var self = _all[cpu.Value];
        CpuPoints points = new(wait, _watch, cpu);
        foreach (var command in commands)
        {
            _watch.HasRead(cpu, (ulong)command.Kind);
            Shootdown.Serve(self, points);
            Carry(self, command, points);
        }

        _ended++;
        while (_ended < _cpus || !self.Mailbox.IsEmpty)
        {
            Shootdown.Serve(self, points);
            points.Until(YieldKind.Idle, _allEnded[cpu.Value]);
        }
    }

    public PhysicalAddress TopOf(SpaceNumber space) => _spaces[space.Value].Top;

    public PagingEntry Read(PhysicalAddress address) => Memory.Contains(address) ? Memory.Read(address) : default;

    public void ListCached(CpuNumber cpu, ICollection<CachedPage> cached) => _all[cpu.Value].Core.ListCached(cached);

    /// <summary>Whether the hash of memory is what it is when worked out anew.</summary>
    public bool Audit() => _watch.IsOf(_words);

    public void Dispose()
    {
    }

    private void Carry<TYield>(SmpCpu self, in ShootdownCommand command, TYield yield)
        where TYield : struct, IWait
    {
        switch (command.Kind)
        {
            case ShootdownCommandKind.Run:
                ContextSwitch.To(self, _spaces[command.Space.Value], yield);
                break;
            case ShootdownCommandKind.Idle:
                ContextSwitch.Idle(self);
                break;
            case ShootdownCommandKind.Prefetch:
                Prefetch(self, command, yield);
                break;
            case ShootdownCommandKind.Load or ShootdownCommandKind.Store or ShootdownCommandKind.Fetch
                when !self.IsLazy:
                Access(self, command, yield);
                break;
            case <= ShootdownCommandKind.Clean when !self.IsLazy:
                Edit(self, command, yield);
                break;
        }
    }

    private void Edit<TYield>(SmpCpu self, in ShootdownCommand command, TYield yield)
        where TYield : struct, IWait
    {
        var space = self.Space!;
        Lock(self, space, yield);
        if (command.Kind == ShootdownCommandKind.Map)
        {
            for (int page = command.Page; page < command.Page + command.Count; page++)
            {
                MapOne(self, page, yield);
            }
        }
        else
        {
            self.Dirty.Clear();
            Change(self, command, yield);
            Shootdown.Run(self, Cpus, _pool, yield);
            TakeClean(self, EditorOf(self, yield));
        }

        space.Unlock();
    }

    // What was written to again since D was cleared has D again, and stays dirty.
    private static void TakeClean<TYield>(
        SmpCpu self, PageTableEditor<KernelMemory, FramePool.Told, TYield> editor)
        where TYield : struct, IWait
    {
        var dirty = self.Dirty;
        for (int index = 0; index < dirty.Count; index++)
        {
            LinearAddress page = new(dirty.PageAt(index));
            if (editor.TryFind(page, out ulong leaf, out int level) && (leaf & EntryBits.Dirty) == 0)
            {
                self.Tell(new()
                {
                    Kind = TlbEventKind.TakeClean,
                    Address = page,
                    Physical = new(LeafEntry.FrameOf(leaf, level)),
                });
            }
        }
    }

    private static void Lock<TYield>(SmpCpu self, SharedSpace space, TYield yield)
        where TYield : struct, IWait
    {
        while (true)
        {
            Shootdown.Serve(self, yield);
            yield.Until(YieldKind.Lock, self.LockFree);
            if (space.TryLock(self.Number))
            {
                return;
            }
        }
    }

    private void Change<TYield>(SmpCpu self, in ShootdownCommand command, TYield yield)
        where TYield : struct, IWait
    {
        var editor = EditorOf(self, yield);
        var gather = self.Gather;
        PageRange range = RangeOf(command.Page, command.Count);
        switch (command.Kind)
        {
            case ShootdownCommandKind.Unmap:
                editor.Unmap(range, gather);
                break;
            case ShootdownCommandKind.UnmapFree:
                editor.Unmap(range, gather);
                editor.FreeTables(range, gather);
                break;
            case ShootdownCommandKind.Protect:
                editor.Protect(range, RightsOf(command.Writable), gather);
                break;
            case ShootdownCommandKind.Move:
                for (int page = 0; page < command.Count; page++)
                {
                    editor.Move(
                        RangeOf(command.Page + page, 1), ShootdownStart.AddressOf[command.To + page], gather);
                }

                break;
            default:
                editor.Clean(range, gather, self.Dirty);
                break;
        }
    }

    private void MapOne<TYield>(SmpCpu self, int page, TYield yield)
        where TYield : struct, IWait
    {
        FramePool.Told frames = new(_pool, self);
        if (!frames.TryTake(out ulong frame))
        {
            return;
        }

        // Whatever its last owner left there.
        for (int word = 0; word < WordsOfFrame; word++)
        {
            PhysicalAddress at = new(frame + 8 * (ulong)word);
            ulong left = Memory.Read(at).Value;

            // Survivor: to clear what is clear takes time, and changes nothing.
            if (left != 0)
            {
                Memory.Write(at, default);
                _watch.Changed(at, left, 0);
            }
        }

        self.Tell(new() { Kind = TlbEventKind.TakeFrame, Physical = new(frame) });
        PageMapping mapping = new() { Frame = new(frame), Size = PageSize.Size4K, Rights = RightsOf(writable: true) };
        if (EditorOf(self, yield).Map(RangeOf(page, 1), mapping, self.Gather) != EditOutcome.Done)
        {
            frames.ReturnPage(frame, PageSize.Size4K);
        }
    }

    private void Access<TYield>(SmpCpu self, in ShootdownCommand command, TYield yield)
        where TYield : struct, IWait
    {
        var kind = command.Kind switch
        {
            ShootdownCommandKind.Load => AccessKind.Read,
            ShootdownCommandKind.Store => AccessKind.Write,
            _ => AccessKind.Fetch,
        };
        var outcome = Translate(self, command.Page, kind, yield);
        bool translated = outcome.Kind == OutcomeKind.Translated;
        self.Tell(new()
        {
            Kind = translated ? TlbEventKind.Use : TlbEventKind.Fault,
            Address = ShootdownStart.AddressOf[command.Page],
            Access = kind,
            Outcome = outcome,
            Number = translated ? Touch(self, outcome.Address, kind == AccessKind.Write) : 0,
        });
    }

    private void Prefetch<TYield>(SmpCpu self, in ShootdownCommand command, TYield yield)
        where TYield : struct, IWait => Translate(self, command.Page, AccessKind.Read, yield);

    private TranslationOutcome Translate<TYield>(SmpCpu self, int page, AccessKind kind, TYield yield)
        where TYield : struct, IWait
    {
        LinearAddress address = ShootdownStart.AddressOf[page];
        Access access = new(address, kind, PrivilegeLevel.Ring3);
        var outcome = self.Core.Access(Memory, access, new WalkPoints<TYield>(yield, self, address), out var source);
        if (outcome.Kind == OutcomeKind.Translated && source == TlbSource.Walk)
        {
            self.Tell(new() { Kind = TlbEventKind.Fill, Address = address, Outcome = outcome });
        }

        return outcome;
    }

    // The data at the address: what is stored is told apart from everything else, and is no entry.
    private ulong Touch(SmpCpu self, PhysicalAddress address, bool stores)
    {
        ulong held = Memory.Read(address).Value;
        if (!stores)
        {
            return held;
        }

        // Survivor: numbers that go down are as many, and as far apart.
        ulong stored = ++_stored[self.Number.Value] * 2 * ShootdownStart.CpusMax + 2UL * self.Number.Value;
        Memory.Write(address, new(stored));
        _watch.Changed(address, held, stored);
        return stored;
    }

    private void Begin(SmpCpu cpu, SharedSpace space)
    {
        int slot = cpu.Slots.Recycle(space, null);
        cpu.Core.Reset(ControlState.LongMode with
        {
            Cr3 = new(space.Top.Value | PcidSlots.PcidOf(slot).Value),
            Cr4 = ControlState.LongMode.Cr4 | Cr4.ProcessContextIdentifiers,
        });
        cpu.Space = space;

        // Survivor: the bit is clear, since the space is new.
        space.Mask |= cpu.Bit;
        foreach (var kind in (ReadOnlySpan<TlbEventKind>)
            [TlbEventKind.AssignPcid, TlbEventKind.Announce, TlbEventKind.Check, TlbEventKind.Load, TlbEventKind.Enter])
        {
            bool ofPcid = kind is TlbEventKind.AssignPcid or TlbEventKind.Load;
            cpu.Tell(new() { Kind = kind, Number = ofPcid ? PcidSlots.PcidOf(slot).Value : 0u });
        }
    }

    private PageTableEditor<KernelMemory, FramePool.Told, TYield> EditorOf<TYield>(SmpCpu self, TYield yield)
        where TYield : struct, IWait =>
        new(new(Memory, _watch, self.Number), new(_pool, self), yield, self.Space!.Top, Levels);

    private static PageRange RangeOf(int page, int count)
    {
        ulong first = ShootdownStart.AddressOf[page].Value;
        ulong last = ShootdownStart.AddressOf[page + count - 1].Value;
        return new(new(first), new(last - first + FrameBytes));
    }

    private static PageRights RightsOf(bool writable) =>
        PageRights.User | PageRights.Execute | (writable ? PageRights.Write : PageRights.None);

    /// <summary>Holds when all programs have ended, or a CPU is to take an interrupt.</summary>
    private sealed class AllEnded(ShootdownMachine machine, SmpCpu cpu) : IReadiness
    {
        public bool IsReady => machine._ended == machine._cpus || !cpu.Mailbox.IsEmpty;
    }

    /// <summary>The yield points of the beginning, when nobody else runs.</summary>
    private readonly struct NeverWaits : IWait
    {
        public void Point(YieldKind kind)
        {
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
        }
    }
}

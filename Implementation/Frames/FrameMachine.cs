using System.Runtime.InteropServices;
using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using FrameNumber = PageProof.Contract.Frames.FrameNumber;

namespace PageProof.Implementation.Frames;

/// <summary>
/// The allocator behind its door, with a word of content for each frame and an entry for each place. What a
/// frame holds when it is given out is whatever it held before.
/// </summary>
public sealed class FrameMachine : IFrameAllocator
{
    private const int Nowhere = -1;

    private readonly List<FrameMove> _moves = [];
    private readonly int[] _entries;
    private FrameStart _start = new(default, [], 0, 0, 1, 1, 0);
    private FrameAllocator _frames = new(new(0, 0), 0, 0, 0, new(0, 1));
    private Compactor _compactor;
    private uint[] _contents = [];

    public FrameMachine()
    {
        _entries = new int[Capabilities.Spaces * Capabilities.Pages];
        _compactor = new(_frames, 0, 0);
    }

    public FrameCapabilities Capabilities { get; } = new();

    public ReadOnlySpan<FrameMove> Moves => CollectionsMarshal.AsSpan(_moves);

    private FrameTable Table => _frames.Table;

    public void Reset(FrameStart start)
    {
        var (first, count) = (start.Frames.First.Value, start.Frames.Count);
        FrameTable table = new(first + count, start.MappingsMost, start.CountMost);
        BuddyAllocator free = new(table, first, count);
        foreach (var range in start.Reserved)
        {
            for (int frame = 0; frame < range.Count; frame++)
            {
                table[range.First.Value + frame].Become(FrameKind.Reserved, 0);
            }
        }

        int from = first;
        for (int frame = first; frame <= first + count; frame++)
        {
            if (frame == first + count || table[frame].Kind == FrameKind.Reserved)
            {
                free.GiveRange(from, frame - from);
                from = frame + 1;
            }
        }

        _start = start;
        _frames = new(table, free, start.Cpus, new(start.KeptMost, start.Batch));
        _compactor = new(_frames, first, count);
        _contents = new uint[first + count];
        Array.Fill(_entries, Nowhere);
        _moves.Clear();
    }

    public FrameAnswer Do(in FrameCommand command)
    {
        _moves.Clear();
        int frame = command.Frame.Value;
        CpuFrames<NoYield> cpu = new(_frames, command.Cpu.Value, default);
        return command.Kind switch
        {
            FrameCommandKind.Allocate => Allocate(cpu, command),
            FrameCommandKind.Release => new() { Outcome = cpu.Release(frame) },
            FrameCommandKind.Hold => new() { Outcome = Table.Hold(frame) },
            FrameCommandKind.Map or FrameCommandKind.MapFromHold => new() { Outcome = Map(command) },
            FrameCommandKind.Unmap or FrameCommandKind.UnmapToHold => new() { Outcome = Unmap(cpu, command) },
            FrameCommandKind.Pin => new() { Outcome = Table.Pin(frame) },
            FrameCommandKind.Unpin => new() { Outcome = cpu.Unpin(frame) },
            FrameCommandKind.EnterCache =>
                new() { Outcome = Table.EnterCache(frame, command.Page.Owner, command.Page.Index) },
            FrameCommandKind.LeaveCache => new() { Outcome = cpu.LeaveCache(frame) },
            FrameCommandKind.Mark => new() { Outcome = Table.Mark(frame, command.Flags) },
            FrameCommandKind.Write => new() { Outcome = Write(frame, command.Value) },
            FrameCommandKind.Compact => Compact(command.Order.Value),
            FrameCommandKind.Measure => new()
            {
                Outcome = FrameOutcome.Done,
                Index = FragmentationIndex.Of(_frames.Free, command.Order.Value),
                Unusable = FragmentationIndex.Unusable(_frames.Free, command.Order.Value),
            },
            _ => Drain(cpu, command),
        };
    }

    public void Show(Span<FrameView> frames)
    {
        int first = _start.Frames.First.Value;
        for (int place = 0; place < _start.Frames.Count; place++)
        {
            ref var record = ref Table[first + place];
            frames[place] = new()
            {
                Kind = record.Kind,
                Order = new((byte)record.Order),
                References = record.References,
                Mappings = record.Mappings,
                Pins = record.Pins,
                Flags = record.Flags,
                Page = new(record.Owner, record.Index),
                Content = _contents[first + place],
            };
        }
    }

    public int ShowFree(Span<FreeBlock> blocks)
    {
        int count = 0;
        for (byte order = 0; order <= FrameOrder.Most; order++)
        {
            for (int frame = _frames.Free.FirstOf(order); frame >= 0; frame = Table[frame].Next)
            {
                blocks[count++] = new(new(frame), new(order));
            }
        }

        return count;
    }

    public int ShowKept(CpuNumber cpu, Span<FrameNumber> frames)
    {
        var kept = _frames.CacheOf(cpu.Value).Frames;
        for (int place = 0; place < kept.Length; place++)
        {
            frames[place] = new(kept[place]);
        }

        return kept.Length;
    }

    public int ShowPlaces(FrameNumber frame, Span<FramePlace> places)
    {
        int count = 0;
        for (int node = Table[frame.Value].FirstMapping; node != 0; node = Table.Mapping(node).Next)
        {
            places[count++] = new(Table.Mapping(node).Space, Table.Mapping(node).Page);
        }

        return count;
    }

    public FrameNumber? EntryAt(FramePlace place) => Entry(place.Space, place.Page) is >= 0 and var frame
        ? new(frame) : null;

    public void Dispose()
    {
    }

    private static FrameAnswer Allocate(CpuFrames<NoYield> cpu, in FrameCommand command) =>
        cpu.TryAllocate(command.Order.Value, command.Use, out int frame)
            ? new() { Outcome = FrameOutcome.Done, Frame = new(frame) }
            : new() { Outcome = FrameOutcome.OutOfMemory };

    private ref int Entry(int space, ulong page) => ref _entries[space * Capabilities.Pages + (int)page];

    private FrameOutcome Map(in FrameCommand command)
    {
        var (frame, place) = (command.Frame.Value, command.Place);
        if (Entry(place.Space, place.Page) != Nowhere)
        {
            return FrameOutcome.Refused;
        }

        var outcome = command.Kind == FrameCommandKind.Map
            ? Table.Map(frame, place.Space, place.Page)
            : Table.MapFromHold(frame, place.Space, place.Page);
        if (outcome == FrameOutcome.Done)
        {
            Entry(place.Space, place.Page) = frame;
        }

        return outcome;
    }

    private FrameOutcome Unmap(CpuFrames<NoYield> cpu, in FrameCommand command)
    {
        var place = command.Place;
        int frame = Entry(place.Space, place.Page);
        if (frame == Nowhere)
        {
            return FrameOutcome.Refused;
        }

        Entry(place.Space, place.Page) = Nowhere;
        return command.Kind == FrameCommandKind.Unmap
            ? cpu.Unmap(frame, place.Space, place.Page)
            : Table.UnmapToHold(frame, place.Space, place.Page);
    }

    private FrameOutcome Write(int frame, uint content)
    {
        if (Table[frame].References == 0 || Table[frame].Kind == FrameKind.Zero)
        {
            return FrameOutcome.Refused;
        }

        _contents[frame] = content;
        return FrameOutcome.Done;
    }

    private FrameAnswer Compact(int order) => new()
    {
        Outcome = _compactor.TryCompact(order, new Mover(this), default(NoYield))
            ? FrameOutcome.Done : FrameOutcome.Refused,
    };

    private FrameAnswer Drain(CpuFrames<NoYield> cpu, in FrameCommand command)
    {
        switch (command.Kind)
        {
            case FrameCommandKind.Drain:
                cpu.Drain();
                break;
            case FrameCommandKind.DrainAll:
                cpu.DrainAll();
                break;
            default:
                _frames.FailsAt = command.Value == 0 ? 0 : _frames.Asked + command.Value;
                break;
        }

        return new() { Outcome = FrameOutcome.Done };
    }

    private readonly struct Mover(FrameMachine machine) : IFrameMover
    {
        public void Unmap(int space, ulong page, int frame) => machine.Entry(space, page) = Nowhere;

        public void Copy(int from, int to)
        {
            machine._contents[to] = machine._contents[from];
            machine._moves.Add(new(new(from), new(to)));
        }

        public void Map(int space, ulong page, int frame) => machine.Entry(space, page) = frame;

        // What a cache names is told by the frame alone here.
        public void Renew(int owner, uint index, int from, int to)
        {
        }
    }
}

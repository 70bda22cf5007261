using System.Runtime.CompilerServices;
using PageProof.Contract.Frames;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Frames;
using PageProof.Implementation.PageTables;

namespace PageProof.Tests.Frames;

/// <summary>What the laws do not reach: sizes, real limits, adapters, and what must not cost anything.</summary>
[InLane("frames")]
public sealed class FrameAllocatorTests
{
    private const int Frames = 64;
    private readonly FrameAllocator _frames = new(new(Frames, Frames), 0, Frames, 2, new(8, 4));

    private CpuFrames<NoYield> Cpu => new(_frames, 0, default);

    [Fact]
    public void A_record_has_32_bytes_and_a_mapping_16()
    {
        Assert.Equal(32, Unsafe.SizeOf<FrameRecord>());
        Assert.Equal(16, Unsafe.SizeOf<MappingNode>());
    }

    [Fact]
    public void Pins_stop_where_their_field_ends()
    {
        Assert.True(Cpu.TryAllocate(0, FrameKind.Anonymous, out int frame));
        for (int count = 0; count < ushort.MaxValue; count++)
        {
            Assert.Equal(FrameOutcome.Done, _frames.Table.Pin(frame));
        }

        Assert.Equal(FrameOutcome.Saturated, _frames.Table.Pin(frame));
        Assert.Equal(ushort.MaxValue, _frames.Table[frame].Pins);
        Assert.Equal(1 + ushort.MaxValue, _frames.Table[frame].References);
    }

    [Fact]
    public void References_stop_where_their_field_ends()
    {
        Assert.True(Cpu.TryAllocate(0, FrameKind.Kernel, out int frame));
        _frames.Table[frame].References = int.MaxValue - 1;
        Assert.Equal(FrameOutcome.Done, _frames.Table.Hold(frame));
        Assert.Equal(FrameOutcome.Saturated, _frames.Table.Hold(frame));
        Assert.Equal(int.MaxValue, _frames.Table[frame].References);
    }

    [Fact]
    public void Tables_come_from_it_and_go_back_to_it()
    {
        ITableSource source = Cpu;
        IFrameSink sink = Cpu;
        Assert.True(source.TryTake(out ulong table));
        Assert.Equal(FrameKind.Table, _frames.Table[(int)(table >> 12)].Kind);
        Assert.Equal(Frames - 1, _frames.FreeFrames);
        sink.ReturnTable(table);
        Assert.Equal(Frames, _frames.FreeFrames);
        _frames.FailsAt = _frames.Asked + 1;
        Assert.False(source.TryTake(out _));
        Assert.True(source.TryTake(out _));
    }

    [Fact]
    public void A_page_stays_held_until_it_comes_out_of_quarantine()
    {
        Assert.True(Cpu.TryAllocate(0, FrameKind.Anonymous, out int frame));
        var table = _frames.Table;
        Assert.Equal(FrameOutcome.Done, table.MapFromHold(frame, 1, 7));
        Assert.Equal(FrameOutcome.Refused, table.MapFromHold(frame, 1, 8));
        Assert.Equal(FrameOutcome.Done, table.UnmapToHold(frame, 1, 7));
        Assert.Equal((1, 0, 1), (table[frame].References, table[frame].Mappings, table[frame].Holds));
        Cpu.ReturnPage((ulong)frame << 12, PageSize.Size4K);
        Assert.Equal(Frames, _frames.FreeFrames);
        Assert.Equal(Frames, table.MappingsFree);
    }

    [Fact]
    public void A_frame_on_its_way_back_is_nobodys_any_more()
    {
        Assert.True(Cpu.TryAllocate(0, FrameKind.File, out int frame));
        Attempts attempts = new();
        CpuFrames<Attempts.Points> watched = new(_frames, 0, new(attempts, _frames.Table, frame));
        Assert.Equal(FrameOutcome.Freed, watched.Release(frame));
        Assert.Equal(Enumerable.Repeat(FrameOutcome.Refused, 5), attempts.Outcomes);
        Assert.Equal(FrameOutcome.Refused, Cpu.Release(frame));
    }

    [Fact]
    public void What_is_empty_asks_for_the_lock_and_what_is_not_does_not()
    {
        List<YieldKind> points = [];
        CpuFrames<Recorded> cpu = new(_frames, 1, new(points));
        for (int frame = 0; frame < 4; frame++)
        {
            Assert.True(cpu.TryAllocate(0, FrameKind.Kernel, out _));
        }

        Assert.Equal([YieldKind.Lock], points);
        Assert.True(cpu.TryAllocate(1, FrameKind.Kernel, out int block));
        cpu.Release(block);
        cpu.Drain();
        Assert.Equal(
            [YieldKind.Lock, YieldKind.Lock, YieldKind.FrameRelease, YieldKind.Lock, YieldKind.Lock], points);
    }

    [Fact]
    public void A_lock_is_asked_for_wherever_others_may_have_the_free_blocks()
    {
        List<YieldKind> points = [];
        FrameAllocator frames = new(new(4, 4), 0, 4, 1, new(2, 1));
        CpuFrames<Recorded> cpu = new(frames, 0, new(points));
        cpu.DrainAll();
        Assert.Equal([YieldKind.Lock], points);
        Compactor compactor = new(frames, 0, 4);
        Assert.True(compactor.TryCompact(2, new Told([]), new Recorded(points)));
        Assert.Equal(2, points.Count);
        for (int frame = 0; frame < 3; frame++)
        {
            cpu.TryAllocate(0, FrameKind.Kernel, out _);
        }

        points.Clear();
        cpu.Release(0);
        cpu.Release(1);
        Assert.Equal([YieldKind.FrameRelease, YieldKind.FrameRelease], points);
        points.Clear();
        cpu.Release(2);
        Assert.Equal([YieldKind.FrameRelease, YieldKind.Lock], points);
        points.Clear();
        Assert.False(cpu.TryAllocate(3, FrameKind.Kernel, out _));
        Assert.Equal([YieldKind.Lock, YieldKind.Lock], points);
    }

    [Fact]
    public void Nothing_is_allocated_where_frames_come_and_go()
    {
        long Round()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < 200; round++)
            {
                Cpu.TryAllocate(0, FrameKind.Anonymous, out int frame);
                _frames.Table.MapFromHold(frame, 0, (ulong)round);
                Cpu.TryAllocate(3, FrameKind.Kernel, out int block);
                Cpu.Release(block);
                Cpu.Unmap(frame, 0, (ulong)round);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Round();
        Assert.Equal(0, Round());
        Assert.Equal(Frames, _frames.FreeFrames);
    }

    [Fact]
    public void Marks_neither_set_nor_clear_that_a_cache_names_a_frame()
    {
        Assert.True(Cpu.TryAllocate(0, FrameKind.File, out int frame));
        Assert.Equal(FrameOutcome.Done, _frames.Table.Mark(frame, FrameFlags.Cached | FrameFlags.Dirty));
        Assert.Equal(FrameFlags.Dirty, _frames.Table[frame].Flags);
        Assert.Equal(FrameOutcome.Done, _frames.Table.EnterCache(frame, 1, 2));
        Assert.Equal(FrameOutcome.Done, _frames.Table.Mark(frame, FrameFlags.None));
        Assert.Equal(FrameFlags.Cached, _frames.Table[frame].Flags);
    }

    [Fact]
    public void Ranges_of_one_table_do_not_merge()
    {
        FrameTable table = new(2, 0);
        BuddyAllocator lower = new(table, 0, 1), upper = new(table, 1, 1);
        lower.GiveRange(0, 1);
        upper.GiveRange(1, 1);
        Assert.Equal((1, 1), (lower.BlocksOf(0), upper.BlocksOf(0)));
        Assert.False(lower.TryTakeFrame(1));
        Assert.False(upper.TryTakeFrame(0));
        Assert.True(upper.TryTakeFrame(1));
    }

    [Fact]
    public void Where_there_is_none_no_frame_is_told()
    {
        Assert.False(Cpu.TryAllocate(7, FrameKind.Kernel, out int none));
        Assert.Equal(-1, none);
        Assert.False(_frames.Free.TryTake(7, out none));
        Assert.Equal(-1, none);
    }

    /// <summary>After a reset everything is as it was in the beginning, whatever was in use.</summary>
    [Fact]
    public void A_reset_gives_all_frames_back_and_forgets_all_mappings()
    {
        for (int round = 0; round < 3; round++)
        {
            _frames.FailsAt = 3;
            Assert.True(Cpu.TryAllocate(0, FrameKind.Anonymous, out int frame));
            Assert.True(Cpu.TryAllocate(4, FrameKind.Kernel, out _));
            Assert.False(Cpu.TryAllocate(0, FrameKind.Anonymous, out int none));
            Assert.Equal(-1, none);
            for (int mapping = 0; mapping < Frames; mapping++)
            {
                Assert.Equal(FrameOutcome.Done, _frames.Table.Map(frame, 0, (ulong)mapping));
            }

            Assert.Equal(FrameOutcome.OutOfNodes, _frames.Table.Map(frame, 0, Frames));
            Assert.Equal(Frames - 17, _frames.FreeFrames);
            Assert.Equal(3, _frames.Asked);
            _frames.Reset(0, Frames);
            Assert.Equal((0L, 0L), (_frames.Asked, _frames.FailsAt));
            Assert.Equal((Frames, Frames), (_frames.FreeFrames, _frames.Table.MappingsFree));
            Assert.Equal(1, _frames.Free.BlocksOf(6));
            Assert.Equal(FrameKind.Tail, _frames.Table[frame + 1].Kind);
        }
    }

    [Fact]
    public void A_compactor_counts_what_it_moves_and_tells_caches()
    {
        List<int> held = [];
        while (Cpu.TryAllocate(0, FrameKind.File, out int frame))
        {
            held.Add(frame);
            _frames.Table.EnterCache(frame, 5, (uint)frame);
            Cpu.Release(frame);
        }

        Assert.Equal(Frames, held.Count);
        Cpu.LeaveCache(0);
        Cpu.LeaveCache(3);
        List<string> told = [];
        Compactor compactor = new(_frames, 0, Frames);
        Assert.True(compactor.TryCompact(1, new Told(told), default(NoYield)));
        Assert.Equal(["copy 1 to 3", "page 1 of 5 from 1 to 3"], told);
        Assert.Equal(1, compactor.Moved);
        Assert.True(compactor.TryCompact(1, new Told(told), default(NoYield)));
        Assert.Equal(1, compactor.Moved);
    }

    private readonly struct Told(List<string> told) : IFrameMover
    {
        public void Unmap(int space, ulong page, int frame) => told.Add("unmap");

        public void Copy(int from, int to) => told.Add($"copy {from} to {to}");

        public void Map(int space, ulong page, int frame) => told.Add("map");

        public void Renew(int owner, uint index, int from, int to) =>
            told.Add($"page {index} of {owner} from {from} to {to}");
    }

    private sealed class Attempts
    {
        public List<FrameOutcome> Outcomes { get; } = [];

        public readonly struct Points(Attempts attempts, FrameTable table, int frame) : IYield
        {
            public void Point(YieldKind kind)
            {
                attempts.Outcomes.AddRange(
                    table.Hold(frame), table.Pin(frame), table.Map(frame, 0, 0), table.MapFromHold(frame, 0, 0),
                    table.EnterCache(frame, 1, 1));
            }
        }
    }

    private readonly struct Recorded(List<YieldKind> points) : IYield
    {
        public void Point(YieldKind kind) => points.Add(kind);
    }
}

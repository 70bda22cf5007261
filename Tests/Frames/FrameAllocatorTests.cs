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

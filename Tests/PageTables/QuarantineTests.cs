using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;

namespace PageProof.Tests.PageTables;

/// <summary>
/// Frames on their way back: gathered, held back until the flush of their generation is complete, free; and
/// every other way throws.
/// </summary>
[InLane("pagetables")]
public sealed class QuarantineTests
{
    private const int Frames = 70;
    private readonly FrameQuarantine _quarantine = new();
    private readonly Gather _gather = new();
    private readonly List<string> _returned = [];

    [Fact]
    public void Nothing_comes_out_before_its_generation_is_complete()
    {
        Unmap(0x1000, PageSize.Size4K);
        _quarantine.TakeOver(_gather, 1);
        Unmap(0x20_0000, PageSize.Size2M);
        _quarantine.TakeOver(_gather, 2);
        Unmap(0x4000_0000, PageSize.Size1G);
        _quarantine.TakeOver(_gather, 2);
        Assert.Equal(3, _quarantine.Count);
        Release(0);
        Assert.Empty(_returned);
        Release(1);
        Assert.Equal(["page 0x1000 Size4K"], _returned);
        Release(2);
        Release(2);
        Assert.Equal(["page 0x1000 Size4K", "page 0x200000 Size2M", "page 0x40000000 Size1G"], _returned);
        Assert.Equal(0, _quarantine.Count);
        Assert.Equal(2UL, _quarantine.Completed);
    }

    [Fact]
    public void Every_frame_comes_out_once_and_in_its_turn_however_many_there_are()
    {
        List<string> expected = [];
        ulong generation = 0;
        for (int round = 1; round <= Frames; round++)
        {
            for (int page = 0; page < round; page++)
            {
                ulong frame = (ulong)(128 * round + page) << 12;
                Unmap(frame, PageSize.Size4K);
                expected.Add($"page 0x{frame:x} Size4K");
            }

            _quarantine.TakeOver(_gather, ++generation);
            if (round % 3 == 0)
            {
                Release(generation - 1);
                Assert.Equal(round, _quarantine.Count);
            }
        }

        Release(generation);
        Assert.Equal(expected, _returned);
    }

    [Fact]
    public void A_table_comes_out_as_a_table()
    {
        FreeList tables = new(0x1000, 3);
        var editor = Editor(tables);
        Assert.Equal(EditOutcome.Done, editor.Map(Page(0x5000), Mapping(0x7000), _gather));
        Assert.Equal(0, tables.Count);
        Assert.Equal(EditOutcome.Done, editor.Unmap(Page(0x5000), _gather));
        Assert.Equal(EditOutcome.Done, editor.FreeTables(Page(0x5000), _gather));
        Assert.True(_gather.TablesUnlinked);
        Assert.Equal([(ulong)PageSize.Size4K, 1UL], [(ulong)_gather.Stride, _gather.Steps]);
        _quarantine.TakeOver(_gather, 1);
        Assert.Equal(0, tables.Count);
        _quarantine.Release(1, new FreeList.ForTables(tables));
        Assert.Equal(3, tables.Count);
        _gather.Clear();
        Assert.False(_gather.NeedsFlush || _gather.TablesUnlinked);
        Assert.Equal(0UL, _gather.Steps);
    }

    [Fact]
    public void A_flush_that_is_over_protects_nothing()
    {
        Unmap(0x1000, PageSize.Size4K);
        _quarantine.TakeOver(_gather, 5);
        Unmap(0x2000, PageSize.Size4K);
        Assert.Throws<InvalidOperationException>(() => _quarantine.TakeOver(_gather, 4));
        Release(5);
        Assert.Throws<InvalidOperationException>(() => _quarantine.TakeOver(_gather, 5));
        Assert.Throws<InvalidOperationException>(() => Release(4));
        _quarantine.TakeOver(_gather, 6);
        Assert.Equal(1, _quarantine.Count);
    }

    [Fact]
    public void A_gather_that_holds_frames_back_is_not_forgotten()
    {
        Unmap(0x1000, PageSize.Size4K);
        Assert.Throws<InvalidOperationException>(_gather.Clear);
        _quarantine.TakeOver(_gather, 1);
        Assert.True(_gather.NeedsFlush);
        _gather.Clear();
        Assert.False(_gather.NeedsFlush);
    }

    [Fact]
    public void A_frame_is_free_once()
    {
        FreeList list = new(0x10_0000, 2);
        Assert.True(list.TryTake(out ulong first));
        Assert.True(list.TryTake(out ulong second));
        Assert.Equal([0x10_0000UL, 0x10_1000UL], [first, second]);
        Assert.False(list.TryTake(out _));
        list.Return(first);
        Assert.Equal(1, list.Count);
        Assert.Throws<InvalidOperationException>(() => list.Return(first));
        Assert.Throws<InvalidOperationException>(() => list.Return(0x10_2000));
        Assert.Throws<InvalidOperationException>(() => list.Return(0xF_F000));
        Assert.True(list.TryTake(out ulong again));
        Assert.Equal(first, again);
    }

    // A page of any size, mapped and unmapped in tables of its own.
    private void Unmap(ulong frame, PageSize size)
    {
        var editor = Editor(new(0x1000, 3));
        PageRange range = new(default, new(1UL << (int)size));
        Assert.Equal(EditOutcome.Done, editor.Map(range, Mapping(frame) with { Size = size }, new()));
        Assert.Equal(EditOutcome.Done, editor.Unmap(range, _gather));
    }

    private static PageTableEditor<FlatMemory, FreeList.ForTables, NoYield> Editor(FreeList tables) =>
        new(new(new ulong[4 * 512], new(4 * 4096)), new(tables), default, default, 4);

    private static PageRange Page(ulong address) => new(new(address), new(4096));

    private static PageMapping Mapping(ulong frame) => new() { Frame = new(frame), Size = PageSize.Size4K };

    private void Release(ulong completed) => _quarantine.Release(completed, new Sink(_returned));

    private readonly struct Sink(List<string> returned) : IFrameSink
    {
        public void ReturnPage(ulong frame, PageSize size) => returned.Add($"page 0x{frame:x} {size}");

        public void ReturnTable(ulong frame) => returned.Add($"table 0x{frame:x}");
    }
}

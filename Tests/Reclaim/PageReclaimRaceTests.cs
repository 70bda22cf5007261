using PageProof.Contract.Kernel;
using PageProof.Contract.Reclaim;
using PageProof.Contract.Scheduling;

namespace PageProof.Tests.Reclaim;

/// <summary>
/// A page is given up, and while its device is busy others find it, or do away with it: it stays, or is gone at all.
/// </summary>
[InLane("reclaim")]
public sealed class PageReclaimRaceTests
{
    private const ulong Page = 0x10_0000_0000;

    private const string Own = """
        processes 3
        cpus 3
        0: swapon
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7
        """;

    private const string Shared = """
        processes 3
        cpus 3
        0: swapon
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7
        """;

    private const string File = """
        processes 3
        cpus 3
        file 0x1000 rw
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed
        0: store at=0x1000000000 length=0x8 value=0x7
        """;

    private const string GiveUp = "0: madvise at=0x1000000000 length=0x1000 advice=pageout";
    private const string Load = "0: load at=0x1000000000 length=0x8 cpu=1";
    private const string Store = "0: store at=0x1000000000 length=0x8 value=0x9 cpu=1";

    [Theory]
    [InlineData(Own, Load, 7)]
    [InlineData(Own, Store, 9)]
    [InlineData(Own, "0: pin at=0x1000000000 length=0x8 for=write cpu=1", 7)]
    [InlineData(Shared, Load, 7)]
    [InlineData(Shared, Store, 9)]
    [InlineData(File, Load, 7)]
    [InlineData(File, Store, 9)]
    [InlineData(File, "0: pin at=0x1000000000 length=0x8 cpu=1", 7)]
    public void What_others_find_while_the_device_is_busy_stays(string story, string meanwhile, ulong read)
    {
        using ReclaimStage stage = new(story);
        int frame = stage.FrameAt(Page);
        stage.Carry(GiveUp, YieldKind.InputOutput, meanwhile);
        var counts = stage.Counts;
        Assert.Equal(0, counts.SwappedOut + counts.SharedOut + counts.FilesDropped + counts.CleanDrops);
        Assert.Equal(frame, stage.FrameAt(Page));
        Assert.Equal(PageStanding.Cold, stage.StandingOf(frame));
        Assert.Equal(read, stage.Carry(Load).Value);
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData("0: pwrite offset=0x8 length=0x8 value=0x9 cpu=1")]
    [InlineData("0: splice length=0x8 cpu=1")]
    public void A_page_of_a_file_that_others_write_or_take_meanwhile_stays_in_its_cache(string meanwhile)
    {
        using ReclaimStage stage = new(File);
        int frame = stage.FrameAt(Page);
        stage.Carry(GiveUp, YieldKind.InputOutput, meanwhile);
        Assert.Equal((0, 0), (stage.Counts.FilesDropped, stage.FrameAt(Page)));
        Assert.Equal(frame, stage.Core.Cache.Find(0, 0));
        Assert.Equal(PageStanding.Cold, stage.StandingOf(frame));
        Assert.Equal(7UL, stage.Carry(Load).Value);
        stage.MustBeWhole();
    }

    [Fact]
    public void A_page_of_a_file_that_is_cut_off_meanwhile_is_nobody_s_and_is_not_written()
    {
        using ReclaimStage stage = new(File);
        int free = stage.Core.Pages.Frames.FreeFrames;
        stage.Carry(GiveUp, YieldKind.InputOutput, "0: ftruncate cpu=1", "0: ftruncate offset=0x1000 cpu=1");
        Assert.Equal((0, 0L, 1L), (stage.Counts.FilesDropped, stage.Transfers.Written, stage.Counts.Unevictable));
        Assert.Equal((0, free + 1), (stage.Core.Cache.Cached, stage.Core.Pages.Frames.FreeFrames));
        Assert.Equal(0UL, stage.Carry(Load).Value);
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData(Own, 1, 0)]
    [InlineData(Shared, 0, 0)]
    public void A_page_whose_process_ends_meanwhile_is_lost_to_nobody(string story, int own, int shared)
    {
        using ReclaimStage stage = new(story + "\n0: fork child=1\n1: munmap at=0x1000000000 length=0x1000");
        stage.Carry(GiveUp, YieldKind.InputOutput, "0: munmap at=0x1000000000 length=0x1000 cpu=1");
        Assert.Equal((own, shared), (stage.Counts.SwappedOut, stage.Counts.SharedOut));
        Assert.Equal(KernelAnswerKind.Done, stage.Carry("0: swapoff").Kind);
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData(Own)]
    [InlineData(Shared)]
    public void A_page_whose_device_is_given_up_meanwhile_stays_in_memory(string story)
    {
        using ReclaimStage stage = new(story);
        stage.Carry(GiveUp, YieldKind.InputOutput, "0: swapoff cpu=1");
        Assert.Equal((0, 0, 0L), (stage.Counts.SwappedOut, stage.Counts.SharedOut, stage.Counts.Written));
        Assert.Equal(0, stage.Core.Swap.On);
        Assert.Equal(7UL, stage.Carry(Load).Value);
        stage.MustBeWhole();
    }

    /// <summary>The write fails, and what is in the page is nowhere else.</summary>
    [Theory]
    [InlineData(Own)]
    [InlineData(Shared)]
    public void A_page_that_cannot_be_written_stays_and_goes_the_next_time(string story)
    {
        using ReclaimStage stage = new(story + "\n0: swapfault value=0x1");
        stage.Carry(GiveUp);
        Assert.Equal((1, 0, 0), (stage.Counts.WriteErrors, stage.Counts.SwappedOut, stage.Counts.SharedOut));
        Assert.Equal(7UL, stage.Carry(Load).Value);
        stage.Carry(GiveUp);
        var counts = stage.Counts;
        Assert.Equal((1, 2), (counts.SwappedOut + counts.SharedOut, counts.Written));
        Assert.Equal((0, 7UL), (stage.FrameAt(Page), stage.Carry(Load).Value));
        stage.MustBeWhole();
    }
}

using System.Numerics;
using PageProof.Contract.Kernel;
using PageProof.Contract.Reclaim;
using PageProof.Implementation.Reclaim;
using PageProof.Properties.Harness;
using PageProof.Spec.Reclaim;

namespace PageProof.Tests.Reclaim;

/// <summary>Which pages a kernel gives up, when, and how many: what no process can tell.</summary>
[InLane("reclaim")]
public sealed class PageReclaimTests
{
    private const ulong Page = 0x10_0000_0000;

    private const string Swap = "0: swapon device=2\n";

    private const string FilePages =
        "0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=shared,fixed,populate\n";

    private const string OwnPages =
        "0: mmap at=0x1000000000 length=0x8000 protection=read,write flags=private,fixed,anonymous,populate\n";

    private const string SharedPages =
        "0: mmap at=0x1000000000 length=0x8000 protection=read,write flags=shared,fixed,anonymous,populate\n";

    private const string ManyPages =
        "0: mmap at=0x1000100000 length=0x64000 protection=read,write flags=private,fixed,anonymous,populate\n";

    private const string Start = "processes 3\ncpus 3\nfile 0x2000 rw\n";

    /// <summary>
    /// The Spec of two lists has the diagram; here it is the page of a file that goes along its edges. With each look
    /// at it another page goes, so that there is one look at a time.
    /// </summary>
    [Fact]
    public void A_page_of_a_kernel_goes_along_the_edges_of_two_lists()
    {
        using ReclaimStage stage = new(Start + Swap + ManyPages
            + "0: mmap at=0x1000000000 length=0x1000 protection=read flags=shared,fixed\n");
        ReplacementSettings settings = new(ReplacementKind.TwoList, 1, 1, 0, 1);
        var state = TwoListLruSpec.Begin(settings);
        CaseRandom random = new(9, 0);
        HashSet<(PageStanding, PageStanding)> edges = [];
        for (ulong other = 0; other < 100; other++)
        {
            ReverseMapping.TakeUsed(stage.Cpu, stage.FrameAt(Page + 0x10_0000 + 0x1000 * other), out _);
        }

        for (int step = 0; step < 80; step++)
        {
            if (state.Pages.IsEmpty || random.OneIn(2))
            {
                stage.Forget(Page);
                Assert.Equal(KernelAnswerKind.Done, stage.Carry("0: load at=0x1000000000 length=0x8").Kind);
                state = (TwoListState)TwoListLruSpec.Next(state, new(new(1), ReferenceMask.Read)).State;
            }

            int frame = stage.FrameAt(Page);
            var scan = TwoListLruSpec.Scan(state);
            Assert.Equal(scan.From, stage.StandingOf(frame));
            stage.Carry("0: reclaim length=0x1000");
            Assert.Equal(scan.To, stage.StandingOf(frame));
            Assert.Equal(scan.To == PageStanding.None ? 0 : frame, stage.FrameAt(Page));
            state = scan.State;
            edges.Add((scan.From, scan.To));
        }

        Assert.Equal(8, edges.Count);
        stage.MustBeWhole();
    }

    [Fact]
    public void Pages_of_files_and_others_take_turns_and_each_has_its_second_chance()
    {
        using ReclaimStage stage = new(Start + Swap + FilePages
            + "0: mmap at=0x1000010000 length=0x2000 protection=read,write flags=private,fixed,anonymous\n"
            + "0: checksum at=0x1000000000 length=0x2000\n"
            + "0: store at=0x1000010000 length=0x8 value=0x7\n0: store at=0x1000011000 length=0x8 value=0x8\n");
        stage.Carry("0: reclaim length=0x1000");
        Assert.Equal((1, 0, 4), (stage.Counts.FilesDropped, stage.Counts.SwappedOut, stage.Counts.SecondChances));
        Assert.Equal(0, stage.FrameAt(Page));
        stage.Carry("0: reclaim length=0x2000");
        Assert.Equal((2, 1, 4), (stage.Counts.FilesDropped, stage.Counts.SwappedOut, stage.Counts.SecondChances));
        Assert.Equal((0, 0), (stage.FrameAt(Page + 0x1000), stage.FrameAt(Page + 0x10000)));
        Assert.NotEqual(0, stage.FrameAt(Page + 0x11000));
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData(FilePages, 2)]
    [InlineData(Swap + OwnPages, 8)]
    [InlineData(Swap + SharedPages, 8)]
    public void What_is_locked_is_looked_at_ten_times_and_rises(string story, int pages)
    {
        string range = $"at=0x1000000000 length=0x{pages:x}000";
        using ReclaimStage stage = new(Start + story + $"0: mlock {range}\n0: reclaim length=0x10000\n");
        Assert.Equal(10 * pages, stage.Counts.Unevictable);
        var standings = Enumerable.Range(0, pages)
            .Select(page => stage.StandingOf(stage.FrameAt(Page + 0x1000 * (ulong)page))).ToList();

        // As soon as more are on the active list than on the other, those are looked at.
        Assert.Equal(pages / 2 + 1, standings.Count(each => each == PageStanding.Warm));
        Assert.Equal((pages - 1) / 2, standings.Count(each => each == PageStanding.Cold));
        Assert.Equal(KernelAnswerKind.Done, stage.Carry($"0: munlock {range}").Kind);
        stage.Carry("0: reclaim length=0x1000");
        var counts = stage.Counts;
        Assert.Equal(1, counts.FilesDropped + counts.SwappedOut + counts.SharedOut);
        stage.Carry("0: reclaim length=0x10000");
        counts = stage.Counts;
        Assert.Equal(pages, counts.FilesDropped + counts.SwappedOut + counts.SharedOut);

        // Which has been looked at was used before that.
        Assert.Equal((pages - 1) / 2, counts.SecondChances);
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData(18, 0)]
    [InlineData(17, 5)]
    [InlineData(10, 12)]
    public void The_background_makes_room_below_the_second_mark_up_to_the_third(int free, int made)
    {
        using ReclaimStage stage = new(Start + Swap + ManyPages);
        stage.Leave(free);
        PageReclaim.Balance(stage.Cpu);
        Assert.Equal(free + made, stage.Core.Pages.Frames.FreeFrames);
        Assert.Equal((made > 0 ? 1 : 0, 0, made), EventsOf(stage));
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData(15, 0)]
    [InlineData(14, 1)]
    [InlineData(9, 6)]
    public void Who_needs_frames_makes_room_below_the_first_mark(int free, int made)
    {
        using ReclaimStage stage = new(Start + Swap + ManyPages);
        stage.Leave(free);
        PageReclaim.KeepReserve(stage.Cpu);
        Assert.Equal(free + made, stage.Core.Pages.Frames.FreeFrames);
        Assert.Equal((0, made > 0 ? 1 : 0, made), EventsOf(stage));
        stage.MustBeWhole();
    }

    [Fact]
    public void Who_has_found_too_little_makes_room_for_four_pages_once()
    {
        using ReclaimStage stage = new(Start + Swap + ManyPages);
        Assert.False(PageReclaim.TryMakeRoom(stage.Cpu));
        var cache = stage.Core.Pages.Frames.CacheOf(0);
        cache.Lacks = true;
        Assert.True(PageReclaim.TryMakeRoom(stage.Cpu));
        Assert.Equal((0, 1, 4), EventsOf(stage));
        Assert.False(cache.Lacks);
        Assert.False(PageReclaim.TryMakeRoom(stage.Cpu));
        Assert.Equal((0, 1, 4), EventsOf(stage));
        stage.MustBeWhole();
    }

    [Fact]
    public void Who_finds_nothing_that_can_go_is_told_so()
    {
        using ReclaimStage stage = new(Start + ManyPages);
        stage.Core.Pages.Frames.CacheOf(0).Lacks = true;
        Assert.False(PageReclaim.TryMakeRoom(stage.Cpu));
        Assert.Equal((0, 1, 0), EventsOf(stage));
        Assert.Equal(0, PageReclaim.Shrink(stage.Cpu, 5));
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData(OwnPages, 0, 0, 0)]
    [InlineData(SharedPages, 0, 0, 8)]
    [InlineData("0: swapon\n" + OwnPages, 6, 0, 2)]
    [InlineData("0: swapon\n" + SharedPages, 0, 6, 2)]
    public void As_many_pages_go_as_there_are_slots(string story, int own, int shared, int full)
    {
        using ReclaimStage stage = new(Start + story);
        stage.Carry("0: madvise at=0x1000000000 length=0x8000 advice=pageout");
        Assert.Equal(
            (own, shared, full), (stage.Counts.SwappedOut, stage.Counts.SharedOut, stage.Counts.DeviceFull));
        ulong present = stage.Carry("0: presence at=0x1000000000 length=0x8000").Value;
        Assert.Equal(8 - own - shared, BitOperations.PopCount(present));
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData("", 0, 2, 2)]
    [InlineData("0: store at=0x1000000000 length=0x8 value=0x7\n", 1, 2, 1)]
    [InlineData("0: pwrite length=0x8 value=0x7\n0: fsync\n", 1, 2, 2)]
    [InlineData("0: fork child=1\n1: load at=0x1000000000 length=0x8\n", 0, 0, 0)]
    [InlineData("0: pin at=0x1000000000 length=0x8\n", 0, 1, 1)]
    [InlineData("0: splice length=0x8\n", 0, 1, 1)]
    [InlineData("0: mprotect at=0x1000000000 length=0x2000\n", 0, 2, 2)]
    public void Pages_of_files_go_that_one_process_maps_and_nobody_keeps(
        string then, long written, int dropped, int clean)
    {
        using ReclaimStage stage = new(Start + FilePages + then);
        stage.Carry("0: madvise at=0x1000000000 length=0x2000 advice=pageout");
        Assert.Equal((written, 0L), stage.Transfers);
        Assert.Equal((dropped, clean), (stage.Counts.FilesDropped, stage.Counts.CleanDrops));
        Assert.Equal(2 - dropped, stage.Core.Cache.Cached);
        Assert.Equal(dropped == 1 ? 1 : 0, stage.Counts.Unevictable);
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData("0: pin at=0x1000000000 length=0x8 for=write\n")]
    [InlineData("0: vmsplice at=0x1000000000 length=0x8\n")]
    public void What_a_device_or_a_pipe_has_stays_on_its_list(string keeps)
    {
        using ReclaimStage stage = new(Start + Swap + OwnPages + keeps);
        int frame = stage.FrameAt(Page);
        stage.Carry("0: madvise at=0x1000000000 length=0x1000 advice=pageout");
        Assert.Equal((frame, PageStanding.Cold), (stage.FrameAt(Page), stage.StandingOf(frame)));
        Assert.Equal((0, 1), (stage.Counts.SwappedOut, stage.Counts.Unevictable));
        stage.MustBeWhole();
    }

    [Fact]
    public void What_nobody_has_listed_is_let_go()
    {
        using ReclaimStage stage = new(Start + Swap);
        int free = stage.Core.Pages.Frames.FreeFrames;
        Assert.True(stage.Cpu.TryTake(Contract.Frames.FrameKind.Anonymous, out int frame));
        PageReclaim.PageOut(stage.Cpu, frame);
        Assert.Equal(free, stage.Core.Pages.Frames.FreeFrames);
        stage.MustBeWhole();
    }

    private static (long Background, long Direct, long Out) EventsOf(ReclaimStage stage) =>
        (stage.Counts.BackgroundReclaims, stage.Counts.DirectReclaims, stage.Counts.SwappedOut);
}

using PageProof.Implementation.Reclaim;

namespace PageProof.Tests.Reclaim;

/// <summary>What is known of a page is known of it in its new frame: where it stands, and if it was used.</summary>
[InLane("reclaim")]
public sealed class PageMigrationTests
{
    private const ulong Page = 0x10_0000_0000;

    private const int Pages = 44;

    private const string Own = """
        processes 3
        cpus 2
        0: swapon
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7

        """;

    private const string File = """
        processes 3
        cpus 2
        file 0x1000 rw
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed
        0: store at=0x1000000000 length=0x8 value=0x7

        """;

    private const string Shared = """
        processes 3
        cpus 2
        0: swapon
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7

        """;

    // One more than there are.
    private const int OrderTooLarge = 11;

    private const string Move = "0: compact at=0x1000000000 length=0x1000";

    [Theory]
    [InlineData(Own, "", true)]
    [InlineData(File, "", true)]
    [InlineData(Shared, "", true)]
    [InlineData(Own, "0: pin at=0x1000000000 length=0x8 for=write", false)]
    [InlineData(File, "0: splice length=0x8", false)]
    public void A_page_stands_where_it_stood(string story, string then, bool moves)
    {
        foreach (bool active in (bool[])[false, true])
        {
            foreach (bool found in (bool[])[false, true])
            {
                using ReclaimStage stage = new(story + then);
                var lists = stage.Core.Lists;
                int frame = stage.FrameAt(Page);
                var list = lists.ListOf(frame) | (active ? PageList.ActiveAnonymous : 0);
                lists.Remove(frame);
                lists.Add(frame, list, found);
                var standing = stage.StandingOf(frame);
                stage.Carry(Move);
                int now = stage.FrameAt(Page);
                Assert.Equal((moves ? 1 : 0, moves ? 0 : 1), (stage.Counts.Moved, stage.Counts.Stayed));
                Assert.Equal(moves, now != frame);
                Assert.Equal((list, standing), (lists.ListOf(now), stage.StandingOf(now)));
                stage.MustBeWhole();
            }
        }
    }

    [Theory]
    [InlineData(Own)]
    [InlineData(File)]
    [InlineData(Shared)]
    public void A_page_that_was_used_has_its_second_chance_in_its_new_frame(string story)
    {
        foreach (bool used in (bool[])[false, true])
        {
            using ReclaimStage stage = new(story);
            if (!used)
            {
                Assert.True(ReverseMapping.TakeUsed(stage.Cpu, stage.FrameAt(Page), out _));
            }

            stage.Carry(Move);
            stage.Carry("0: reclaim length=0x1000");
            var counts = stage.Counts;
            Assert.Equal((used ? 1 : 0, 1), (counts.SecondChances, counts.Moved));
            Assert.Equal(1, counts.SwappedOut + counts.FilesDropped + counts.SharedOut);
            Assert.Equal(0, counts.CleanDrops);
            Assert.Equal(7UL, stage.Carry("0: load at=0x1000000000 length=0x8").Value);
            stage.MustBeWhole();
        }
    }

    /// <summary>What a process may do, and what it costs, is the same as if its page had stayed.</summary>
    [Theory]
    [InlineData(Own, "", "")]
    [InlineData(Own, "0: mprotect at=0x1000000000 length=0x1000 protection=read", "protection=read,write")]
    [InlineData(Own, "0: mprotect at=0x1000000000 length=0x1000", "protection=read,write")]
    [InlineData(Own, "", "protection=read")]
    [InlineData(Own, "0: fork child=1", "")]
    [InlineData(Own, "0: fork child=1\n1: exit", "")]
    [InlineData(Own, "0: fork child=1\n1: exit\n0: store at=0x1000000000 length=0x8 value=0x8", "")]
    [InlineData(Own, "0: madvise at=0x1000000000 length=0x1000 advice=pageout\n0: load at=0x1000000000 length=0x8", "")]
    [InlineData(File, "", "")]
    [InlineData(File, "0: fsync", "")]
    [InlineData(File, "0: mprotect at=0x1000000000 length=0x1000 protection=read", "protection=read,write")]
    [InlineData(File, "0: mprotect at=0x1000000000 length=0x1000", "protection=read,write")]
    [InlineData(Shared, "", "")]
    [InlineData(Shared, "0: fork child=1\n1: load at=0x1000000000 length=0x8", "")]
    [InlineData(Shared, "0: mprotect at=0x1000000000 length=0x1000 protection=read", "protection=read,write")]
    public void A_page_that_has_moved_is_reached_as_before(string story, string before, string after)
    {
        string[] then =
        [
            .. after.Length == 0 ? (string[])[] : [$"0: mprotect at=0x1000000000 length=0x1000 {after}"],
            "0: load at=0x1000000000 length=0x8 cpu=1",
            "0: store at=0x1000000000 length=0x8 value=0x9",
            "0: load at=0x1000000000 length=0x8 cpu=1",
            "1: load at=0x1000000000 length=0x8",
        ];
        using ReclaimStage stayed = new(story + before), moved = new(story + before);
        moved.Carry(Move);
        Assert.Equal(1, moved.Counts.Moved);
        Assert.Equal(then.Select(stayed.Carry), then.Select(moved.Carry));
        stayed.MustBeWhole();
        moved.MustBeWhole();
    }

    [Theory]
    [InlineData(8)]
    [InlineData(OrderTooLarge)]
    [InlineData(3)]
    public void No_page_moves_for_a_block_that_cannot_be_or_is_free(int order)
    {
        using ReclaimStage stage = new(Own);
        stage.Carry($"0: compact value=0x{order:x}");
        Assert.Equal((0, 0), (stage.Counts.Moved, stage.Counts.Stayed));
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData("pin at=PAGE length=0x8 for=write")]
    [InlineData("vmsplice at=PAGE length=0x8")]
    public void A_block_with_a_page_that_cannot_move_is_not_emptied(string keeps)
    {
        using ReclaimStage free = new(Scattered), kept = new(Scattered);
        var moved = MovedForBlock(free);
        Assert.InRange(moved.Count, 1, 8);
        kept.Carry("0: " + keeps.Replace("PAGE", $"0x{moved[0]:x}", StringComparison.Ordinal));
        var others = MovedForBlock(kept);
        Assert.NotEmpty(others);
        Assert.Empty(others.Intersect(moved));
        free.MustBeWhole();
        kept.MustBeWhole();
    }

    // Every second page is given up, so that no two frames that are free lie side by side.
    private static string Scattered => string.Join('\n',
    [
        "processes 1",
        "frames 60",
        $"0: mmap at=0x{Page:x} length=0x{Pages:x}000 protection=read,write flags=private,fixed,anonymous",
        .. Enumerable.Range(0, Pages).Select(page => $"0: store at=0x{AddressOf(page):x} length=0x8 value=0x7"),
        .. Enumerable.Range(0, Pages / 2).Select(page => $"0: munmap at=0x{AddressOf(2 * page):x} length=0x1000"),
    ]);

    private static ulong AddressOf(int page) => Page + 0x1000 * (ulong)page;

    // The pages that are in another frame when a block of eight has been made free.
    private static List<ulong> MovedForBlock(ReclaimStage stage)
    {
        var before = Enumerable.Range(0, Pages / 2).Select(page => AddressOf(2 * page + 1))
            .ToDictionary(page => page, page => stage.FrameAt(page));
        stage.Carry("0: compact value=0x3");
        Assert.Equal(0, stage.Counts.Stayed);
        return [.. before.Where(each => stage.FrameAt(each.Key) != each.Value).Select(each => each.Key)];
    }
}

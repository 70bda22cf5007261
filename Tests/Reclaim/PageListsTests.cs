using PageProof.Contract.Frames;
using PageProof.Implementation.Frames;
using PageProof.Implementation.Reclaim;
using PageProof.Properties.Harness;

namespace PageProof.Tests.Reclaim;

/// <summary>The four lists of pages beside plain lists; what moves, and how many frames are to be free.</summary>
[InLane("reclaim")]
public sealed class PageListsTests
{
    private const int Frames = 12;

    [Fact]
    public void Frames_enter_at_heads_and_are_looked_at_from_tails()
    {
        FrameTable table = new(Frames, 1);
        PageLists lists = new(table);
        List<int>[] kept = [[], [], [], []];
        var found = new bool[Frames];
        CaseRandom random = new(3, 0);
        for (int step = 0; step < 2_000; step++)
        {
            int frame = random.Below(Frames);
            lists.Remove(frame);
            Array.ForEach(kept, each => each.Remove(frame));
            if (!random.OneIn(3))
            {
                int list = random.Below(kept.Length);
                found[frame] = random.OneIn(2);
                lists.Add(frame, (PageList)list, found[frame]);
                kept[list].Insert(0, frame);
                Assert.Equal((PageList)list, lists.ListOf(frame));
            }

            AreSame(kept, found, lists, table);
        }

        lists.Reset();
        Assert.Equal(0, lists.Count);
        foreach (var list in Enum.GetValues<PageList>())
        {
            Assert.Equal((-1, 0), (lists.TailOf(list), lists.CountOf(list)));
            Assert.Empty(lists.From(list));
        }
    }

    /// <summary>An audit goes through lists of which it does not know yet that they are right.</summary>
    [Fact]
    public void Links_that_go_around_are_followed_to_as_many_frames_as_there_are()
    {
        PageLists lists = new(new(Frames, 1));
        lists.Add(5, PageList.ActiveFile);
        lists.Add(5, PageList.ActiveFile);
        Assert.Equal(Enumerable.Repeat(5, Frames), lists.From(PageList.ActiveFile));
    }

    [Fact]
    public void Of_a_page_on_its_way_is_known_how_many_entries_say_so()
    {
        Migrations moves = new(3);
        Assert.True(moves.AreOver);
        moves.Begin(1, 7);
        moves.Begin(2, 9);
        Assert.False(moves.AreOver);
        Assert.Equal((true, true, false), (moves.IsMoving(7), moves.IsMoving(9), moves.IsMoving(8)));
        moves.Add(9, 2);
        moves.Add(9, -1);
        moves.Add(8, 5);
        Assert.Equal((0, 1, 0), (moves.EntriesOf(7), moves.EntriesOf(9), moves.EntriesOf(8)));
        moves.Begin(2, 8);
        Assert.Equal((0, 0), (moves.EntriesOf(8), moves.EntriesOf(9)));
        moves.End(1);
        Assert.Equal((false, false, true), (moves.AreOver, moves.IsMoving(7), moves.IsMoving(8)));
        moves.End(2);
        Assert.True(moves.AreOver);
        moves.Begin(0, 4);
        Assert.True(moves.IsMoving(4));
        moves.Reset();
        Assert.True(moves.AreOver);
    }

    /// <summary>The root of sixteen times the kilobytes, in frames of four; a quarter and a half more above.</summary>
    [Theory]
    [InlineData(4096, 128, 160, 192)]
    [InlineData(100_000, 632, 790, 948)]
    [InlineData(64, 4, 5, 6)]
    [InlineData(128, 8, 10, 12)]
    [InlineData(20, 1, 2, 3)]
    [InlineData(8, 1, 2, 3)]
    public void So_many_frames_are_to_be_free(int frames, int min, int low, int high) =>
        Assert.Equal(new(min, low, high), FrameMarks.Of(frames));

    private static void AreSame(List<int>[] kept, bool[] found, PageLists lists, FrameTable table)
    {
        for (int list = 0; list < kept.Length; list++)
        {
            Assert.Equal(kept[list], lists.From((PageList)list));
            Assert.Equal(kept[list].Count, lists.CountOf((PageList)list));
            Assert.Equal(kept[list].Count == 0 ? -1 : kept[list][^1], lists.TailOf((PageList)list));
            Assert.All(kept[list], frame => Assert.Equal(found[frame], lists.WasFoundUsed(frame)));
        }

        Assert.Equal(kept.Sum(each => each.Count), lists.Count);
        for (int frame = 0; frame < Frames; frame++)
        {
            bool listed = kept.Any(each => each.Contains(frame));
            Assert.Equal(listed, (table[frame].Flags & FrameFlags.Listed) != 0);
        }
    }
}

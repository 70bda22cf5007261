using System.Reflection;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Properties.Harness;

namespace PageProof.Tests.AddressSpaces;

/// <summary>
/// The tree of areas beside a sorted list of their ends: what is found in one is found in the other, with many more
/// areas than a sequence of commands makes; and a tree that keeps something wrong of a node is not called sound.
/// </summary>
[InLane("addressspaces")]
public sealed class AreaTreeTests
{
    private const ulong Page = 0x1000;
    private const int Pages = 400;
    private const int Rounds = 4;
    private const int Steps = 600;

    [Fact]
    public void What_is_found_is_what_a_sorted_list_finds()
    {
        AreaTree tree = new(), copy = new();
        for (int round = 0; round < Rounds; round++)
        {
            CaseRandom random = new(3, round);
            SortedList<ulong, ulong> plain = [];
            tree.Clear();
            ulong sequence = 0;
            for (int step = 0; step < Steps; step++)
            {
                // More come than go in the first half.
                bool changed = Change(ref random, tree, plain, step < Steps / 2 ? 4 : 2);
                Assert.Equal(changed, tree.Sequence > sequence);
                sequence = tree.Sequence;
                Compare(ref random, tree, plain);
            }

            ulong before = copy.Sequence;
            copy.CopyFrom(tree);
            Assert.True(copy.Sequence > before);
            Compare(ref random, copy, plain);
            Change(ref random, copy, new(plain), 4);
            Compare(ref random, tree, plain);
        }
    }

    [Fact]
    public void A_tree_that_was_cleared_is_empty()
    {
        AreaTree tree = new();
        int node = tree.Insert(Of(3, 5), default(NoYield));
        tree.Insert(Of(7, 9), default(NoYield));
        tree.Remove(node, default(NoYield));
        tree.Clear();
        Assert.Equal((0, 0, 0, 0UL), (tree.Count, tree.First, tree.Last(), tree.Sequence));
        Assert.Equal(0, tree.FirstEndingAbove(0));
        Assert.True(tree.IsSound());
    }

    [Theory]
    [InlineData("Gap", 0x5UL)]
    [InlineData("GapMost", 0x5UL)]
    [InlineData("Left", 0)]
    [InlineData("Right", 0)]
    [InlineData("Previous", 0)]
    [InlineData("Next", 0)]
    [InlineData("Height", 9)]
    [InlineData("Attached", false)]
    public void What_is_kept_wrongly_of_a_node_is_noticed(string field, object wrong)
    {
        var nodes = typeof(AreaTree).GetField("_nodes", BindingFlags.Instance | BindingFlags.NonPublic)!;
        for (int damaged = 1; damaged <= 9; damaged++)
        {
            var tree = Grown(9);
            var array = (Array)nodes.GetValue(tree)!;
            object node = array.GetValue(damaged)!;
            var kept = node.GetType().GetField(field)!;
            bool same = kept.GetValue(node)!.Equals(wrong);
            kept.SetValue(node, wrong);
            array.SetValue(node, damaged);
            Assert.Equal(same, tree.IsSound());
        }
    }

    [Theory]
    [InlineData("_first", 2)]
    [InlineData("_root", 1)]
    [InlineData("<Count>k__BackingField", 8)]
    public void What_is_kept_wrongly_of_the_whole_is_noticed(string field, int wrong)
    {
        var tree = Grown(9);
        Assert.True(tree.IsSound());
        typeof(AreaTree).GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(tree, wrong);
        Assert.False(tree.IsSound());
    }

    // A list is a tree as well, but not one that is searched fast.
    [Fact]
    public void A_tree_that_leans_is_noticed()
    {
        var nodes = typeof(AreaTree).GetField("_nodes", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var tree = Grown(3);
        var array = (Array)nodes.GetValue(tree)!;
        Set(1, ("Left", 0), ("Right", 2), ("Height", 3), ("GapMost", Page));
        Set(2, ("Left", 0), ("Right", 3), ("Height", 2), ("GapMost", Page));
        Set(3, ("Left", 0), ("Right", 0), ("Height", 1), ("GapMost", Page));
        typeof(AreaTree).GetField("_root", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(tree, 1);
        Assert.Equal(3, tree.Last());
        Assert.False(tree.IsSound());

        void Set(int place, params (string Name, object Value)[] values)
        {
            object node = array.GetValue(place)!;
            foreach (var (name, value) in values)
            {
                node.GetType().GetField(name)!.SetValue(node, value);
            }

            array.SetValue(node, place);
        }
    }

    // Of one page each, with a page between them, in the order of their nodes.
    private static AreaTree Grown(int count)
    {
        AreaTree tree = new();
        for (int area = 0; area < count; area++)
        {
            tree.Insert(Of(1 + 2 * area, 2 + 2 * area), default(NoYield));
        }

        return tree;
    }

    private static Area Of(int start, int end) => new() { Start = (ulong)start * Page, End = (ulong)end * Page };

    private static bool Change(ref CaseRandom random, AreaTree tree, SortedList<ulong, ulong> plain, int coming)
    {
        ulong start = (ulong)random.Below(Pages) * Page, end = start + (ulong)(1 + random.Below(3)) * Page;
        int node = tree.FirstEndingAbove(start);
        bool free = node == 0 || tree[node].Start >= end;
        if (random.Below(6) < coming && free)
        {
            node = tree.Insert(new() { Start = start, End = end }, default(NoYield));
            Assert.Equal(start, tree[node].Start);
            plain.Add(start, end);
        }
        else if (node == 0)
        {
            return false;
        }
        else if (random.OneIn(3) && tree[node].End - tree[node].Start > Page)
        {
            var area = tree[node];
            plain.Remove(area.Start);
            var (from, to) = random.OneIn(2) ? (area.Start + Page, area.End) : (area.Start, area.End - Page);
            tree.Resize(node, from, to);
            plain.Add(from, to);
        }
        else if (random.OneIn(3) && IsFree(tree, node, out ulong below))
        {
            var area = tree[node];
            plain.Remove(area.Start);
            plain.Add(below, area.End);
            int lowered = tree.Lower(node, below, default(NoYield));
            Assert.Equal((below, area.End), (tree[lowered].Start, tree[lowered].End));
            Assert.NotEqual(node, lowered);
            Assert.False(tree.IsToRead(node, area.Start));
        }
        else
        {
            plain.Remove(tree[node].Start);
            tree.Remove(node, default(NoYield));
        }

        return true;
    }

    // Whether an area can begin a page further down.
    private static bool IsFree(AreaTree tree, int node, out ulong below)
    {
        int previous = tree.PreviousOf(node);
        below = tree[node].Start - Page;
        return tree[node].Start > 0 && (previous == 0 || tree[previous].End <= below);
    }

    private static void Compare(ref CaseRandom random, AreaTree tree, SortedList<ulong, ulong> plain)
    {
        Assert.Equal(plain.Count, tree.Count);
        Assert.True(tree.IsSound() && !tree.WentAstray);
        int node = tree.First, previous = 0;
        foreach (var (start, end) in plain)
        {
            Assert.Equal((start, end, previous), (tree[node].Start, tree[node].End, tree.PreviousOf(node)));
            (previous, node) = (node, tree.NextOf(node));
        }

        Assert.Equal((0, previous), (node, tree.Last()));
        ulong address = (ulong)random.Below(Pages + 4) * Page + (ulong)random.Below(2);
        int found = tree.FirstEndingAbove(address);
        Assert.Equal(plain.Values.FirstOrDefault(end => end > address), found == 0 ? 0 : tree[found].End);
        Assert.Equal(found, tree.FirstEndingAbove(address, default(NoYield), locked: true));
        tree.EndWrites();
        Assert.Equal(found != 0 && tree[found].Start <= address, tree.IsToRead(found, address));
        ulong lowest = (ulong)(1 + random.Below(Pages / 2)) * Page, top = lowest + (ulong)random.Below(Pages) * Page;
        ulong length = (ulong)(1 + random.Below(8)) * Page;
        Assert.Equal(GapIn(plain, length, lowest, top), tree.HighestGap(length, lowest, top));
    }

    private static ulong GapIn(SortedList<ulong, ulong> plain, ulong length, ulong lowest, ulong end)
    {
        for (ulong place = end; place >= lowest + length; place -= Page)
        {
            ulong from = place - length, to = place;
            if (!plain.Any(area => area.Key < to && area.Value > from))
            {
                return from;
            }
        }

        return 0;
    }
}

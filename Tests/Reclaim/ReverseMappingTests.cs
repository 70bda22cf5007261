using PageProof.Contract.Frames;
using PageProof.Contract.Reclaim;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Reclaim;

namespace PageProof.Tests.Reclaim;

/// <summary>
/// What comes from a frame to the entries that lead to it: whether it was used, and whether they can be emptied.
/// </summary>
[InLane("reclaim")]
public sealed class ReverseMappingTests
{
    private const ulong Page = 0x10_0000_0000;

    private const string Own = """
        processes 3
        cpus 2
        0: swapon
        0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7

        """;

    private const string Shared = """
        processes 3
        cpus 2
        file 0x2000 rw
        0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=shared,fixed
        0: mmap at=0x1000010000 length=0x1000 protection=read,write flags=shared,fixed
        0: store at=0x1000000000 length=0x8 value=0x7
        0: load at=0x1000010000 length=0x8

        """;

    [Theory]
    [InlineData(Own, false)]
    [InlineData(Own + "0: mlock at=0x1000000000 length=0x1000", true)]
    [InlineData(Shared, false)]
    [InlineData(Shared + "0: mlock at=0x1000010000 length=0x1000", true)]
    [InlineData(Shared + "0: mlock at=0x1000000000 length=0x1000", true)]
    [InlineData(Own + "0: mprotect at=0x1000000000 length=0x1000", false)]
    public void A_use_is_told_once_and_a_lock_always(string story, bool isLocked)
    {
        using ReclaimStage stage = new(story);
        int frame = stage.FrameAt(Page);
        stage.Core.Pages.Table.Hold(frame);
        Assert.True(ReverseMapping.TakeUsed(stage.Cpu, frame, out bool locked));
        Assert.Equal(isLocked, locked);
        Assert.False(ReverseMapping.TakeUsed(stage.Cpu, frame, out locked));
        Assert.Equal(isLocked, locked);
        stage.Core.Pages.Table[frame].Flags |= FrameFlags.Referenced;
        Assert.True(ReverseMapping.TakeUsed(stage.Cpu, frame, out _));
        Assert.False(ReverseMapping.TakeUsed(stage.Cpu, frame, out _));
        stage.Cpu.Frames.Release(frame);
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData(Own, true)]
    [InlineData(Own + "0: mprotect at=0x1000000000 length=0x1000", true)]
    [InlineData(Own + "0: fork child=1", true)]
    [InlineData(Own + "0: mlock at=0x1000000000 length=0x1000", false)]
    [InlineData(Own + "0: pin at=0x1000000000 length=0x8 for=write", false)]
    public void A_page_with_a_slot_is_named_by_it_in_every_entry(string story, bool goes)
    {
        using ReclaimStage stage = new(story);
        var core = stage.Core;
        int frame = stage.FrameAt(Page), entries = core.Pages.Table[frame].Mappings;
        Assert.True(core.Swap.Space.TryAllocate(out var place));
        core.Swap.Cache.Add(frame, place);
        core.Pages.Table.Hold(frame);
        core.Pages.Table[frame].Flags |= FrameFlags.Dirty;
        core.Pages.Table.Hold(frame);
        Assert.Equal(goes, ReverseMapping.TryUnmap(stage.Cpu, frame, place));
        Assert.Equal(goes ? 0 : 1, core.Pages.Table[frame].Mappings);
        Assert.Equal(goes ? 1 + entries : 1, core.Swap.Space.ReferencesOf(place));
        Assert.Equal(goes ? entries : 0, core.Spaces.Sum(space => space.Swapped));
        Assert.Equal(goes ? 0 : frame, stage.FrameAt(Page));
        Assert.Equal(!goes, (core.Pages.Table[frame].Flags & FrameFlags.Exclusive) != 0);
        SwapLeaves.LetGo(stage.Cpu, frame);
        stage.Carry("0: mprotect at=0x1000000000 length=0x1000 protection=read");
        Assert.Equal(7UL, stage.Carry("0: load at=0x1000000000 length=0x8").Value);
        stage.MustBeWhole();
    }

    [Fact]
    public void A_slot_that_is_the_page_s_no_more_is_named_by_no_entry()
    {
        using ReclaimStage stage = new(Own);
        int frame = stage.FrameAt(Page);
        Assert.True(stage.Core.Swap.Space.TryAllocate(out var place));
        stage.Core.Pages.Table.Hold(frame);
        Assert.False(ReverseMapping.TryUnmap(stage.Cpu, frame, place));
        Assert.Equal((frame, 1), (stage.FrameAt(Page), stage.Core.Swap.Space.ReferencesOf(place)));
        stage.Core.Swap.Space.Release(place);
        SwapLeaves.LetGo(stage.Cpu, frame);
        stage.MustBeWhole();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("0: mprotect at=0x1000000000 length=0x1000", true)]
    [InlineData("0: store at=0x1000000008 length=0x8 value=0x9", false)]
    [InlineData("0: store at=0x1000000008 length=0x8 value=0x9\n0: mprotect at=0x1000000000 length=0x1000", false)]
    [InlineData("0: mlock at=0x1000000000 length=0x1000", false)]
    [InlineData("0: pin at=0x1000000000 length=0x8", false)]
    [InlineData("0: vmsplice at=0x1000000000 length=0x8", false)]
    [InlineData("0: fork child=1\n1: munmap at=0x1000000000 length=0x1000", false)]
    public void What_nobody_needs_is_taken_from_who_has_it_alone_and_has_not_stored_since(string then, bool goes)
    {
        using ReclaimStage stage = new(Own + "0: madvise at=0x1000000000 length=0x1000 advice=free\n" + then);
        int frame = stage.FrameAt(Page);
        var before = stage.Core.Pages.Table[frame];
        stage.Core.Pages.Table.Hold(frame);
        Assert.Equal(goes, ReverseMapping.TryDropClean(stage.Cpu, frame));
        Assert.Equal(goes ? 0 : 1, stage.Core.Pages.Table[frame].Mappings);
        Assert.Equal(goes ? 0 : frame, stage.FrameAt(Page));
        SwapLeaves.LetGo(stage.Cpu, frame);
        Assert.Equal(goes ? 0 : before.References, stage.Core.Pages.Table[frame].References);
        stage.MustBeWhole();
    }

    /// <summary>MADV_FREE is noted of one's own page that nobody else has: it goes as pages of files do.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("0: madvise at=0x1000000000 length=0x1000 advice=pageout\n0: load at=0x1000000000 length=0x8", true)]
    [InlineData("0: fork child=1", false)]
    [InlineData("0: pin at=0x1000000000 length=0x8 for=write", false)]
    [InlineData("0: mprotect at=0x1000000000 length=0x1000", false)]
    public void Who_frees_a_page_clears_what_is_known_of_its_use(string before, bool isNoted)
    {
        using ReclaimStage stage = new(Own + before);
        stage.Carry("0: madvise at=0x1000000000 length=0x1000 advice=free");
        int frame = stage.FrameAt(Page);
        Assert.Equal(isNoted, (stage.Core.Pages.Table[frame].Flags & FrameFlags.LazilyFreed) != 0);
        Assert.Equal(isNoted ? PageList.InactiveFile : PageList.InactiveAnonymous, stage.Core.Lists.ListOf(frame));
        Assert.Equal(PageStanding.Cold, stage.StandingOf(frame));
        Assert.Equal(isNoted ? 0 : 1, stage.Core.Lists.CountOf(PageList.InactiveAnonymous));
        if (isNoted)
        {
            stage.Carry("0: reclaim length=0x1000");
            Assert.Equal((0L, 1L), (stage.Counts.SecondChances, stage.Counts.FreedDropped));
        }

        stage.MustBeWhole();
    }

    [Fact]
    public void What_is_in_a_slot_and_is_freed_is_there_no_more()
    {
        using ReclaimStage stage = new(Own + "0: madvise at=0x1000000000 length=0x1000 advice=pageout\n");
        Assert.Equal(1, stage.Core.Spaces[0].Swapped);
        stage.Carry("0: madvise at=0x1000000000 length=0x1000 advice=free");
        Assert.Equal((0, 0), (stage.Core.Spaces[0].Swapped, stage.Core.Swap.Space.AreaOf(new(0))!.Used));
        Assert.Equal(0UL, stage.Carry("0: load at=0x1000000000 length=0x8").Value);
        stage.MustBeWhole();
    }

    [Fact]
    public void What_is_freed_and_common_by_then_is_as_any_other_page_again()
    {
        using ReclaimStage stage = new(
            Own + "0: madvise at=0x1000000000 length=0x1000 advice=free\n0: fork child=1\n");
        int frame = stage.FrameAt(Page);
        stage.Carry("0: reclaim length=0x1000");
        Assert.Equal((1, 0, 0), (stage.Counts.FreedKept, stage.Counts.FreedDropped, stage.Counts.Unevictable));
        Assert.Equal(0, (int)(stage.Core.Pages.Table[frame].Flags & FrameFlags.LazilyFreed));
        Assert.Equal(1, stage.Counts.SwappedOut);
        Assert.Equal(7UL, stage.Carry("1: load at=0x1000000000 length=0x8").Value);
        stage.MustBeWhole();
    }
}

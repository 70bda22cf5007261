using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>Pages of each kind that move to other frames, in short stories, and those that must not.</summary>
[InLane("kernel")]
[InLane("reclaim")]
public sealed class KernelMigrationTests
{
    private const ulong Arena = 0x10_0000_0000;

    private const string OwnPage = """
        processes 2
        cpus 2
        file 0x2000 rw
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7
        """;

    private const string FilePage = """
        processes 2
        cpus 2
        file 0x2000 rw
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed
        0: store at=0x1000000000 length=0x8 value=0x7
        """;

    private const string Move = "\n0: compact at=0x1000000000 length=0x1000";
    private const string Reclaim = "\n0: reclaim length=0x10000";
    private const string Load = "\n0: load at=0x1000000000 length=0x8";
    private const string Store = "\n0: store at=0x1000000000 length=0x8 value=0x9";

    [Theory]
    [InlineData(OwnPage)]
    [InlineData(FilePage)]
    [InlineData(OwnPage + "\n0: mprotect at=0x1000000000 length=0x1000")]
    [InlineData(OwnPage + "\n0: mlock at=0x1000000000 length=0x1000")]
    [InlineData(OwnPage + "\n0: fork child=1")]
    [InlineData(OwnPage + "\n0: swapon\n0: madvise at=0x1000000000 length=0x1000 advice=pageout" + Load)]
    public void A_page_moves_to_another_frame_and_nothing_is_lost_or_absent(string story)
    {
        var before = EntryAfter(story, out _, out _);
        var after = EntryAfter(story + Move + "\n0: presence at=0x1000000000 length=0x1000", out var counts,
            out var answers);
        Assert.Equal((1, 0), (counts.Moved, counts.Stayed));
        Assert.NotEqual(before.Frame, after.Frame);
        Assert.Equal(before.View with { Flags = 0 }, after.View with { Flags = 0 });
        const FrameFlags Kept = FrameFlags.Exclusive | FrameFlags.Listed | FrameFlags.Cached;
        Assert.Equal(before.View.Flags & Kept, after.View.Flags & Kept);
        Assert.Equal((1UL, 0), (answers[^1].Value, answers[^1].MinorFaults));
    }

    [Theory]
    [InlineData("0xffff800000000000", "0x8")]
    [InlineData("0x7ffffffff000", "0x1000")]
    [InlineData("0x1000001000", "0x3f000")]
    public void Nothing_moves_that_is_not_asked_for(string start, string length)
    {
        Run($"{OwnPage}\n0: compact at={start} length={length}", out var counts);
        Assert.Equal((0, 0), (counts.Moved, counts.Stayed));
    }

    [Fact]
    public void A_page_that_has_moved_takes_no_fault_to_be_stored_to()
    {
        var answers = Run(OwnPage + Move + Store + " cpu=1" + Load, out _);
        Assert.Equal((0, 0), (answers[3].MinorFaults, answers[3].MajorFaults));
        Assert.Equal(9UL, answers[4].Value);
    }

    [Fact]
    public void A_page_in_common_stays_in_common()
    {
        var answers = Run(OwnPage + "\n0: fork child=1" + Move
            + "\n1: store at=0x1000000000 length=0x8 value=0x9 cpu=1" + Load, out var counts);
        Assert.Equal((1L, 1, 7UL), (counts.Moved, answers[4].MinorFaults, answers[5].Value));
    }

    [Fact]
    public void A_page_of_a_file_is_still_that_of_all_and_is_still_written_back()
    {
        var answers = Run(FilePage + Move
            + "\n0: pread length=0x8\n0: pwrite length=0x8 value=0x9" + Load
            + Reclaim + Reclaim + Reclaim + Load, out var counts);
        Assert.Equal((7UL, 9UL, 9UL), (answers[3].Value, answers[5].Value, answers[^1].Value));
        Assert.Equal((1, 1), (counts.Moved, counts.FilesDropped));
        Assert.Equal(1, answers[^1].MajorFaults);
    }

    [Fact]
    public void What_was_stored_is_not_taken_for_what_the_slot_has()
    {
        const string Out = "\n0: madvise at=0x1000000000 length=0x1000 advice=pageout";
        var answers = Run(OwnPage + "\n0: swapon" + Out + Load + Store + Move + Out + Load, out var counts);
        Assert.Equal((9UL, 2, 1), (answers[^1].Value, counts.SwappedOut, counts.Moved));
    }

    [Fact]
    public void What_nobody_needs_goes_without_a_device_from_its_new_frame_too()
    {
        var answers = Run(OwnPage + "\n0: madvise at=0x1000000000 length=0x1000 advice=free" + Move
            + Reclaim + Reclaim + Reclaim + Load, out var counts);
        Assert.Equal((1, 1, 0), (counts.Moved, counts.FreedDropped, counts.Written));
        Assert.Equal(0UL, answers[^1].Value);
    }

    [Theory]
    [InlineData(OwnPage + "\n0: pin at=0x1000000000 length=0x8 for=write")]
    [InlineData(FilePage + "\n0: pin at=0x1000000000 length=0x8")]
    [InlineData(OwnPage + "\n0: vmsplice at=0x1000000000 length=0x8")]
    [InlineData(FilePage + "\n0: splice length=0x8")]
    public void What_a_device_or_a_pipe_has_stays_where_it_is(string story)
    {
        var before = EntryAfter(story, out _, out _);
        var after = EntryAfter(story + Move + Store, out var counts, out _);
        Assert.Equal((0, 1), (counts.Moved, counts.Stayed));
        Assert.Equal((before.Frame, before.View.References), (after.Frame, after.View.References));
    }

    [Theory]
    [InlineData("\n0: compact at=0x1000002000 length=0x1000")]
    [InlineData("\n0: compact at=0x1000000000")]
    [InlineData("\n0: compact value=0x4")]
    [InlineData("\n0: compact at=0x7fffffffeff8 length=0x8")]
    [InlineData("\n0: compact at=last+0x1000 length=0x1000")]
    [InlineData("\n1: compact at=0x1000000000 length=0x1000")]
    public void Where_nothing_is_or_is_in_the_way_nothing_moves(string command)
    {
        var answers = Run(OwnPage + command + Load, out var counts);
        Assert.Equal((0L, 0L, 7UL), (counts.Moved, counts.Stayed, answers[^1].Value));
        bool possible = !command.StartsWith("\n1", StringComparison.Ordinal);
        Assert.Equal(possible ? KernelAnswerKind.Done : KernelAnswerKind.NotPossible, answers[2].Kind);
    }

    [Fact]
    public void Two_addresses_of_one_page_are_moved_together()
    {
        var answers = Run(FilePage
            + "\n0: mmap at=0x1000001000 length=0x1000 protection=read flags=private,fixed"
            + "\n0: load at=0x1000001000 length=0x8\n0: compact at=0x1000000000 length=0x2000" + Store
            + "\n0: load at=0x1000001000 length=0x8 cpu=1", out var counts);
        Assert.Equal((1L, 9UL), (counts.Moved, answers[^1].Value));
    }

    [Fact]
    public void Without_a_free_frame_a_page_stays()
    {
        using KernelMachine machine = new(new());
        var sequence = Parse(OwnPage + Move + Load);
        machine.FailsAt = 5;
        var answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.Equal(5, machine.FramesAsked);
        Assert.Equal((0L, 7UL), (machine.Reclaims.Moved, answers[^1].Value));
        Assert.Equal(KernelAnswerKind.Done, answers[2].Kind);
        Assert.Null(machine.Audit());
    }

    [Fact]
    public void A_block_is_made_free_by_moving_what_is_in_its_way()
    {
        // Every second page is given up, so that no two frames that are free lie side by side.
        const int Frames = 40;
        string story = $"processes 1\nframes {Frames}"
            + "\n0: mmap at=0x1000000000 length=0x20000 protection=read,write flags=private,fixed,anonymous";
        for (int page = 0; page < 28; page++)
        {
            story += $"\n0: store at=0x{Arena + 0x1000UL * (ulong)page:x} length=0x8 value=0x{page + 1:x}";
        }

        for (int page = 0; page < 28; page += 2)
        {
            story += $"\n0: munmap at=0x{Arena + 0x1000UL * (ulong)page:x} length=0x1000";
        }

        using KernelMachine machine = new(new());
        int largest = LargestAfter(machine, story);
        int made = LargestAfter(machine, story + "\n0: compact value=0x3");
        Assert.InRange(largest, 0, 2);
        Assert.InRange(made, 3, 4);
        Assert.InRange(machine.Reclaims.Moved, 1, 8);
        Assert.Equal(2UL, Run(story + "\n0: compact value=0x3\n0: load at=0x1000001000 length=0x8", out _)[^1].Value);
    }

    // The order of the largest free block.
    private static int LargestAfter(KernelMachine machine, string story)
    {
        var sequence = Parse(story);
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), new KernelAnswer[sequence.Commands.Length]);
        Assert.Null(machine.Audit());
        var frames = machine.Core.Pages.Frames;
        frames.DrainAll();
        return Enumerable.Range(0, FrameOrder.Most + 1).Last(order => frames.Free.BlocksOf(order) > 0);
    }

    private static TableLine EntryAfter(string story, out ReclaimCounts counts, out KernelAnswer[] answers)
    {
        using KernelMachine machine = new(new());
        var sequence = Parse(story);
        answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.Null(machine.Audit());
        Assert.Null(Refutation(sequence));
        counts = machine.Reclaims;
        return machine.TablesOf(new(0)).Last(line => line.Level == 1 && line.Page.Value == Arena);
    }

    private static KernelAnswer[] Run(string story, out ReclaimCounts counts)
    {
        using KernelMachine machine = new(new());
        var sequence = Parse(story);
        var answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.Null(machine.Audit());
        Assert.Null(Refutation(sequence));
        counts = machine.Reclaims;
        return answers;
    }

    private static string? Refutation(in KernelSequence sequence)
    {
        using ImplementationSystem system = new();
        return KernelPressureLaw.Refutation(system, sequence) ?? KernelSharingLaw.Refutation(system, sequence);
    }

    private static KernelSequence Parse(string story)
    {
        Assert.True(KernelText.TryParse(story, out var sequence, out string? reason), reason);
        return sequence;
    }
}

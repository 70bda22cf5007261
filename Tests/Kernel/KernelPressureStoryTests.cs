using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>What goes and comes back in kernels with swap, in short stories.</summary>
[InLane("reclaim")]
public sealed class KernelPressureStoryTests
{
    [Fact]
    public void A_page_that_is_paged_out_comes_back_by_one_major_fault_and_goes_again_without_a_transfer()
    {
        var counts = Run("""
            processes 1
            0: swapon
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: madvise at=0x1000000000 length=0x1000 advice=pageout
            0: presence at=0x1000000000 length=0x1000
            0: load at=0x1000000000 length=0x8
            0: madvise at=0x1000000000 length=0x1000 advice=pageout
            0: load at=0x1000000000 length=0x8
            """, out var answers);
        Assert.Equal((1, 2, 2, 1), (counts.Written, counts.Read, counts.SwappedOut, counts.CleanDrops));
        Assert.Equal((0ul, 7ul, 7ul), (answers[4].Value, answers[5].Value, answers[7].Value));
        Assert.Equal((1, 0), (answers[5].MajorFaults, answers[5].MinorFaults));
    }

    [Fact]
    public void A_page_that_was_freed_goes_without_a_device_unless_it_was_stored_to()
    {
        var counts = Run("""
            processes 1
            0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: store at=0x1000001000 length=0x8 value=0x7
            0: madvise at=0x1000000000 length=0x2000 advice=free
            0: load at=0x1000000000 length=0x8
            0: store at=0x1000001008 length=0x8 value=0x9
            0: reclaim length=0x10000
            0: reclaim length=0x10000
            0: presence at=0x1000000000 length=0x2000
            0: load at=0x1000000000 length=0x8
            0: load at=0x1000001000 length=0x8
            0: load at=0x1000001008 length=0x8
            """, out var answers);
        Assert.Equal((1, 1, 0), (counts.FreedDropped, counts.FreedKept, counts.Written));
        Assert.Equal((7ul, 2ul), (answers[4].Value, answers[8].Value));
        Assert.Equal((0ul, 7ul, 9ul), (answers[9].Value, answers[10].Value, answers[11].Value));
        Assert.Equal(1, answers[9].MinorFaults);
    }

    /// <summary>A write of the kernel leaves no D: the frame notes it.</summary>
    [Fact]
    public void A_page_that_was_freed_stays_when_it_was_written_by_force_and_goes_when_it_is_freed_once_more()
    {
        const string Text = """
            processes 1
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: madvise at=0x1000000000 length=0x1000 advice=free
            0: force at=0x1000000008 length=0x8 value=0x9
            0: reclaim length=0x10000
            0: load at=0x1000000008 length=0x8

            """;
        var counts = Run(Text, out var answers);
        Assert.Equal((0, 1, 9ul), (counts.FreedDropped, counts.FreedKept, answers[^1].Value));
        counts = Run(Text + """
            0: madvise at=0x1000000000 length=0x1000 advice=free
            0: reclaim length=0x10000
            0: reclaim length=0x10000
            0: load at=0x1000000008 length=0x8
            """, out answers);
        Assert.Equal((1, 0ul), (counts.FreedDropped, answers[^1].Value));
    }

    [Fact]
    public void Without_a_device_nobody_looks_at_pages_that_could_only_go_there()
    {
        var counts = Run("""
            processes 1
            0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: store at=0x1000001000 length=0x8 value=0x7
            0: reclaim length=0x10000
            0: reclaim length=0x10000
            """, out _);
        Assert.Equal((0, 0, 0), (counts.SecondChances, counts.SwappedOut, counts.Unevictable));
    }

    [Fact]
    public void A_store_fixes_what_was_freed_and_a_load_tells_what_it_is()
    {
        const string Text = """
            processes 1
            0: swapon
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: madvise at=0x1000000000 length=0x1000 advice=free
            0: reclaim length=0x10000
            0: store at=0x1000000008 length=0x8 value=0x9
            0: load at=0x1000000008 length=0x8
            0: load at=0x1000000000 length=0x8
            0: load at=0x1000000000 length=0x8
            """;
        Run(Text, out var answers);
        foreach (var (first, second, permitted) in ((ulong, ulong, bool)[])
            [(0, 0, true), (7, 7, true), (0, 7, false), (7, 0, false), (8, 8, false)])
        {
            (answers[7], answers[8]) = (answers[7] with { Value = first }, answers[8] with { Value = second });
            Assert.Equal(permitted, IsPermitted(Text, answers));
        }
    }

    [Theory]
    [InlineData(0, 7, true)]
    [InlineData(0, 0, false)]
    [InlineData(1, 0, true)]
    [InlineData(1, 7, false)]
    public void Without_swap_the_faults_of_a_store_tell_whether_the_page_was_gone(
        int faults, ulong read, bool permitted)
    {
        const string Text = """
            processes 1
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: madvise at=0x1000000000 length=0x1000 advice=free
            0: store at=0x1000000008 length=0x8 value=0x9
            0: load at=0x1000000000 length=0x8
            """;
        Run(Text, out var answers);
        Assert.Equal((0, 7ul), (answers[3].MinorFaults, answers[4].Value));
        answers[3] = answers[3] with { MinorFaults = (ushort)faults };
        answers[4] = answers[4] with { Value = read };
        Assert.Equal(permitted, IsPermitted(Text, answers));
    }

    [Fact]
    public void What_a_device_has_of_a_page_that_may_have_been_gone_is_not_known()
    {
        Assert.True(KernelText.TryParse("""
            processes 1
            0: swapon
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: madvise at=0x1000000000 length=0x1000 advice=free
            """, out var sequence, out _));
        using KernelMachine machine = new(new());
        var state = KernelSpec.Begin(sequence.Start, machine.Capabilities);
        foreach (var command in sequence.Commands)
        {
            state = KernelSpec.Next(state, command, default).State;
        }

        KernelCommand pins = new()
        {
            Kind = KernelCommandKind.Pin,
            Address = new(0x10_0000_0000),
            Length = new(8),
            Pinning = PinFlags.Write,
        };
        KernelAnswer done = new() { Kind = KernelAnswerKind.Done };
        Assert.Equal(new(null, null), KernelSpec.Follow(state, pins, done, []));
        Assert.NotNull(KernelSpec.Follow(state with { Swap = SwapState.Off }, pins, done, []).State);
    }

    [Fact]
    public void A_read_that_fails_is_told_to_the_owner_alone_and_the_page_is_not_lost()
    {
        var counts = Run("""
            processes 2
            0: swapon
            0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: fork child=1
            0: reclaim length=0x10000
            0: swapfault value=0x1
            0: load at=0x1000000000 length=0x8
            1: load at=0x1000000000 length=0x8
            0: load at=0x1000000000 length=0x8
            """, out var answers);
        Assert.Equal(1, counts.ReadErrors);
        Assert.Equal(MemorySignal.BeyondFile, answers[6].Signal);
        Assert.Equal((7ul, 7ul), (answers[7].Value, answers[8].Value));
    }

    [Fact]
    public void Shared_memory_without_a_name_goes_to_a_slot_and_comes_back_for_all_who_map_it()
    {
        var counts = Run("""
            processes 2
            0: swapon
            0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=shared,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: store at=0x1000001000 length=0x8 value=0x8
            0: fork child=1
            1: load at=0x1000000000 length=0x8
            0: reclaim length=0x10000
            0: presence at=0x1000000000 length=0x2000
            1: presence at=0x1000000000 length=0x2000
            1: store at=0x1000000008 length=0x8 value=0x9
            0: load at=0x1000000000 length=0x8
            0: load at=0x1000000008 length=0x8
            0: reclaim length=0x10000
            0: swapoff
            0: load at=0x1000000008 length=0x8
            """, out var answers);
        Assert.Equal((0ul, 0ul), (answers[7].Value, answers[8].Value));
        Assert.Equal((1, 0), (answers[9].MajorFaults, answers[9].MinorFaults));
        Assert.Equal((7ul, 9ul, 9ul), (answers[10].Value, answers[11].Value, answers[14].Value));
        Assert.Equal(KernelAnswerKind.Done, answers[13].Kind);
        Assert.Equal((3, 3), (counts.SharedOut, counts.SharedIn));
        Assert.Equal((3, 3), (counts.Written, counts.Read));
    }

    [Fact]
    public void Slots_of_shared_memory_are_free_when_nobody_maps_it_and_what_cannot_be_read_stays_in_its_slot()
    {
        Run("""
            processes 2
            0: swapon
            0: mmap at=0x1000000000 length=0x3000 protection=read,write flags=shared,fixed,anonymous,populate
            0: store at=0x1000000000 length=0x8 value=0x7
            0: reclaim length=0x10000
            0: swapfault value=0x1
            0: load at=0x1000000000 length=0x8
            0: load at=0x1000000000 length=0x8
            0: reclaim length=0x10000
            0: munmap at=0x1000000000 length=0x3000
            0: swapfault value=0x1
            0: swapoff
            0: mmap at=0x1000000000 length=0x3000 protection=read,write flags=shared,fixed,anonymous
            0: load at=0x1000000000 length=0x8
            """, out var answers);
        Assert.Equal(MemorySignal.BeyondFile, answers[5].Signal);
        Assert.Equal(7ul, answers[6].Value);

        // Nothing has to be read to give the device up.
        Assert.Equal((KernelAnswerKind.Done, 0ul), (answers[10].Kind, answers[12].Value));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_page_in_memory()
    {
        var counts = Run("""
            processes 1
            0: swapon
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: swapfault value=0x1
            0: madvise at=0x1000000000 length=0x1000 advice=pageout
            0: load at=0x1000000000 length=0x8
            """, out var answers);
        Assert.Equal((1, 0, 1), (counts.WriteErrors, counts.Read, counts.CacheHits));
        Assert.Equal(7ul, answers[5].Value);
    }

    [Fact]
    public void A_device_that_cannot_be_emptied_stays_on_with_all_that_it_holds()
    {
        Run("""
            processes 1
            frames 16
            0: swapon device=1
            0: mmap at=0x1000000000 length=0x10000 protection=read,write flags=private,fixed,anonymous,populate
            0: swapoff device=1
            0: checksum at=0x1000000000 length=0x10000
            0: munmap at=0x1000000000 length=0x10000
            0: swapoff device=1
            """, out var answers);
        Assert.Equal(Errno.ENOMEM, answers[2].Errno);
        Assert.Equal(16ul, answers[3].Length);
        Assert.Equal(KernelAnswerKind.Done, answers[5].Kind);
    }

    private static bool IsPermitted(string text, KernelAnswer[] answers)
    {
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        using KernelMachine machine = new(new());
        KernelState? state = KernelSpec.Begin(sequence.Start, machine.Capabilities);
        for (int place = 0; place < answers.Length && state is not null; place++)
        {
            state = KernelSpec.Follow(state, sequence.Commands[place], answers[place], []).State;
        }

        return state is not null;
    }

    [Fact]
    public void Shared_memory_that_cannot_be_read_is_not_locked_in_memory()
    {
        var counts = Run("""
            processes 1
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: swapon
            0: madvise at=0x1000000000 length=0x1000 advice=pageout
            0: swapfault value=0x1
            0: mlock at=0x1000000000 length=0x1000
            """, out var answers);
        Assert.Equal(1, counts.SharedOut);
        Assert.Equal(Errno.ENOMEM, answers[^1].Errno);
    }

    [Fact]
    public void It_is_open_which_of_two_pages_could_not_be_read_when_either_may_be_gone()
    {
        var counts = Run("""
            processes 1
            0: swapon
            0: mmap at=0x1000000000 length=0x6000 protection=read,write flags=private,fixed,anonymous
            0: madvise at=0x1000000000 length=0x8 advice=populatewrite
            0: store at=0x1000005000 length=0x8 value=0x1
            0: madvise at=0x1000004000 length=0x2000 advice=free
            0: reclaim length=0x2000
            0: swapfault value=0x1
            0: checksum at=0x1000000000 length=0x6000
            0: checksum at=0x1000000000 length=0x1000
            """, out var answers);
        Assert.Equal((1, 1), (counts.SwappedOut, counts.FreedDropped));
        Assert.Equal((5ul, 1), (answers[^2].Length, answers[^1].MajorFaults));
    }

    [Fact]
    public void What_one_process_has_locked_and_not_touched_goes_when_another_has()
    {
        var counts = Run("""
            processes 2
            0: mmap at=0x1000000000 length=0x1000 flags=shared,fixed,anonymous
            0: swapon
            0: mlock at=0x1000000000 length=0x1000
            0: fork child=1
            1: mprotect at=0x1000000000 length=0x1000 protection=read,write
            1: store at=0x1000000000 length=0x8 value=0x7
            1: madvise at=0x1000000000 length=0x1000 advice=pageout
            0: swapfault value=0x1
            0: mprotect at=0x1000000000 length=0x1000 protection=read,write
            0: load at=0x1000000000 length=0x8
            """, out var answers);
        Assert.Equal(1, counts.SharedOut);
        Assert.Equal(Errno.ENOMEM, answers[2].Errno);
        Assert.Equal(KernelAnswerKind.Signal, answers[^1].Kind);
    }

    private static ReclaimCounts Run(string text, out KernelAnswer[] answers)
    {
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        using KernelMachine machine = new(new());
        answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.Null(machine.Audit());
        using ImplementationSystem system = new();
        Assert.Null(KernelPressureLaw.Refutation(system, sequence));
        return machine.Reclaims;
    }
}

using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>Kernels with few frames and swap: the law, and what goes and comes back in short stories.</summary>
public sealed class KernelPressureTests
{
    private const long Cases = 250;

    [Fact]
    public void What_goes_and_comes_back_is_the_same()
    {
        using ImplementationSystem system = new();
        Paging.Laws.Hold(KernelPressureLaw.RunAll(system, 1, RunLength.Of(Cases), 2).Single());
    }

    [Fact]
    public void The_spec_agrees_with_itself_under_pressure()
    {
        using SpecKernelSystem system = new();
        Paging.Laws.Hold(KernelPressureLaw.RunAll(system, 1, RunLength.Of(Cases), 2).Single());
    }

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

    [Fact]
    public void Whichever_transfer_of_a_workload_fails_only_owners_are_told()
    {
        const int Step = 24;
        using ImplementationSystem system = new();
        var report = KernelPressureLaw.RunWorkload(system, 2, Step);
        Paging.Laws.Hold(report);
        Assert.True(report.Cases * Step > 600, $"The workload has only {report.Cases} cases.");
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

using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.AddressSpaces;
using PageProof.Properties.Harness;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>Short stories of what few random sequences seldom meet: they run for each mutant.</summary>
[InLane("kernel")]
[InLane("pagecache")]
[InLane("addressspaces")]
public sealed class KernelLaneStoryTests
{
    [Fact]
    public void Shared_memory_that_is_in_slots_goes_with_its_last_mapping_whichever_pages_those_are()
    {
        var counts = Run("""
            processes 1
            0: swapon
            0: mmap at=0x1000000000 length=0x3000 protection=read,write flags=shared,fixed,anonymous
            0: store at=0x1000001000 length=0x8 value=0x7
            0: store at=0x1000002000 length=0x8 value=0x7
            0: madvise at=0x1000000000 length=0x3000 advice=pageout
            0: munmap at=0x1000000000 length=0x3000
            """, out _);
        Assert.Equal(2, counts.SharedOut);
    }

    [Fact]
    public void The_background_gives_up_pages_when_few_frames_are_free()
    {
        var counts = Run("""
            processes 1
            frames 80
            0: swapon
            0: mmap at=0x1000000000 length=0x46000 protection=read,write flags=private,fixed,anonymous
            0: madvise at=0x1000000000 length=0x46000 advice=populatewrite
            0: reclaim
            """, out _);
        Assert.InRange(counts.BackgroundReclaims, 1, 1);
    }

    [Fact]
    public void Nothing_is_to_be_synchronised_in_no_bytes_of_what_is_locked()
    {
        Run("""
            processes 1
            0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=private,fixed,anonymous
            0: mlock at=0x1000000000 length=0x2000
            0: msync at=0x1000001000 length=0x0 sync=invalidate
            0: msync at=0x1000001000 length=0x1000 sync=invalidate
            """, out var answers);
        Assert.Equal(KernelAnswerKind.Done, answers[^2].Kind);
        Assert.Equal(Errno.EBUSY, answers[^1].Errno);
    }

    [Fact]
    public void Each_change_of_who_shares_a_page_is_told()
    {
        using ImplementationSystem system = new();
        foreach (var report in AddressSpaceLaws.RunAll(system, 3, RunLength.Of(60)))
        {
            Paging.Laws.Hold(report);
        }
    }

    private static ReclaimCounts Run(string text, out KernelAnswer[] answers)
    {
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        using KernelMachine machine = new(new());
        answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.Null(machine.Audit());
        var state = KernelSpec.Begin(sequence.Start, machine.Capabilities);
        for (int place = 0; place < answers.Length && state is not null; place++)
        {
            var step = KernelSpec.Follow(state, sequence.Commands[place], answers[place], machine.Lines);
            Assert.Null(step.Refusal);
            state = step.State;
        }

        return machine.Reclaims;
    }
}

using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>The laws of kernels on the Implementation, and what it keeps, worked out anew after every run.</summary>
public sealed class ImplementationKernelTests
{
    private const long Cases = 3_000;
    private const long CasesWithoutFrames = 100;
    private const long CasesOfSchedules = 600;
    private const int AuditedCases = 400;
    private const int WorkloadStep = 16;
    private const int FramesOfWorkload = 2_000;
    private const int EvictedCases = 1_000;
    private const int FramesFew = 18;

    [Fact]
    public void Laws_hold()
    {
        using ImplementationSystem system = new();
        foreach (var report in KernelLaws.RunAll(system, 1, RunLength.Of(Cases), 2))
        {
            Paging.Laws.Hold(report);
            Assert.Equal(Cases, report.Cases);
        }
    }

    [Fact]
    public void What_is_kept_is_what_the_tables_and_the_cache_say()
    {
        using KernelMachine machine = new(new() { FrontSlots = 8, Second = new(2, 2) });
        KernelGenerator generator = new(machine.Capabilities);
        for (int index = 0; index < AuditedCases; index++)
        {
            var sequence = generator.Generate(5, index);
            Run(machine, sequence);
            Assert.True(machine.Audit() is null, $"{machine.Audit()} after\n{KernelText.Print(sequence)}");
            Assert.Equal(0, machine.EndAll());
            Assert.Null(machine.Audit());
        }
    }

    [Fact]
    public void A_sequence_is_answered_alike_whatever_ran_before_and_however_large_the_TLBs_are()
    {
        using KernelMachine fresh = new(Implementation.Tlb.TlbGeometry.Smallest), used = new(new());
        KernelGenerator generator = new(fresh.Capabilities);
        for (int index = 0; index < 300; index++)
        {
            var sequence = generator.Generate(7, index);
            Assert.Equal(Run(fresh, sequence), Run(used, sequence));
        }
    }

    [Fact]
    public void The_fast_path_of_faults_comes_to_the_same_as_the_slow_one()
    {
        using KernelMachine fast = new(new()), slow = new(new()) { AlwaysSearches = true };
        KernelGenerator generator = new(fast.Capabilities);
        for (int index = 0; index < AuditedCases; index++)
        {
            var sequence = generator.Generate(17, index);
            Assert.Equal(Run(slow, sequence), Run(fast, sequence));
            Assert.Equal(slow.Lines.ToArray(), fast.Lines.ToArray());
            Assert.Equal(slow.FramesAsked, fast.FramesAsked);
            Assert.Null(fast.Audit());
        }
    }

    [Fact]
    public void Laws_of_missing_frames_and_of_schedules_hold()
    {
        using ImplementationSystem system = new();
        Paging.Laws.Hold(KernelMissingFrameLaw.RunAll(system, 1, RunLength.Of(CasesWithoutFrames), 2).Single());
        Paging.Laws.Hold(KernelScheduleLaw.RunAll(system, 1, RunLength.Of(CasesOfSchedules), 2).Single());
    }

    [Fact]
    public void Whichever_frame_of_a_workload_is_missing_nothing_else_is_lost()
    {
        using ImplementationSystem system = new();
        var report = KernelMissingFrameLaw.RunWorkload(system, 2, WorkloadStep);
        Paging.Laws.Hold(report);
        Assert.True(report.Cases * WorkloadStep > FramesOfWorkload, $"The workload has only {report.Cases} cases.");
        Assert.True(report.Coverage!.Least > 10, $"{report.Coverage.Least} forks were refused");
    }

    [Fact]
    public void What_is_evicted_comes_back_as_it_was()
    {
        using KernelMachine machine = new(new() { FrontSlots = 8, Second = new(2, 2) }, FramesFew);
        KernelGenerator generator = new(machine.Capabilities);
        long written = 0, read = 0;
        int refused = 0, forks = 0;
        for (int index = 0; index < EvictedCases; index++)
        {
            var sequence = generator.Generate(13, index);
            Follow(machine.Capabilities, sequence, Run(machine, sequence), ref refused, ref forks);
            Assert.True(machine.Audit() is null, $"{machine.Audit()} after\n{KernelText.Print(sequence)}");
            Assert.Equal(0, machine.EndAll());
            (written, read) = (written + machine.Transfers.Written, read + machine.Transfers.Read);
        }

        Assert.True(written > 20 && read > 5, $"{written} pages were written, and {read} read");
    }

    [Fact]
    public void Faults_copies_and_hits_allocate_nothing()
    {
        using KernelMachine machine = new(new());
        Assert.Equal(AllocatedBy(machine, pages: 100), AllocatedBy(machine, pages: 600));
    }

    // The least of some runs, since the first ones also compile.
    private static long AllocatedBy(KernelMachine machine, int pages)
    {
        KernelCommand fork = new() { Kind = KernelCommandKind.Fork, Other = new(1) };
        KernelCommand map = new()
        {
            Kind = KernelCommandKind.Mmap,
            Address = machine.Capabilities.Arena,
            Length = new(600 * 4096),
            Protection = MemoryProtection.Read | MemoryProtection.Write,
            Flags = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed,
        };
        var stores = Enumerable.Range(0, pages).Select(page => new KernelCommand
        {
            Kind = KernelCommandKind.Store,
            Address = new(machine.Capabilities.Arena.Value + 4096 * (ulong)page),
            Length = new(8),
            Value = 1,
        }).ToArray();
        KernelSequence sequence = new(new(2, 1, []), [map, .. stores, fork, .. stores, .. stores]);
        KernelAnswer[] answers = new KernelAnswer[sequence.Commands.Length];
        long least = long.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(2 * pages, answers.Sum(answer => answer.MinorFaults));
        return least;
    }

    // What failed for want of memory has changed nothing; faults may have been taken before.
    private static void Follow(
        KernelCapabilities kernel,
        in KernelSequence sequence,
        KernelAnswer[] answers,
        ref int refused,
        ref int forks)
    {
        // What may be there in advance, or be gone, is what a law can follow and this cannot.
        if (sequence.Commands.Any(command => command.Advice > MemoryAdvice.DontNeed
            || command.Kind == KernelCommandKind.Mlock
            || (command.Flags & (MmapFlags.Locked | MmapFlags.Populate)) != 0))
        {
            return;
        }

        var state = KernelSpec.Begin(sequence.Start, kernel);
        for (int place = 0; place < answers.Length; place++)
        {
            var command = sequence.Commands[place];
            var answer = answers[place] with { MinorFaults = 0, MajorFaults = 0 };
            var due = KernelSpec.Next(state, command, answer);
            if (answer.Errno == Errno.ENOMEM && due.Answer.Errno != Errno.ENOMEM)
            {
                refused++;
                forks += command.Kind == KernelCommandKind.Fork ? 1 : 0;
                continue;
            }

            if (command.Kind == KernelCommandKind.ForceWrite && answer.Length < due.Answer.Length)
            {
                // There was memory for the first page alone.
                return;
            }

            // Lines are told by their places, and a part of an access may have been made possible before.
            bool told = command.Kind is KernelCommandKind.Maps or KernelCommandKind.Presence;
            Assert.True(told || answer with { Code = 0 } == due.Answer with { Code = 0 },
                $"command {place} was answered {answer}, not {due.Answer}, of\n{KernelText.Print(sequence)}");
            state = due.State;
        }
    }

    private static KernelAnswer[] Run(KernelMachine machine, in KernelSequence sequence)
    {
        KernelAnswer[] answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return answers;
    }
}

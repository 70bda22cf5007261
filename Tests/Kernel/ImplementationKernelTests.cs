using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>The laws of kernels on the Implementation, and what the sizes of its tables do not change.</summary>
public sealed class ImplementationKernelTests
{
    private const long Cases = 3_000;
    private const int WorkloadStep = 16;
    private const int FramesOfWorkload = 2_000;

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
    public void Whichever_frame_of_a_workload_is_missing_nothing_else_is_lost()
    {
        using ImplementationSystem system = new();
        var report = KernelMissingFrameLaw.RunWorkload(system, 2, WorkloadStep);
        Paging.Laws.Hold(report);
        Assert.True(report.Cases * WorkloadStep > FramesOfWorkload, $"The workload has only {report.Cases} cases.");
        Assert.True(report.Coverage!.Least > 10, $"{report.Coverage.Least} forks were refused");
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

    private static KernelAnswer[] Run(KernelMachine machine, in KernelSequence sequence)
    {
        KernelAnswer[] answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return answers;
    }
}

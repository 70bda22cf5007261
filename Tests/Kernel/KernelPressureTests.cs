using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>The law of kernels with few frames and swap, and one workload in which every transfer fails once.</summary>
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
    public void Whichever_transfer_of_a_workload_fails_only_owners_are_told()
    {
        const int Step = 24;
        using ImplementationSystem system = new();
        var report = KernelPressureLaw.RunWorkload(system, 2, Step);
        Paging.Laws.Hold(report);
        Assert.True(report.Cases * Step > 600, $"The workload has only {report.Cases} cases.");
    }
}

using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>The laws of kernels with few and fixed sequences: what is run for each mutant.</summary>
[InLane("kernel")]
public sealed class KernelLaneTests
{
    private const int Cases = 1_000;

    [Fact]
    public void The_laws_of_kernels_hold_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in KernelLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}

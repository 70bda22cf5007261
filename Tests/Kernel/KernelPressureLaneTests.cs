using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>The law of kernels under pressure with few and fixed sequences: what is run for each mutant.</summary>
[InLane("reclaim")]
[InLane("kernel")]
[InLane("addressspaces")]
public sealed class KernelPressureLaneTests
{
    private const int Cases = 90;

    [Fact]
    public void The_law_of_kernels_under_pressure_holds_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        Paging.Laws.Hold(KernelPressureLaw.RunAll(implementation, 7, RunLength.Of(Cases)).Single());
    }
}

using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Swap;

namespace PageProof.Tests.Swap;

/// <summary>The laws of swap devices with few and fixed sequences: what is run for each mutant.</summary>
[InLane("swap")]
public sealed class SwapLaneTests
{
    private const int Cases = 600;

    [Fact]
    public void The_laws_of_swap_devices_hold_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in SwapLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}

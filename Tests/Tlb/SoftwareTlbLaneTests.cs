using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>Both laws of software-filled TLBs with few and fixed sequences: what is run for each mutant.</summary>
[InLane("tlb")]
[InLane("softtlb")]
public sealed class SoftwareTlbLaneTests
{
    private const int Cases = 4_000;

    [Fact]
    public void Every_law_of_software_filled_TLBs_holds_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in SoftwareTlbLaws.RunAll(implementation, 3, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}

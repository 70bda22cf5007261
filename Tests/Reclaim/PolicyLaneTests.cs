using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Reclaim;

namespace PageProof.Tests.Reclaim;

/// <summary>The laws of page replacement with few and fixed sequences: what is run for each mutant.</summary>
[InLane("reclaim")]
public sealed class PolicyLaneTests
{
    private const int Cases = 2_000;

    [Fact]
    public void The_laws_of_page_replacement_hold_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in PolicyLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}

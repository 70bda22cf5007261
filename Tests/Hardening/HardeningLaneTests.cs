using PageProof.Implementation;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Tests.Hardening;

/// <summary>The laws of hardening with few and fixed sequences: what is run for each mutant.</summary>
[InLane("hardening")]
public sealed class HardeningLaneTests
{
    private const int Cases = 4_000;

    [Fact]
    public void The_laws_of_hardening_hold_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in HardeningLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}

using PageProof.Implementation;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Tests.Hardening;

/// <summary>The laws of random placement with few and fixed cases: what is run for each mutant.</summary>
[InLane("hardening")]
public sealed class AslrLaneTests
{
    private const int Cases = 2_000;
    private const int Seeds = 2_048;

    [Fact]
    public void The_laws_of_random_placement_hold_in_few_cases()
    {
        using ImplementationSystem implementation = new();
        Paging.Laws.Hold(new RegionsApartLaw(implementation).Run(7, RunLength.Of(Cases)));
        Paging.Laws.Hold(EntropyLaw.Run(implementation, 7, EntropyLaw.CountedAlways));
        Paging.Laws.Hold(EvenSpreadLaw.Run(implementation, Seeds));
        Paging.Laws.Hold(new LayoutAgreementLaw(implementation).Run(7, RunLength.Of(Cases)));
    }
}

using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;
using PageProof.Spec;

namespace PageProof.Tests.Paging;

/// <summary>
/// Every law of paging with few and fixed cases: what is run for each mutant. It is one test, which
/// ends at the first law that is broken, because a mutant is dead after that.
/// </summary>
[InLane("paging")]
public sealed class PagingLaneTests
{
    private const int Cases = 60_000;
    private const int SpecCases = 6_000;

    [Fact]
    public void Every_law_of_paging_holds_in_few_cases()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in PagingLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Laws.Hold(report);
        }

        // The same mistake in both would be seen by a law that relates the Spec to itself.
        using SpecSystem spec = new();
        foreach (var law in PagingLaws.Twins(spec))
        {
            Laws.Hold(law.Run(3, RunLength.Of(SpecCases)));
        }

        Laws.Hold(MarkedWordsLaw.OfSpec(implementation).Run(5, RunLength.Of(SpecCases)));
    }
}

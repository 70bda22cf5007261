using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>The laws of TLBs at full length, with their coverage floors.</summary>
public sealed class TlbAgreementTests
{
    private const long Cases = 30_000;

    [Fact]
    public void A_CPU_answers_only_what_may_still_be_cached_implementation()
    {
        var report = TlbAgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.Equal(Enum.GetValues<TlbClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= TlbCoverage.Floor);
        Assert.True(report.Commands > 10 * Cases);
    }

    [Fact]
    public void A_repeated_access_hits_and_fetches_fill_a_TLB_of_their_own_implementation() =>
        Paging.Laws.Hold(FirstLevelLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases / 4), 2));

    /// <summary>With one entry everywhere what is evicted comes back by other ways.</summary>
    [Fact]
    public void The_smallest_caches_obey_too()
    {
        SizedSystem small = new(TlbGeometry.Smallest);
        Paging.Laws.Hold(TlbAgreementLaw.Run(small, 2, RunLength.Of(Cases / 4), 2));
        Paging.Laws.Hold(FirstLevelLaw.Run(small, 2, RunLength.Of(Cases / 4), 2));
    }

    /// <summary>A front of one slot, so that it is filled and emptied all the time.</summary>
    [Fact]
    public void The_smallest_front_obeys_too()
    {
        SizedSystem small = new(TlbGeometry.Smallest with { FrontSlots = 1 });
        Paging.Laws.Hold(TlbAgreementLaw.Run(small, 3, RunLength.Of(Cases / 4), 2));
        Paging.Laws.Hold(FirstLevelLaw.Run(small, 3, RunLength.Of(Cases / 4), 2));
    }
}

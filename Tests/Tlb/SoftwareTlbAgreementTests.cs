using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>The laws of software-filled TLBs at full length, with their coverage floors.</summary>
public sealed class SoftwareTlbAgreementTests
{
    private const long Cases = 20_000;

    [Fact]
    public void A_software_filled_TLB_answers_by_what_was_written_into_it_implementation()
    {
        var report = SoftwareTlbAgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Enum.GetValues<SoftwareTlbClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= TlbCoverage.Floor, $"{report.Coverage.Least}");
        Assert.True(report.Commands > 20 * Cases);
    }

    [Fact]
    public void Processes_see_their_own_pages_through_a_software_filled_TLB_implementation()
    {
        var report = SoftwareTlbKernelLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Enum.GetValues<SoftwareTlbKernelClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= TlbCoverage.Floor, $"{report.Coverage.Least}");
    }

    /// <summary>A run that is long enough to be judged reaches every class often enough.</summary>
    [Fact]
    public void The_shortest_run_with_floors_reaches_them()
    {
        using ImplementationSystem system = new();
        Paging.Laws.Hold(SoftwareTlbAgreementLaw.Run(system, 5, RunLength.Of(SoftwareTlbAgreementLaw.CasesToBind)));
        Paging.Laws.Hold(SoftwareTlbKernelLaw.Run(system, 5, RunLength.Of(SoftwareTlbKernelLaw.CasesToBind)));
    }
}

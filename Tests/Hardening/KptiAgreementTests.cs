using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Tests.Hardening;

/// <summary>The law of page-table isolation at full length, with its coverage floor.</summary>
public sealed class KptiAgreementTests
{
    private const long Cases = 10_000;

    [Fact]
    public void Nobody_meets_what_is_stale_implementation()
    {
        var report = KptiAgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.Equal(Enum.GetValues<KptiClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= KptiCoverage.Floor);
        Assert.True(report.Commands > 10 * Cases);
    }

    /// <summary>Both sides: who refuses everything reaches no page of the kernel, and must fail.</summary>
    [Fact]
    public void A_kernel_that_refuses_everything_is_refuted()
    {
        var report = KptiAgreementLaw.Run(new RefusingSystem(), 1, RunLength.Of(Cases), 2);
        Assert.NotNull(report.Failure);
        Assert.Equal(1, report.Failure.Length);
    }

    private sealed class RefusingSystem : ISystem
    {
        public string Name => "refusing";

        public ITranslator? OpenTranslator() => null;

        public IKpti? OpenKpti() => new RefusingKernel();

        public void Dispose()
        {
        }
    }

    private sealed class RefusingKernel : IKpti
    {
        public KptiCapabilities Capabilities { get; } = new();

        public void Reset(KptiStart start)
        {
        }

        public KptiAnswer Do(in KptiCommand command) => new() { Outcome = KptiOutcome.Refused };

        public Cr3 Cr3Of(CpuNumber cpu) => default;

        public PhysicalAddress TopOf(ProcessNumber process) => default;

        public bool TryShow(PhysicalAddress table, Span<PagingEntry> entries) => false;

        public void Dispose()
        {
        }
    }
}

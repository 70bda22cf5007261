using PageProof.Cli.Check;
using PageProof.Implementation;
using PageProof.Properties.AddressSpaces;
using PageProof.Properties.Frames;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Properties.PageCache;
using PageProof.Properties.PageTables;
using PageProof.Properties.Reclaim;
using PageProof.Properties.Swap;
using PageProof.Properties.Swap.Compressed;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Harness;

/// <summary>
/// A run that is cut by time may end just where a floor begins to bind: with the seed that is the default, each floor
/// is met there, and so in every longer run.
/// </summary>
[Slow]
public sealed class FloorTests
{
    public static TheoryData<string, long> Bounds => new()
    {
        { "pagetables", PageTableCoverage.CasesToBind },
        { "tlb", TlbCoverage.CasesToBind },
        { "shootdown", ShootdownCoverage.CasesToBind },
        { "hardening", KptiCoverage.CasesToBind },
        { "hardening", AslrCoverage.CasesToBind },
        { "frames", FrameCoverage.CasesToBind },
        { "reclaim", ReplacementCoverage.CasesToBind },
        { "zswap", CompressedCoverage.CasesToBind },
        { "swap", SwapCoverage.CasesToBind },
        { "swaperrors", SwapErrorLaw.CasesToBind },
        { "aslr", AslrCoverage.CasesToBind },
        { "softtlb", SoftwareTlbAgreementLaw.CasesToBind },
        { "softtlb", SoftwareTlbKernelLaw.CasesToBind },
        { "kernel", KernelCoverage.CasesToBind },
        { "kernel", KernelSharingLaw.CasesToBind },
        { "outofmemory", KernelMissingFrameLaw.CasesToBind },
        { "pressure", KernelPressureLaw.CasesToBind },
        { "schedules", KernelScheduleLaw.CasesToBind },
        { "addressspaces", AddressSpaceLaws.CasesToBind },
        { "pagecache", PageCacheLaws.CasesToBind },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_floor_is_met_where_it_begins_to_bind(string domain, long cases)
    {
        foreach (var report in DomainLaws.Of(domain).RunAll(new ImplementationSystem(), 1, RunLength.Of(cases), 2))
        {
            Paging.Laws.Hold(report);
        }
    }
}

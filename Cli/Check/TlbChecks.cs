using PageProof.Cli.Reality;
using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Check;

/// <summary>The laws of TLBs, put to a machine; or to a judge of machines, as the Spec is one.</summary>
internal static class TlbChecks
{
    /// <summary>
    /// Every law of TLBs put to a machine. A judge is asked what it says of recorded answers, however long
    /// that takes.
    /// </summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        using var oracle = system.OpenTlbOracle();
        return oracle is null
            ? TlbLaws.RunAll(system, seed, length, workers, progress)
            : RecordedFacts.Tlb.Select(facts => RealityChecks.LawOf(facts).Of(system));
    }
}

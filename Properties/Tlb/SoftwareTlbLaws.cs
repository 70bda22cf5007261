using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>The laws of software-filled TLBs, as they are listed, run and reported.</summary>
public static class SoftwareTlbLaws
{
    /// <summary>Both laws put to the system: the processor's has the whole length, the kernel's half.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return SoftwareTlbAgreementLaw.Run(system, seed, length, workers, progress);
        RunLength half = new(length.Cases / 2, length.Budget / 2);
        yield return SoftwareTlbKernelLaw.Run(system, seed, half, workers, progress);
    }

    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    public static string? Refutation(ISystem system, in SoftwareTlbSequence asked)
    {
        using var judge = new SoftwareTlbAgreementLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>The same of a sequence for its kernel.</summary>
    public static string? Refutation(ISystem system, in SoftwareTlbKernelSequence asked)
    {
        using var judge = new SoftwareTlbKernelLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }
}

using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>The laws of kernels, as they are listed, run and reported.</summary>
public static class KernelLaws
{
    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in KernelSequence asked)
    {
        if (!new KernelFit(KernelDoor.CapabilitiesOf(system)).IsWithin(asked))
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }

        using var judge = new KernelAgreementLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return KernelAgreementLaw.Run(system, seed, length, workers, progress);
        yield return KernelInterferenceLaw.Run(system, seed, length, workers, progress);
    }
}

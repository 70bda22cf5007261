using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Hardening;

/// <summary>The laws of hardening, as they are listed, run and reported.</summary>
public static class HardeningLaws
{
    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in KptiSequence asked)
    {
        var capabilities = KptiDoor.CapabilitiesOf(system);
        if (asked.Start.Cpus > capabilities.Cpus || asked.Start.Asids > capabilities.Asids
            || asked.Commands.Any(command => command.Process.Value >= capabilities.Processes))
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }

        using var judge = new KptiAgreementLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return KptiAgreementLaw.Run(system, seed, length, workers, progress);
    }
}

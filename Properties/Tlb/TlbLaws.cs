using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>The laws of TLBs, as they are listed, run and reported.</summary>
public static class TlbLaws
{
    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in TlbSequence asked)
    {
        if (!new TlbFit(TlbDoor.CapabilitiesOf(system)).IsWithin(asked))
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }

        using var judge = new TlbAgreementLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>
    /// Every law put to the system: the lockstep law has the whole length, the promise of a first level,
    /// where it is made, an eighth, and the law of shootdowns, where there are any, a quarter.
    /// </summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return TlbAgreementLaw.Run(system, seed, length, workers, progress);
        if (TlbDoor.CapabilitiesOf(system).TellsSource)
        {
            RunLength eighth = new(length.Cases / 8, length.Budget / 8);
            yield return FirstLevelLaw.Run(system, seed, eighth, workers, progress);
        }

        if (ShootdownLaw.IsFor(system))
        {
            RunLength quarter = new(length.Cases / 4, length.Budget / 4);
            yield return ShootdownLaw.Run(system, seed, quarter, workers, progress);
        }
    }
}

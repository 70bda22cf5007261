using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Paging;

/// <summary>The laws of paging, as they are listed, run and reported.</summary>
public static class PagingLaws
{
    /// <summary>The laws that relate a case to its twin.</summary>
    public static IReadOnlyList<TwinLaw> Twins(ISystem system) =>
    [
        new IgnoredBitsLaw(system),
        new MonotoneRightsLaw(system),
        new SplitPageLaw(system),
        new FifthLevelLaw(system),
    ];

    /// <summary>The story of how the system answers a case wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the case.</exception>
    public static string? Refutation(ISystem system, in TranslationCase asked)
    {
        AgreementLaw law = new(system);
        if (!new TranslationFit(Doors.CapabilitiesOf(system)).IsWithin(asked))
        {
            throw new UserError($"{system.Name} cannot be asked this case: it is outside what it offers.");
        }

        using var judge = law.OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>
    /// Every law put to the system: the lockstep law has the whole length, each twin law an eighth.
    /// </summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return AgreementLaw.Run(system, seed, length, workers, progress);
        RunLength eighth = new(length.Cases / 8, length.Budget / 8);
        foreach (var law in Twins(system))
        {
            yield return law.Run(seed, eighth, workers, progress);
        }
    }
}

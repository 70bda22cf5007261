using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>The laws of random placement, as they are listed, run and reported.</summary>
public static class AslrLaws
{
    /// <summary>
    /// Every law put to the system, from what a layout must never be to where each region has to lie. The two
    /// that count places and seeds have a length of their own; a run by time counts all that can be counted.
    /// </summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        RunLength half = new(length.Cases, length.Budget / 2);
        yield return new RegionsApartLaw(system).Run(seed, half, workers, progress);
        ulong counted = length.Cases is null ? EntropyLaw.CountedLong : EntropyLaw.CountedAlways;
        yield return EntropyLaw.Run(system, seed, counted, progress);
        yield return EvenSpreadLaw.Run(system, progress: progress);
        yield return new LayoutAgreementLaw(system).Run(seed, half, workers, progress);
    }

    /// <summary>The story of how the system answers a request wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">Nothing is promised of the request.</exception>
    public static string? Refutation(ISystem system, in LayoutRequest asked)
    {
        if (!AslrSpec.MayBeAsked(asked))
        {
            throw new UserError("The request has sizes, bits or a limit of which nothing is promised.");
        }

        foreach (var law in (LayoutLaw[])[new RegionsApartLaw(system), new LayoutAgreementLaw(system)])
        {
            using var judge = law.OpenJudge();
            if (judge.FirstFailure([asked]) >= 0)
            {
                return judge.Tell(asked);
            }
        }

        return null;
    }
}

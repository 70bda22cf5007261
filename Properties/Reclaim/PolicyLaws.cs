using PageProof.Contract;
using PageProof.Contract.Reclaim;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Reclaim;

/// <summary>The laws of page replacement, as they are listed, run and reported.</summary>
public static class PolicyLaws
{
    // What is asked of the laws that ask a system several times for a case.
    private const int Part = 8;

    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in ReplacementSequence asked)
    {
        if (!PolicyDoor.CapabilitiesOf(system).Kinds.Contains(asked.Settings.Kind))
        {
            throw new UserError(
                $"{system.Name} cannot be asked this sequence: it has no {ReplacementText.Of(asked.Settings.Kind)}.");
        }

        foreach (var law in All(system))
        {
            using var judge = law.OpenJudge();
            if (judge.FirstFailure([asked]) >= 0)
            {
                return judge.Tell(asked);
            }
        }

        return null;
    }

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        foreach (var law in All(system))
        {
            bool isWhole = law is PolicyAgreementLaw;
            yield return law.Run(seed, PartOf(length, isWhole ? 2 : Part, isWhole ? 1 : Part), workers, progress);
        }
    }

    // The law that says least comes first, so that each is known by what it alone sees.
    private static IEnumerable<PolicyLaw> All(ISystem system) =>
    [
        new BookkeepingLaw(system),
        new OptimumLaw(system),
        new StackLaw(system),
        .. PolicyDoor.CapabilitiesOf(system).Kinds.Contains(ReplacementKind.Fifo)
            ? (PolicyLaw[])[new AnomalyLaw(system)] : [],
        new PolicyAgreementLaw(system),
    ];

    private static RunLength PartOf(RunLength length, int partOfTime, int partOfCases) => new(
        length.Cases is { } cases ? Math.Max(1, cases / partOfCases) : null, length.Budget / partOfTime);
}

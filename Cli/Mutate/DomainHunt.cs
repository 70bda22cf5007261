using System.Diagnostics;
using System.Runtime.ExceptionServices;
using PageProof.Mutation.Domain;

namespace PageProof.Cli.Mutate;

/// <summary>What became of a mutant of the compiled code.</summary>
public enum DomainFate
{
    /// <summary>The theorem is refuted of it, by a case on which running it confirms the refutation.</summary>
    KilledByTheorem,
    /// <summary>The theorem could not be decided, but one of many random cases has refuted the mutant.</summary>
    KilledByCases,
    /// <summary>The theorem is proved of it too: no case at all can tell it from the original.</summary>
    Equivalent,
    /// <summary>Neither; the reason says why.</summary>
    Survived,
}

/// <summary>What a judge says of a mutant.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record DomainVerdict(DomainFate Fate, string Reason);

/// <summary>Judges the changed assembly at a path.</summary>
public delegate DomainVerdict DomainJudge(string assembly, CancellationToken cancellation);

/// <summary>A mutant and what became of it.</summary>
public sealed record DomainOutcome(DomainMutant Mutant, DomainVerdict Verdict)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Mutant}: {Verdict.Reason}";
}

/// <summary>
/// Judges mutants of compiled code, several at a time, each as an assembly of its own that lies in a
/// folder which goes with the run.
/// </summary>
/// <param name="Outcomes">One for each mutant, in the order of the mutants.</param>
/// <param name="Elapsed">How long all took.</param>
public sealed record DomainHunt(IReadOnlyList<DomainOutcome> Outcomes, TimeSpan Elapsed)
{
    /// <summary>How many were killed, by the theorem or by cases.</summary>
    public int Killed => Of(DomainFate.KilledByTheorem) + Of(DomainFate.KilledByCases);

    /// <summary>How many of those that are not equivalent were killed, in percent.</summary>
    public double Score => Outcomes.Count == Of(DomainFate.Equivalent)
        ? 100 : 100.0 * Killed / (Outcomes.Count - Of(DomainFate.Equivalent));

    /// <summary>Those that survived.</summary>
    public IEnumerable<DomainOutcome> Survivors =>
        Outcomes.Where(outcome => outcome.Verdict.Fate == DomainFate.Survived);

    /// <summary>How many met this fate.</summary>
    public int Of(DomainFate fate) => Outcomes.Count(outcome => outcome.Verdict.Fate == fate);

    /// <summary>Judges the mutants; progress is told as the number of them done.</summary>
    public static DomainHunt Run(
        DomainMutations mutations,
        IReadOnlyList<DomainMutant> mutants,
        DomainJudge judge,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var outcomes = new DomainOutcome[mutants.Count];
        long done = 0;
        using DomainFolder folder = new();
        try
        {
            Parallel.For(
                0,
                mutants.Count,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = Environment.ProcessorCount,
                    CancellationToken = cancellation,
                },
                index =>
                {
                    var verdict = folder.With(
                        mutations.Make(mutants[index]), assembly => judge(assembly, cancellation));
                    outcomes[index] = new(mutants[index], verdict);
                    progress?.Invoke(Interlocked.Increment(ref done));
                });
        }
        catch (AggregateException several)
        {
            // What stops one stops all, and the first says enough.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return new(outcomes, clock.Elapsed);
    }

    /// <summary>What the judge says of the assembly without any change, by the same way.</summary>
    public static DomainVerdict Control(
        DomainMutations mutations, DomainJudge judge, CancellationToken cancellation = default)
    {
        using DomainFolder folder = new();
        return folder.With(mutations.MakeUnchanged(), assembly => judge(assembly, cancellation));
    }
}

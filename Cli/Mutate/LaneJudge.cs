using PageProof.Mutation.Judging;

namespace PageProof.Cli.Mutate;

/// <summary>Puts a changed assembly to the lane of tests of a domain, in a process of its own.</summary>
public sealed class LaneJudge(string root, string lane) : IDisposable
{
    private readonly MutantJudge _judge = new(root, "Implementation", lane);

    /// <summary>Killed when a test fails, and survived when none does.</summary>
    public DomainVerdict Judge(string assembly, CancellationToken cancellation) =>
        _judge.RunLane(assembly, cancellation) switch
        {
            Verdict.Survived => new(DomainFate.Survived, "No case and no test of the lane refutes it."),
            Verdict.Killed => new(DomainFate.KilledByCases, "The lane: a test fails."),
            Verdict.TimedOut => new(DomainFate.KilledByCases, "The lane: it comes to no end."),
            Verdict.OutOfClock => new(DomainFate.Survived, "The clock stopped the lane: nobody knows."),
            _ => new(DomainFate.KilledByCases, "The lane: it brings the process down."),
        };

    /// <inheritdoc/>
    public void Dispose() => _judge.Dispose();
}

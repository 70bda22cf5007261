using PageProof.Cli.Prove;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Mutate;

/// <summary>
/// Puts a changed Implementation to a theorem that says of the original what it does in every case. If
/// the theorem is proved of the changed one too, nothing can tell them apart by what the theorem speaks
/// of. If it is refuted by a case, and running the changed code on the case shows it, that kills.
/// </summary>
/// <param name="theorem">The theorem.</param>
/// <param name="openSolver">Makes a solver; each mutant has one of its own.</param>
/// <param name="limit">The most time for one question to the solver.</param>
/// <param name="second">Asked about what the theorem leaves undecided.</param>
public sealed class TheoremJudge(ProofTask theorem, Func<ISolver> openSolver, TimeSpan limit, DomainJudge second)
{
    private static readonly TimeSpan LimitDefault = TimeSpan.FromSeconds(60);

    /// <summary>The judge of walks: by B1 a walk answers as the Spec does, and leaves what the Spec permits.</summary>
    public static TheoremJudge OfWalk(DomainJudge second, TimeSpan? limit = null) => new(
        PagingTheorems.All.Single(task => task.Name == "B1"), () => Solvers.Open(null), limit ?? LimitDefault, second);

    /// <summary>What becomes of the assembly at a path.</summary>
    public DomainVerdict Judge(string assembly, CancellationToken cancellation)
    {
        var first = ByTheorem(assembly, shortWay: true, cancellation);
        if (first.Fate != DomainFate.Survived)
        {
            return first;
        }

        var then = second(assembly, cancellation);
        return then with { Reason = $"{first.Reason} {then.Reason}" };
    }

    /// <summary>
    /// What becomes of an unchanged assembly: the theorem is tried whole, as the short way to judge the
    /// changed ones takes for granted that it is proved of the original.
    /// </summary>
    public DomainVerdict JudgeControl(string assembly, CancellationToken cancellation) =>
        ByTheorem(assembly, shortWay: false, cancellation);

    private DomainVerdict ByTheorem(string assembly, bool shortWay, CancellationToken cancellation)
    {
        using var subject = ProveSubject.Changed(assembly);
        using var solver = openSolver();
        try
        {
            var settled = shortWay ? SameWalk.SettledSteps(subject.Subject, solver, limit) : [];
            var rest = theorem with { Open = files => Without(settled, theorem.Open(files)) };
            var result = new Prover(solver, limit).Try(rest, subject.Subject, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return VerdictOf(result);
        }
        catch (LiftingException outside)
        {
            return new(DomainFate.Survived, $"{theorem.Name} cannot be stated of it: {outside.Message}");
        }
    }

    private static Proof Without(IReadOnlyList<string> settled, Proof proof) => proof with
    {
        Steps = proof.Steps.Where(step => !settled.Any(end => step.Name.EndsWith(end, StringComparison.Ordinal))),
    };

    private DomainVerdict VerdictOf(ProofResult result)
    {
        string step = result.Steps is [.., var last] ? last.Name : "no step";
        return result switch
        {
            { Verdict: Verdict.Proved, AllTried: true } =>
                new(DomainFate.Equivalent, $"{theorem.Name} is proved of it."),
            { Verdict: Verdict.Refuted, Counterexample: { IsConfirmed: true } found } =>
                new(DomainFate.KilledByTheorem, $"{theorem.Name}, {step}: {OneLine(found.Story)}"),
            { Verdict: Verdict.Refuted, Counterexample: { } found } => new(
                DomainFate.Survived,
                $"{theorem.Name}, {step}: refuted by a case that running it does not confirm: {found.Contradiction}."),
            _ => new(DomainFate.Survived, $"{theorem.Name} is undecided: {Undecided(result)}."),
        };
    }

    private static string Undecided(ProofResult result) => string.Join(", ", result.Steps
        .Where(step => step.Verdict != Verdict.Proved).Select(step => $"{step.Name}: {step.Verdict}"));

    private static string OneLine(string story) => string.Join(' ', story.Split(
        '\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}

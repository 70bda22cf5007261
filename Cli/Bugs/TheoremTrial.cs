using System.Diagnostics;
using PageProof.Cli.Prove;
using PageProof.Contract;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Bugs;

/// <summary>Puts an assembly to a theorem, which finds a bug by being refuted of it.</summary>
internal static class TheoremTrial
{
    /// <summary>What the theorem says; the seconds are those of one question at the most.</summary>
    public static BugTrial Of(string theorem, string assembly, TimeSpan budget)
    {
        var clock = Stopwatch.StartNew();
        using var subject = ProveSubject.Changed(assembly);
        try
        {
            var tasks = ProofSelection.Of([theorem]).OfType<Theorem>().ToList();
            var refuted = ProofRun.TryAll(tasks, subject.Subject, () => Solvers.Open(null), budget)
                .FirstOrDefault(result => result.Verdict == Verdict.Refuted
                    && result.Counterexample is null or { IsConfirmed: true });
            return new(
                0, 0, clock.Elapsed, refuted is null ? [] : [refuted.Task.Name], 0,
                refuted?.Counterexample?.Story ?? "", 0);
        }
        catch (Exception refusal) when (refusal is SolverException or LiftingException)
        {
            throw new UserError(refusal.Message);
        }
    }
}

using System.Diagnostics;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Solving;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// Puts tasks to one solver. Each step has its assumptions shown satisfiable, then its negated claim
/// unsatisfiable, each within the limit. What is not answered in time is said to be so, and never
/// taken for proved.
/// </summary>
public sealed class Prover(ISolver solver, TimeSpan limit)
{
    // A nicer counterexample is worth this much, since there is one already.
    private static readonly TimeSpan PreferenceLimit = TimeSpan.FromSeconds(5);

    /// <summary>Tries the steps in order until one is refuted.</summary>
    public ProofResult Try(ProofTask task, ProofSubject subject, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        using var proof = task.Open(subject);
        Satisfied satisfied = new();
        List<StepResult> steps = [];
        Verdict worst = Verdict.Proved;
        foreach (var step in proof.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                return Result(Weightier(worst, Verdict.NotTried), allTried: false, null);
            }

            var begun = clock.Elapsed;
            var decisive = step;
            var (verdict, model) = Try(task, proof.Scene.Pool, step, satisfied);
            if (verdict != Verdict.Proved && step.Otherwise is { } needed)
            {
                decisive = needed;
                (verdict, model) = Try(task, proof.Scene.Pool, needed, satisfied);
            }

            steps.Add(new(decisive.Name, verdict, clock.Elapsed - begun));
            worst = Weightier(worst, verdict);
            if (model is not null)
            {
                var best = Preferred(task, proof.Scene, decisive, model);
                return Result(worst, allTried: false, proof.Scene.Explain(best));
            }
        }

        return Result(worst, allTried: true, null);

        ProofResult Result(Verdict verdict, bool allTried, Counterexample? counterexample) =>
            new(task, verdict, steps, allTried, counterexample, clock.Elapsed, solver.Name);
    }

    private static Verdict Weightier(Verdict left, Verdict right) => left > right ? left : right;

    private (Verdict Verdict, IReadOnlyDictionary<Term, Value>? Model) Try(
        ProofTask task, TermPool pool, ProofStep step, Satisfied satisfied)
    {
        if (!satisfied.Contains(step.Assumptions.Term))
        {
            var assumptions = solver.Solve(ProofQuestion.OfAssumptions(pool, task, step).Goal, limit);
            if (assumptions.Status != SolverStatus.Satisfiable)
            {
                return (assumptions.Status == SolverStatus.Unsatisfiable
                    ? Verdict.AssumptionsUnsatisfiable
                    : Undecided(assumptions), null);
            }

            satisfied.Add(step.Assumptions.Term);
        }

        if (step.Claim.Term.IsTrue)
        {
            return (Verdict.Proved, null);
        }

        var answer = solver.Solve(ProofQuestion.OfClaim(pool, task, step).Goal, limit);
        return answer.Status switch
        {
            SolverStatus.Unsatisfiable => (Verdict.Proved, null),
            SolverStatus.Satisfiable => (Verdict.Refuted, answer.Model
                ?? throw new SolverException($"{solver.Name} refutes {task.Name} and gives no counterexample.")),
            _ => (Undecided(answer), null),
        };
    }

    private static Verdict Undecided(SolverAnswer answer) =>
        answer.Reason is { } reason && reason.Contains("timeout", StringComparison.OrdinalIgnoreCase)
            ? Verdict.TimedOut
            : Verdict.Unknown;

    // The model that is preferred most, or the one that there is.
    private IReadOnlyDictionary<Term, Value> Preferred(
        ProofTask task, ProofScene scene, ProofStep step, IReadOnlyDictionary<Term, Value> model)
    {
        foreach (var preference in scene.Preferences)
        {
            var wanted = step with { Assumptions = step.Assumptions & preference };
            var answer = solver.Solve(ProofQuestion.OfClaim(scene.Pool, task, wanted).Goal, PreferenceLimit);
            if (answer is { Status: SolverStatus.Satisfiable, Model: { } better })
            {
                return better;
            }
        }

        return model;
    }

    // Assumptions that some case is known to meet. A part of them is met by the same case.
    private sealed class Satisfied
    {
        private readonly List<HashSet<Term>> _known = [];

        public void Add(Term assumptions) => _known.Add(Parts(assumptions));

        public bool Contains(Term assumptions)
        {
            var parts = Parts(assumptions);
            return _known.Any(parts.IsSubsetOf);
        }

        private static HashSet<Term> Parts(Term assumptions) =>
            assumptions.Kind == TermKind.And ? [.. assumptions.Arguments] : [assumptions];
    }
}

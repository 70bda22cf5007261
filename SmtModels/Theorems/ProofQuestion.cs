using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Solving;

namespace PageProof.SmtModels.Theorems;

/// <summary>One question to a solver, and the answer that a proof needs.</summary>
/// <param name="Name">Which one, such as "B1.outcome" or "B1.outcome.assumptions".</param>
/// <param name="Goal">The question.</param>
/// <param name="Expected">The answer by which the proof goes on.</param>
public sealed record ProofQuestion(string Name, Goal Goal, SolverStatus Expected)
{
    /// <summary>Whether some case meets the assumptions of a step.</summary>
    public static ProofQuestion OfAssumptions(TermPool pool, ProofTask task, ProofStep step) => new(
        $"{task.Name}.{step.Name}.assumptions",
        new(pool, [step.Assumptions.Term]),
        SolverStatus.Satisfiable);

    /// <summary>
    /// Whether some case meets the assumptions and fails the claim; for a witness there must be one.
    /// </summary>
    public static ProofQuestion OfClaim(TermPool pool, ProofTask task, ProofStep step) => new(
        $"{task.Name}.{step.Name}",
        new(pool, [step.Assumptions.Term, (!step.Claim).Term]),
        task is Witness ? SolverStatus.Satisfiable : SolverStatus.Unsatisfiable);

    /// <summary>Both questions of every step.</summary>
    public static IEnumerable<ProofQuestion> Of(ProofTask task, Proof proof) => proof.Steps.SelectMany(step =>
        (ProofQuestion[])[OfAssumptions(proof.Scene.Pool, task, step), OfClaim(proof.Scene.Pool, task, step)]);

    /// <summary>Writes the question in SMT-LIB 2, with the expected answer at its head.</summary>
    public void Write(TextWriter writer)
    {
        string status = Expected == SolverStatus.Satisfiable ? "sat" : "unsat";
        writer.Write($"(set-info :status {status})\n");
        SmtLibPrinter.Print(writer, Goal.Pool, Goal.Assertions, Name);
    }
}

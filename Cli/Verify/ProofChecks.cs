using PageProof.Cli.Prove;
using PageProof.SmtModels;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Verify;

/// <summary>
/// The theorems about the compiled code: a line for each, and one for all witnesses. Needs Z3.
/// </summary>
internal static class ProofChecks
{
    private const string About = "compiled code";

    // A question takes a second, the hardest of placement some twenty, and ten times that on a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static IReadOnlyList<VerifyLine> Run(Action<long> progress)
    {
        try
        {
            using var subject = ProveSubject.Shipped();
            var results = ProofRun.TryAll(
                TheoremList.All, subject.Subject, () => Solvers.Open(null), Limit, progress);
            return
            [
                .. results.Where(result => result.Task is Theorem).Select(Line),
                Witnesses([.. results.Where(result => result.Task is Witness)]),
            ];
        }
        catch (SolverException reason)
        {
            return [VerifyLine.Skipped("the theorems", About, reason.Message)];
        }
    }

    private static VerifyLine Line(ProofResult result) => new(
        $"{result.Task.Name}: {result.Task.Statement}",
        About,
        result.Steps.Count,
        result.Elapsed.TotalSeconds,
        result.IsAsExpected ? VerifyResult.Holds : VerifyResult.Refuted,
        result.IsAsExpected ? "" : $"{ProofTable.Sentence(result)}\n{result.Counterexample?.Story}".TrimEnd());

    private static VerifyLine Witnesses(IReadOnlyList<ProofResult> results)
    {
        var missing = results.Where(result => !result.IsAsExpected).Select(ProofTable.Sentence).ToList();
        return new(
            $"{results.Count} statements that say too much are refuted, and running the code confirms it",
            About,
            results.Count,
            results.Sum(result => result.Elapsed.TotalSeconds),
            missing.Count == 0 ? VerifyResult.Holds : VerifyResult.Refuted,
            string.Join("; ", missing));
    }
}

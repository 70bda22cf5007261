using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Prove;

/// <summary>The figures of proofs, under the names that every report of proofs has.</summary>
public static class ProofReport
{
    public static Report Of(IReadOnlyList<ProofResult> results, double seconds)
    {
        Report report = new("prove", CommonOptions.SeedDefault)
        {
            Ok = results.All(result => result.IsAsExpected),
            Seconds = seconds,
        };
        var theorems = results.Where(result => result.Task is Theorem).ToList();
        var witnesses = results.Where(result => result.Task is Witness).ToList();
        report.Figures["theorems"] = theorems.Count;
        report.Figures["proved"] = theorems.Count(result => result.IsAsExpected);
        report.Figures["witnesses"] = witnesses.Count;
        report.Figures["witnesses_found"] = witnesses.Count(result => result.IsAsExpected);
        report.Figures["timeouts"] =
            results.Count(result => result.Steps.Any(step => step.Verdict == Verdict.TimedOut));
        foreach (var result in results.Where(result => !result.IsAsExpected))
        {
            string story = result.Counterexample is { } found ? "\n" + found.Story : "";
            report.Failures.Add(ProofTable.Sentence(result) + story);
        }

        return report;
    }
}

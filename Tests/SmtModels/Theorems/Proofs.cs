using PageProof.Cli.Prove;
using PageProof.SmtModels;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Theorems;

/// <summary>Tries a theorem or witness about the compiled code that ships.</summary>
internal static class Proofs
{
    // Ample: each question takes about a second.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The tasks of a domain that are of one kind, by name and statement.</summary>
    public static IEnumerable<string> Of<T>(string domain)
        where T : ProofTask =>
        TheoremList.All.OfType<T>().Where(task => task.Domain == domain).Select(Called);

    /// <summary>What comes of the task that is called so.</summary>
    public static ProofResult Try(string named, ITestOutputHelper output)
    {
        var task = TheoremList.All.Single(task => named == Called(task));
        using var subject = ProveSubject.Shipped();
        using Z3Solver solver = new();
        var result = new Prover(solver, Limit).Try(task, subject.Subject, TestContext.Current.CancellationToken);
        foreach (var step in result.Steps)
        {
            output.WriteLine($"{step.Name}: {step.Verdict}, {step.Elapsed.TotalMilliseconds:0} ms");
        }

        output.WriteLine(result.Counterexample?.Story ?? "");
        return result;
    }

    /// <summary>Proved with all its steps, or refuted by a case that running the code confirms.</summary>
    public static void MustBeAsExpected(string named, ITestOutputHelper output)
    {
        var result = Try(named, output);
        Assert.True(
            result.IsAsExpected, $"{ProofTable.Sentence(result)}\n{result.Counterexample?.Contradiction}");

        // Each step is a file of its own, when the questions are written.
        Assert.Distinct(result.Steps.Select(step => step.Name));
    }

    private static string Called(ProofTask task) => $"{task.Name}: {task.Statement}";
}

using PageProof.Cli.Prove;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Paging;

/// <summary>Every theorem about paging is proved of the compiled code, and every witness is found.</summary>
public sealed class PagingTheoremTests(ITestOutputHelper output)
{
    private const int TheoremsMin = 22;
    private const int WitnessesMin = 15;

    // Ample: each question takes about a second.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Theorems => Named<Theorem>();

    public static TheoryData<string> Witnesses => Named<Witness>();

    [Theory]
    [MemberData(nameof(Theorems))]
    public void Is_proved(string theorem)
    {
        var result = Try(theorem);
        Assert.True(result.IsAsExpected, ProofTable.Sentence(result) + "\n" + result.Counterexample?.Story);
    }

    [Theory]
    [MemberData(nameof(Witnesses))]
    public void Is_found_and_confirmed_by_running_both_walkers(string witness)
    {
        var result = Try(witness);
        Assert.True(
            result.IsAsExpected, ProofTable.Sentence(result) + "\n" + result.Counterexample?.Contradiction);
        output.WriteLine(result.Counterexample!.Story);
        Assert.Contains("both walkers say", result.Counterexample.Story, StringComparison.Ordinal);
        Assert.DoesNotContain("the Spec says", result.Counterexample.Story, StringComparison.Ordinal);
        Assert.NotEmpty(result.Counterexample.Cases);
    }

    [Fact]
    public void Every_theorem_of_the_list_is_there()
    {
        string[] listed =
        [
            "A1", "A2", "A3", "A4", "A5", "A7",
            .. Enumerable.Range(1, 16).Select(number => $"B{number}"),
        ];
        Assert.Equal(listed, PagingTheorems.All.OfType<Theorem>().Select(theorem => theorem.Name));
        Assert.True(listed.Length >= TheoremsMin);
    }

    [Fact]
    public void There_are_enough_witnesses_and_each_has_its_theorem()
    {
        var witnesses = PagingTheorems.All.OfType<Witness>().ToList();
        Assert.True(witnesses.Count >= WitnessesMin, $"{witnesses.Count} witnesses");
        Assert.All(witnesses, witness => Assert.Contains(
            PagingTheorems.All, task => task is Theorem && task.Name + "'" == witness.Name));
        Assert.Distinct(PagingTheorems.All.Select(task => task.Statement));
        Assert.All(PagingTheorems.All, task => Assert.InRange(task.Statement.Length, 10, 120));
    }

    private static TheoryData<string> Named<T>()
        where T : ProofTask => [.. PagingTheorems.All.OfType<T>().Select(task => $"{task.Name}: {task.Statement}")];

    private ProofResult Try(string named)
    {
        var task = PagingTheorems.All.Single(task => named == $"{task.Name}: {task.Statement}");
        using var subject = ProveSubject.Shipped();
        using Z3Solver solver = new();
        var result = new Prover(solver, Limit).Try(task, subject.Subject, TestContext.Current.CancellationToken);
        foreach (var step in result.Steps)
        {
            output.WriteLine($"{step.Name}: {step.Verdict}, {step.Elapsed.TotalMilliseconds:0} ms");
        }

        return result;
    }
}

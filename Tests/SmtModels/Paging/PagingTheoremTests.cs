using PageProof.Cli.Prove;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Paging;

/// <summary>Every theorem about paging is proved of the compiled code, and every witness is found.</summary>
[Slow]
public sealed class PagingTheoremTests(ITestOutputHelper output)
{
    private const int TheoremsMin = 22;
    private const int WitnessesMin = 15;

    public static TheoryData<string> Theorems => [.. Proofs.Of<Theorem>("paging")];

    public static TheoryData<string> Witnesses => [.. Proofs.Of<Witness>("paging")];

    [Theory]
    [MemberData(nameof(Theorems))]
    public void Is_proved(string theorem)
    {
        var result = Proofs.Try(theorem, output);
        Assert.True(result.IsAsExpected, ProofTable.Sentence(result) + "\n" + result.Counterexample?.Story);
    }

    [Theory]
    [MemberData(nameof(Witnesses))]
    public void Is_found_and_confirmed_by_running_both_walkers(string witness)
    {
        var result = Proofs.Try(witness, output);
        Assert.True(
            result.IsAsExpected, ProofTable.Sentence(result) + "\n" + result.Counterexample?.Contradiction);
        Assert.Contains("both walkers say", result.Counterexample!.Story, StringComparison.Ordinal);
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
}

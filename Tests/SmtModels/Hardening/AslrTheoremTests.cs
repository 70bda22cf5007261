using PageProof.SmtModels.Hardening;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Hardening;

/// <summary>Every theorem about random placement is proved of the code, and every witness is found.</summary>
public sealed class AslrTheoremTests(ITestOutputHelper output)
{
    // I5 takes longer than a test should; prove and verify try it.
    public static TheoryData<string> Theorems =>
        [.. Proofs.Of<Theorem>("aslr").Where(theorem => !theorem.StartsWith("I5:", StringComparison.Ordinal))];

    public static TheoryData<string> Witnesses => [.. Proofs.Of<Witness>("aslr")];

    [Theory]
    [MemberData(nameof(Theorems))]
    public void Is_proved(string theorem) => Proofs.MustBeAsExpected(theorem, output);

    [Theory]
    [MemberData(nameof(Witnesses))]
    public void Is_found_and_confirmed_by_running_the_methods(string witness) =>
        Proofs.MustBeAsExpected(witness, output);

    [Fact]
    public void Every_theorem_of_the_list_is_there_with_its_witness()
    {
        Assert.Equal(["I1", "I3", "I5"], AslrTheorems.All.OfType<Theorem>().Select(theorem => theorem.Name));
        Assert.Equal(["I2", "I4", "I5'"], AslrTheorems.All.OfType<Witness>().Select(witness => witness.Name));
        Assert.Distinct(AslrTheorems.All.Select(task => task.Statement));
        Assert.All(AslrTheorems.All, task => Assert.InRange(task.Statement.Length, 10, 120));
    }
}

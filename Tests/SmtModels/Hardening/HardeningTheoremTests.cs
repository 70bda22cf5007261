using PageProof.SmtModels.Hardening;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Hardening;

/// <summary>Every theorem about page-table isolation is proved of the code, and every witness is found.</summary>
[InLane("hardening", OfCompiled = true)]
public sealed class HardeningTheoremTests(ITestOutputHelper output)
{
    public static TheoryData<string> Theorems => [.. Proofs.Of<Theorem>("hardening")];

    public static TheoryData<string> Witnesses => [.. Proofs.Of<Witness>("hardening")];

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
        string[] listed = [.. Enumerable.Range(1, 6).Select(number => $"H{number}")];
        Assert.Equal(listed, HardeningTheorems.All.OfType<Theorem>().Select(theorem => theorem.Name));
        var witnesses = HardeningTheorems.All.OfType<Witness>().Select(witness => witness.Name);
        Assert.Equal(listed.Select(name => name + "'"), witnesses);
        Assert.Distinct(HardeningTheorems.All.Select(task => task.Statement));
        Assert.All(HardeningTheorems.All, task => Assert.InRange(task.Statement.Length, 10, 120));
    }
}

using PageProof.SmtModels.Theorems;
using PageProof.SmtModels.Tlb;
using PageProof.Tests.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Tlb;

/// <summary>Every theorem about TLBs is proved of the compiled code, and every witness is found.</summary>
[InLane("tlb", OfCompiled = true)]
public sealed class TlbTheoremTests(ITestOutputHelper output)
{
    public static TheoryData<string> Theorems => [.. Domains.SelectMany(Proofs.Of<Theorem>)];

    public static TheoryData<string> Witnesses => [.. Domains.SelectMany(Proofs.Of<Witness>)];

    private static string[] Domains => ["tlb", "pagetables"];

    [Theory]
    [MemberData(nameof(Theorems))]
    public void Is_proved(string theorem) => Proofs.MustBeAsExpected(theorem, output);

    [Theory]
    [MemberData(nameof(Witnesses))]
    public void Is_found_and_confirmed_by_running_the_methods(string witness) =>
        Proofs.MustBeAsExpected(witness, output);

    [Fact]
    public void Two_thirds_of_the_theorems_have_a_witness()
    {
        var theorems = TlbTheorems.All.OfType<Theorem>().ToList();
        var witnesses = TlbTheorems.All.OfType<Witness>().ToList();
        Assert.All(witnesses, witness => Assert.Contains(
            theorems, theorem => theorem.Name == witness.Name.TrimEnd('\'')));
        int alarmed = theorems.Count(theorem => witnesses.Any(witness => witness.Name == theorem.Name + "'"));
        Assert.True(alarmed * 3 >= theorems.Count * 2, $"{alarmed} of {theorems.Count}");
        Assert.Distinct(TlbTheorems.All.Select(task => task.Name));
        Assert.Distinct(TlbTheorems.All.Select(task => task.Statement));
        Assert.All(TlbTheorems.All, task => Assert.InRange(task.Statement.Length, 10, 120));
    }
}

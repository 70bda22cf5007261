using PageProof.SmtModels.AddressSpaces;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.AddressSpaces;

/// <summary>Every theorem about address spaces is proved of the code, and every witness is found.</summary>
[InLane("addressspaces", OfCompiled = true)]
public sealed class AddressSpaceTheoremTests(ITestOutputHelper output)
{
    public static TheoryData<string> Theorems => [.. Proofs.Of<Theorem>("addressspaces")];

    public static TheoryData<string> Witnesses => [.. Proofs.Of<Witness>("addressspaces")];

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
        string[] listed = ["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10"];
        Assert.Equal(listed, AddressSpaceTheorems.All.OfType<Theorem>().Select(theorem => theorem.Name));
        var witnesses = AddressSpaceTheorems.All.OfType<Witness>().Select(witness => witness.Name.TrimEnd('\''));
        Assert.Equal(listed, witnesses.Distinct());
        Assert.Distinct(AddressSpaceTheorems.All.Select(task => task.Statement));
        Assert.All(AddressSpaceTheorems.All, task => Assert.InRange(task.Statement.Length, 10, 120));
    }
}

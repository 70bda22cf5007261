using PageProof.SmtModels.Frames;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Frames;

/// <summary>Every theorem about frames is proved of the code, and every witness is found.</summary>
[InLane("frames", OfCompiled = true)]
public sealed class FrameTheoremTests(ITestOutputHelper output)
{
    public static TheoryData<string> Theorems => [.. Proofs.Of<Theorem>("frames")];

    public static TheoryData<string> Witnesses => [.. Proofs.Of<Witness>("frames")];

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
        string[] listed = ["E1", "E2", "E3", "E4", "E6"];
        Assert.Equal(listed, FrameTheorems.All.OfType<Theorem>().Select(theorem => theorem.Name));
        var witnesses = FrameTheorems.All.OfType<Witness>().Select(witness => witness.Name);
        Assert.Equal(listed.Select(name => name + "'"), witnesses);
        Assert.Distinct(FrameTheorems.All.Select(task => task.Statement));
        Assert.All(FrameTheorems.All, task => Assert.InRange(task.Statement.Length, 10, 120));
    }
}

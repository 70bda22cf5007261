using PageProof.SmtModels.Swap;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Swap;

/// <summary>Every theorem about leaves without P is proved of the code, and every witness is found.</summary>
[InLane("swap", OfCompiled = true)]
public sealed class SwapTheoremTests(ITestOutputHelper output)
{
    public static TheoryData<string> Tasks => [.. Proofs.Of<ProofTask>("swap")];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Is_as_expected(string task) => Proofs.MustBeAsExpected(task, output);

    [Fact]
    public void Those_of_entries_are_there_with_their_witnesses() => Assert.Equal(
        [
            "F1", "F1'", "F2", "F2'", "F3", "F4", "F4'", "F5", "F6", "F9", "F9'", "F10", "F10'", "F7", "F7'", "F8",
            "F8'", "F8''",
        ],
        SwapTheorems.All.Select(task => task.Name));
}

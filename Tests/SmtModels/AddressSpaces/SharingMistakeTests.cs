using PageProof.Cli.Prove;
using PageProof.Mutation.Patches;
using PageProof.SmtModels;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.AddressSpaces;

/// <summary>
/// What copy-on-write must not permit is refuted by the theorem that speaks of it, when the Spec is made to permit it.
/// </summary>
public sealed class SharingMistakeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly ProjectSources Sources = ProjectSources.Read(ProjectSources.FindRoot(), "Spec");

    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        { "D1", "Entry", ": state.Writable != 0 ? SharingRefusal.OthersSee", "" },
        { "D3", "State", "(Shared | Pins | Lent | Held) == 0", "(Shared | Pins) == 0" },
        { "D4", "Entry", ": state.Exclusive && state.Pins != 0 ? SharingRefusal.Pinned", "" },
        { "D6", "", "? Refuse(state, SharingRefusal.OfObject)", "? To(after)" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_theorem_refutes(string theorem, string file, string right, string wrong)
    {
        string path = file == "State" ? "Spec/AddressSpaces/SharingState.cs"
            : $"Spec/AddressSpaces/Sharing{file}Spec.cs";
        Assert.Contains(right, Sources.Files[path], StringComparison.Ordinal);
        Dictionary<string, string> files = new(Sources.Files)
        {
            [path] = Sources.Files[path].Replace(right, wrong, StringComparison.Ordinal),
        };
        var compiled = PatchCompiler.OfRepository().Compile(Sources with { Files = files }, theorem);
        var task = TheoremList.All.Single(task => task.Name == theorem);
        using var subject = ProveSubject.Changed(compiled);
        using Z3Solver solver = new();
        var result = new Prover(solver, Limit).Try(task, subject.Subject, TestContext.Current.CancellationToken);
        Assert.True(result.Verdict == Verdict.Refuted, ProofTable.Sentence(result));
        output.WriteLine(result.Counterexample!.Story);
        Assert.Null(result.Counterexample.Contradiction);
    }
}

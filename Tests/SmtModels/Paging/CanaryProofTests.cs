using PageProof.Cli.Mutate;
using PageProof.Cli.Prove;
using PageProof.Mutation.Patches;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Paging;

/// <summary>
/// Proofs notice what the laws notice: every canary of paging is refuted by a theorem, with a case that
/// running the patched code confirms. Those in the Spec are refuted also by a theorem that does not ask
/// the Implementation.
/// </summary>
[Slow]
public sealed class CanaryProofTests(ITestOutputHelper output)
{
    private const string Agreement = "B1";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Lazy<PatchCompiler> Compiler = new(PatchCompiler.OfRepository);
    private static readonly IReadOnlyList<Patch> Patches = CanaryHunt.Patches("paging");

    // Which theorem speaks of what the patch breaks.
    private static readonly Dictionary<string, string> OfTheSpecAlone = new()
    {
        ["paging-spec-ignored-bits-as-address.patch"] = "B5",
        ["paging-spec-keys-with-four-levels-only.patch"] = "A7",
        ["paging-spec-pat-in-one-place.patch"] = "B7",
        ["paging-spec-read-only-lets-user-in.patch"] = "B2",
    };

    public static TheoryData<string> Canaries =>
        [.. Patches.Select(patch => patch.File)];

    public static TheoryData<string> CanariesOfTheSpec =>
        [.. Patches.Where(patch => patch.Project == "Spec").Select(patch => patch.File)];

    [Theory]
    [MemberData(nameof(Canaries))]
    public void Agreement_refutes(string file) => MustRefute(file, Agreement);

    [Theory]
    [MemberData(nameof(CanariesOfTheSpec))]
    public void A_theorem_about_the_Spec_alone_refutes(string file) => MustRefute(file, OfTheSpecAlone[file]);

    [Theory]
    [InlineData("Implementation")]
    [InlineData("Spec")]
    public void The_control_without_a_patch_is_not_refuted(string project)
    {
        var result = Try(Compiler.Value.CompileControl(project), Agreement);
        Assert.True(result.IsAsExpected, ProofTable.Sentence(result));
    }

    private void MustRefute(string file, string theorem)
    {
        var patch = Patches.Single(patch => patch.File == file);
        var result = Try(Compiler.Value.Compile(patch), theorem);
        Assert.True(result.Verdict == Verdict.Refuted, ProofTable.Sentence(result));
        output.WriteLine($"{patch.Name}: {result.Elapsed.TotalMilliseconds:0} ms, step {result.Steps[^1].Name}");
        output.WriteLine(result.Counterexample!.Story);
        Assert.Null(result.Counterexample.Contradiction);
    }

    private static ProofResult Try(string assembly, string theorem)
    {
        var task = PagingTheorems.All.Single(task => task.Name == theorem);
        using var subject = ProveSubject.Changed(assembly);
        using Z3Solver solver = new();
        return new Prover(solver, Limit).Try(task, subject.Subject, TestContext.Current.CancellationToken);
    }
}

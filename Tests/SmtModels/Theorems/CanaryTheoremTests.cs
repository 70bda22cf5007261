using PageProof.Cli.Mutate;
using PageProof.Cli.Prove;
using PageProof.Mutation.Patches;
using PageProof.SmtModels;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Theorems;

/// <summary>
/// Canaries of which a theorem speaks are refuted by it, with a case that running the patched code confirms:
/// what invalidation drops, what edits leave to be flushed, buddies, parts of areas, and the words of page-table
/// isolation.
/// </summary>
[Slow]
public sealed class CanaryTheoremTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<PatchCompiler> Compiler = new(PatchCompiler.OfRepository);

    private static readonly Dictionary<string, string> Theorems = new()
    {
        ["tlb-cr3-flushes-old-pcid.patch"] = "C14",
        ["tlb-cr3-keep-bit-without-pcids.patch"] = "C14",
        ["tlb-cr3-never-flushes-with-pcids.patch"] = "C14",
        ["tlb-fetches-not-invalidated.patch"] = "C14",
        ["tlb-front-large-page-parts.patch"] = "C14",
        ["tlb-front-not-flushed-by-pcid.patch"] = "C14",
        ["tlb-front-not-flushed-with-all.patch"] = "C14",
        ["tlb-front-page-not-invalidated.patch"] = "C14",
        ["tlb-front-survives-cr0.patch"] = "C14",
        ["tlb-front-survives-cr4.patch"] = "C14",
        ["tlb-front-survives-pcid-switch.patch"] = "C14",
        ["tlb-invlpg-ignores-large-pages.patch"] = "C14",
        ["tlb-invlpg-keeps-upper-entries.patch"] = "C14",
        ["tlb-invlpg-spares-globals.patch"] = "C14",
        ["tlb-invpcid-current-pcid.patch"] = "C14",
        ["tlb-invpcid-takes-any-address.patch"] = "C14",
        ["tlb-pcide-clear-keeps.patch"] = "C14",
        ["tlb-pge-toggle-keeps-globals.patch"] = "C14",
        ["tlb-second-level-not-flushed.patch"] = "C14",
        ["tlb-smep-set-keeps.patch"] = "C14",
        ["tlb-spec-invlpg-drops-every-page.patch"] = "C5",
        ["pagetables-dirty-dropped-without-flush.patch"] = "C11",
        ["pagetables-execution-dropped-without-flush.patch"] = "C11",
        ["pagetables-user-gained-without-flush.patch"] = "C11",
        ["pagetables-write-right-dropped-without-flush.patch"] = "C11",
        ["pagetables-flush-from-last-change.patch"] = "C9",
        ["pagetables-stride-of-largest-page.patch"] = "C9",
        ["frames-buddy-always-above.patch"] = "E6",
        ["kernel-split-keeps-offset.patch"] = "D8",
        ["kernel-merge-of-unlike-areas.patch"] = "D9",
        ["hardening-user-half-not-poisoned.patch"] = "H4",
        ["hardening-one-pcid-for-both-sides.patch"] = "H1",
        ["hardening-entry-keeps-user-pcid.patch"] = "H3",
    };

    private static readonly List<Patch> Patches =
        [.. ((string[])["tlb", "pagetables", "frames", "hardening", "kernel"]).SelectMany(CanaryHunt.Patches)];

    public static TheoryData<string, string> Canaries => new(Theorems.Select(pair => (pair.Key, pair.Value)));

    [Theory]
    [MemberData(nameof(Canaries))]
    public void A_theorem_refutes(string file, string theorem)
    {
        var patch = Patches.Single(patch => patch.File == file);
        var task = TheoremList.All.Single(task => task.Name == theorem);
        using var subject = ProveSubject.Changed(Compiler.Value.Compile(patch));
        using Z3Solver solver = new();
        var result = new Prover(solver, Limit).Try(task, subject.Subject, TestContext.Current.CancellationToken);
        Assert.True(result.Verdict == Verdict.Refuted, ProofTable.Sentence(result));
        output.WriteLine($"{patch.Name}: {result.Elapsed.TotalMilliseconds:0} ms, step {result.Steps[^1].Name}");
        output.WriteLine(result.Counterexample!.Story);
        Assert.Null(result.Counterexample.Contradiction);
    }
}

using System.Diagnostics;
using PageProof.Contract;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;

namespace PageProof.Cli.Verify;

/// <summary>
/// The alarm rings: the Implementation with each small fault of mutation-config/canaries is refuted,
/// and without any it is not. Needs the sources beside the tool.
/// </summary>
internal static class CanaryChecks
{
    private const string Domain = "paging";
    private const long CasesMax = 2_000_000;

    public static IReadOnlyList<VerifyLine> Run(ulong seed, Action<long> progress)
    {
        try
        {
            return [RunAll(seed, progress)];
        }
        catch (UserError reason)
        {
            return [VerifyLine.Skipped("every canary is caught", "patched implementations", reason.Message)];
        }
    }

    private static VerifyLine RunAll(ulong seed, Action<long> progress)
    {
        var clock = Stopwatch.StartNew();
        string folder = Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries");
        var patches = Patch.ReadFolder(folder, Domain);
        var compiler = PatchCompiler.OfRepository();
        long done = 0;
        var escaped = patches.AsParallel().AsOrdered().Where(patch =>
        {
            bool caught = IsRefuted(compiler.Compile(patch), seed, CasesMax);
            progress(Interlocked.Increment(ref done));
            return !caught;
        }).Select(patch => patch.Name).ToList();
        if (IsRefuted(compiler.CompileControl("Implementation"), seed, CasesMax / 10))
        {
            escaped.Add("the control without a patch was refuted");
        }

        return new(
            $"{patches.Count} canaries are caught, the control is not",
            "patched implementations",
            patches.Count + 1,
            clock.Elapsed.TotalSeconds,
            escaped.Count == 0 ? VerifyResult.Holds : VerifyResult.Refuted,
            escaped.Count == 0 ? "" : "not as expected: " + string.Join("; ", escaped));
    }

    private static bool IsRefuted(string assembly, ulong seed, long cases)
    {
        using var loaded = SystemAssembly.Load(assembly);
        return AgreementLaw.Run(loaded.System, seed, RunLength.Of(cases)).Failure is not null;
    }
}

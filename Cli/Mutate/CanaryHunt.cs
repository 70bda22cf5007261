using System.Diagnostics;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;

namespace PageProof.Cli.Mutate;

/// <summary>What the lockstep law said of a system with one small fault.</summary>
public sealed record CanaryOutcome(Patch Patch, CheckReport Report)
{
    /// <summary>Whether the law was refuted, as it should be.</summary>
    public bool IsCaught => Report.Failure is not null;
}

/// <summary>
/// Lets the canaries of a domain out: each is a small fault of mutation-config/canaries in a copy of
/// the Implementation or of the Spec, which the lockstep law has to refute. The same copies without a
/// fault are the controls, which it may not.
/// </summary>
/// <param name="Outcomes">One for each canary, in the order of their files.</param>
/// <param name="Controls">What the law said of the controls.</param>
/// <param name="Elapsed">How long all took, with the compiler.</param>
public sealed record CanaryHunt(
    IReadOnlyList<CanaryOutcome> Outcomes, IReadOnlyList<CheckReport> Controls, TimeSpan Elapsed)
{
    /// <summary>The most cases for each: thirty times what the shyest canary has needed so far.</summary>
    public const long CasesMax = 100_000;

    /// <summary>Every canary was caught, and no control was.</summary>
    public bool Holds => Outcomes.All(outcome => outcome.IsCaught)
        && Controls.All(control => control.Failure is null);

    /// <summary>The canaries of a domain, which lie with the sources.</summary>
    public static IReadOnlyList<Patch> Patches(string domain) => Patch.ReadFolder(
        Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries"), domain);

    /// <summary>Compiles and judges all; progress is told as the number of canaries done.</summary>
    public static CanaryHunt Run(string domain, ulong seed, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        var compiler = PatchCompiler.OfRepository();
        long done = 0;
        var outcomes = Patches(domain).AsParallel().AsOrdered().Select(patch =>
        {
            CanaryOutcome outcome = new(patch, Check(compiler.Compile(patch), seed));
            progress?.Invoke(Interlocked.Increment(ref done));
            return outcome;
        }).ToList();
        var controls = outcomes.Select(outcome => outcome.Patch.Project).Distinct()
            .Select(project => Check(compiler.CompileControl(project), seed)).ToList();
        return new(outcomes, controls, clock.Elapsed);
    }

    /// <summary>What the lockstep law says of the system of one assembly.</summary>
    public static CheckReport Check(string assembly, ulong seed)
    {
        using var loaded = SystemAssembly.Load(assembly);
        return AgreementLaw.Run(loaded.System, seed, RunLength.Of(CasesMax));
    }
}

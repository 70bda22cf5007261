using System.Diagnostics;
using PageProof.Cli.Check;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;

namespace PageProof.Cli.Mutate;

/// <summary>What the laws said of a system with one small fault.</summary>
public sealed record CanaryOutcome(Patch Patch, CheckReport Report)
{
    /// <summary>Whether the law was refuted, as it should be.</summary>
    public bool IsCaught => Report.Failure is not null;
}

/// <summary>
/// Lets the canaries of a domain out: each is a small fault of mutation-config/canaries in a copy of
/// the Implementation or of the Spec, which the laws have to refute. The same copies without a
/// fault are the controls, which it may not.
/// </summary>
/// <param name="Outcomes">One for each canary, in the order of their files.</param>
/// <param name="Controls">What the law said of the controls.</param>
/// <param name="Elapsed">How long all took, with the compiler.</param>
public sealed record CanaryHunt(
    IReadOnlyList<CanaryOutcome> Outcomes, IReadOnlyList<CheckReport> Controls, TimeSpan Elapsed)
{
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
        var laws = DomainLaws.Of(domain);
        var compiler = PatchCompiler.OfRepository();
        long done = 0;
        var outcomes = Patches(domain).AsParallel().AsOrdered().Select(patch =>
        {
            CanaryOutcome outcome = new(patch, Check(laws, compiler.Compile(patch), seed));
            progress?.Invoke(Interlocked.Increment(ref done));
            return outcome;
        }).ToList();
        var controls = outcomes.Select(outcome => outcome.Patch.Project).Distinct()
            .Select(project => Check(laws, compiler.CompileControl(project), seed)).ToList();
        return new(outcomes, controls, clock.Elapsed);
    }

    // What the first law that is broken says of the system of one assembly.
    private static CheckReport Check(DomainLaws laws, string assembly, ulong seed)
    {
        using var loaded = SystemAssembly.Load(assembly);
        return laws.FirstRefuted(loaded.System, seed, RunLength.Of(laws.CanaryCases));
    }
}

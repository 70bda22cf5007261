using System.Diagnostics;
using PageProof.Cli.Check;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;

namespace PageProof.Cli.Mutate;

/// <summary>What the laws said of a system with one small fault.</summary>
public sealed record CanaryOutcome(Patch Patch, CheckReport Report)
{
    /// <summary>The most commands of a story in which a small fault is told.</summary>
    public const int CommandsMax = 12;

    /// <summary>
    /// Whether the law that the patch names is the first that was refuted, in few commands. A fault of the
    /// Spec is also met by lockstep, which comes before the laws of single sentences.
    /// </summary>
    public bool IsCaught => IsInTime && (Report.Law == Patch.Law || Patch.Project == "Spec");

    /// <summary>What came of it, in a word or a few.</summary>
    public string Verdict => IsCaught ? "yes"
        : Report.Failure is null ? "NO"
        : IsInTime ? $"by another law: {Report.Law}"
        : $"in {Report.Failure.Length} commands";

    private bool IsInTime => Report.Failure is { Length: <= CommandsMax };
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
    // The laws that have the least cases have an eighth of a run's.
    private const int SmallestShare = 8;

    /// <summary>Every canary was caught, and no control was.</summary>
    public bool Holds => Outcomes.All(outcome => outcome.IsCaught)
        && Controls.All(control => control.Failure is null);

    /// <summary>The canaries of a domain, which lie with the sources.</summary>
    public static IReadOnlyList<Patch> Patches(string domain) => Patch.ReadFolder(
        Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries"), domain);

    /// <summary>Compiles and judges all; progress is told as the number of canaries done.</summary>
    public static CanaryHunt Run(string domain, ulong seed, Action<long>? progress = null) =>
        Run(domain, Patches(domain), seed, progress);

    /// <summary>Compiles and judges these canaries of the domain.</summary>
    public static CanaryHunt Run(
        string domain, IReadOnlyList<Patch> patches, ulong seed, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        var laws = DomainLaws.Of(domain);
        var compiler = PatchCompiler.OfRepository();
        long done = 0;
        var outcomes = patches.AsParallel().AsOrdered().Select(patch =>
        {
            CanaryOutcome outcome = new(patch, Check(laws, compiler.Compile(patch), seed, laws.CanaryCases));
            progress?.Invoke(Interlocked.Increment(ref done));
            return outcome;
        }).ToList();
        var controls = outcomes.GroupBy(outcome => outcome.Patch.Project)
            .Select(ofOne => Check(laws, compiler.CompileControl(ofOne.Key), seed, ControlCases(laws, ofOne)))
            .ToList();
        return new(outcomes, controls, clock.Elapsed);
    }

    // What the first law that is broken says of the system of one assembly.
    private static CheckReport Check(DomainLaws laws, string assembly, ulong seed, long cases)
    {
        using var loaded = SystemAssembly.Load(assembly);
        return laws.FirstRefuted(loaded.System, seed, RunLength.Of(cases));
    }

    // A control is put to every case that has caught a canary: some laws have a part of a run's cases only.
    private static long ControlCases(DomainLaws laws, IEnumerable<CanaryOutcome> canaries)
    {
        long shyest = canaries.Max(canary => canary.Report.Failure?.Index ?? laws.CanaryCases);
        return Math.Min(laws.CanaryCases, SmallestShare * (shyest + 1));
    }
}

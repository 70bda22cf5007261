using System.Diagnostics;
using PageProof.Cli.Check;
using PageProof.Cli.Reality;
using PageProof.Contract;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Properties.Paging;
using PageProof.Properties.Tlb;
using PageProof.Reality.Kvm;
using PageProof.Reality.Linux;
using PageProof.Reality.Qemu;
using PageProof.Reality.Recorded;
using PageProof.Spec;

namespace PageProof.Cli.Verify;

/// <summary>
/// What a verification consists of. Random cases share the time; what is exhaustive, proved or recorded takes what
/// it takes.
/// </summary>
internal static class VerificationSteps
{
    private const string Paging = "paging";
    private const double RealTlbSecondsMax = 8;
    private static readonly TimeSpan BudgetDefault = TimeSpan.FromSeconds(60);

    /// <summary>Takes every step, one after the other.</summary>
    public static Verification Run(CommonSettings settings, Terminal terminal)
    {
        var clock = Stopwatch.StartNew();
        Verification done = new(settings.Seed);
        foreach (var step in Steps(settings, settings.Budget ?? BudgetDefault))
        {
            Progress progress = new(terminal, settings.Quiet);
            done.Add(step.Part, progress.Run(step.What, 0, step.Job));
        }

        done.Seconds = clock.Elapsed.TotalSeconds;
        return done;
    }

    private static IEnumerable<VerifyStep> Steps(CommonSettings settings, TimeSpan budget)
    {
        ImplementationSystem implementation = new();
        int workers = Environment.ProcessorCount;
        yield return new("laws", "laws of paging", progress => Each(PagingLaws.RunAll(
            implementation, settings.Seed, Share(0.2), workers, progress.Report)));
        yield return new("laws", "laws of the Spec alone", progress => Each(PagingLaws.Twins(new SpecSystem())
            .Select(law => law.Run(settings.Seed, Share(0.02), workers, progress.Report))
            .Append(MarkedWordsLaw.OfSpec(implementation).Run(
                settings.Seed, Share(0.02), workers, progress.Report))));
        yield return new("laws", "every combination of rights", progress =>
            [VerifyLine.Of(PermissionProduct.Run(
                implementation, PermissionProduct.Controls, workers, progress.Report))]);
        var others = DomainLaws.All.Where(laws => laws.Name != Paging).ToList();
        foreach (var laws in others)
        {
            yield return new("laws", $"laws of {laws.Name}", progress => Each(laws.RunAll(
                implementation, settings.Seed, Share(0.2 / others.Count), workers, progress.Report)));
        }

        foreach (var facts in RecordedFacts.Paging)
        {
            yield return new("reality", "recorded facts", _ =>
            [
                VerifyLine.Of(RealityChecks.OfSpec(facts)),
                VerifyLine.Of(RealityChecks.LawOf(facts).Of(implementation)),
            ]);
        }

        yield return new("reality", "recorded sequences", _ =>
            Each(RecordedFacts.Tlb.Select(RealityChecks.OfSpec)));
        yield return new("reality", "recorded kernels", _ =>
            Each(RecordedKernels.All.Select(RealityChecks.OfSpec)));
        yield return new("proofs", "theorems", progress => ProofChecks.Run(progress.Report));
        yield return new("reality", "QEMU", progress =>
            [Real("qemu", QemuSystem.WhyUnavailable(), settings, Share(0.25), progress, AgreementLaw.Run)]);
        yield return new("reality", "KVM", progress =>
            [Real("kvm", KvmSystem.WhyUnavailable(), settings, Share(0.25), progress, AgreementLaw.Run)]);
        yield return new("reality", "QEMU's TLB", progress =>
            [Real("qemu", QemuSystem.WhyUnavailable(), settings, Short(0.15), progress, TlbAgreementLaw.Run)]);
        yield return new("reality", "KVM's TLB", progress =>
            [Real("kvm", KvmSystem.WhyUnavailable(), settings, Short(0.15), progress, TlbAgreementLaw.Run)]);
        yield return new("reality", "Linux", progress =>
            [Real("linux", StubTree.WhyUnavailable(), settings, Short(0.15), progress, KernelAgreementLaw.Run)]);
        foreach (var laws in DomainLaws.All)
        {
            yield return new("canaries", $"canaries of {laws.Name}", progress =>
                CanaryChecks.Run(laws.Name, settings.Seed, progress.Report));
        }

        RunLength Short(double share) => settings.Cases is { } cases
            ? RunLength.Of(cases)
            : RunLength.Within(TimeSpan.FromSeconds(Math.Min(RealTlbSecondsMax, budget.TotalSeconds * share)));

        RunLength Share(double share) => settings.Cases is { } cases
            ? RunLength.Of(cases)
            : RunLength.Within(budget * share);
    }

    private static VerifyLine Real(
        string name,
        string? whyNot,
        CommonSettings settings,
        RunLength length,
        IProgress<long> progress,
        Func<ISystem, ulong, RunLength, int, Action<long>?, CheckReport> law)
    {
        if (whyNot is not null)
        {
            return VerifyLine.Skipped($"the Spec against {name}", name, whyNot);
        }

        using var system = Systems.Open(name);
        var report = law(system, settings.Seed, length, Systems.WorkersOf(name), progress.Report);
        return VerifyLine.Of(report, RealityChecks.BackendOf(system));
    }

    private static List<VerifyLine> Each(IEnumerable<CheckReport> reports) =>
        [.. reports.Select(report => VerifyLine.Of(report))];
}

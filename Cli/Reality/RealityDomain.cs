using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Properties.Paging;
using PageProof.Properties.Tlb;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Reality;

/// <summary>A law put to a real system.</summary>
internal delegate CheckReport RealityRun(
    ISystem system, ulong seed, RunLength length, int workers, Action<long>? progress);

/// <summary>What real systems can be asked about.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Systems">The systems that can be asked.</param>
/// <param name="CasesDefault">How many cases a run has that is told nothing.</param>
/// <param name="Run">Puts the law of the domain to one of them.</param>
/// <param name="OfRecorded">Puts what they answered before to the Spec.</param>
internal sealed record RealityDomain(
    string Name,
    IReadOnlyList<string> Systems,
    long CasesDefault,
    RealityRun Run,
    Func<IEnumerable<CheckReport>> OfRecorded)
{
    private static readonly string[] Mmus = ["kvm", "qemu"];

    public static RealityDomain Paging { get; } = new(
        "paging", Mmus, 100_000, AgreementLaw.Run, () => RecordedFacts.Paging.Select(RealityChecks.OfSpec));

    public static RealityDomain Tlb { get; } = new(
        "tlb", Mmus, 20_000, TlbAgreementLaw.Run, () => RecordedFacts.Tlb.Select(RealityChecks.OfSpec));

    public static RealityDomain Kernel { get; } = new(
        "kernel", ["linux"], 3_000, KernelAgreementLaw.Run, () => RecordedKernels.All.Select(RealityChecks.OfSpec));

    public static IReadOnlyList<RealityDomain> All { get; } = [Paging, Tlb, Kernel];

    /// <summary>The names of all domains, for help.</summary>
    public static string Names => string.Join(", ", All.Select(each => each.Name));

    /// <summary>What a real system is asked about: the domain of that name, or the first that it has.</summary>
    /// <exception cref="UserError">It cannot be asked about that.</exception>
    public static RealityDomain Of(string system, string? name)
    {
        var asked = All.Where(each => system == "recorded" || each.Systems.Contains(system)).ToList();
        string names = string.Join(" or ", asked.Select(each => each.Name));
        return (name is null ? asked[0] : asked.Find(each => each.Name == name))
            ?? throw new UserError($"{system} is not asked about '{name}': the domain is {names}.");
    }

    /// <summary>Keeps the answers to so many cases in a file; the answer is how many there are.</summary>
    public int Record(ISystem system, ulong seed, int count, string file) =>
        this == Paging ? FactRecorder.Record(system, seed, count, file)
        : this == Tlb ? SequenceRecorder.Record(system, seed, count, file)
        : KernelRecorder.Record(system, seed, count, file);
}

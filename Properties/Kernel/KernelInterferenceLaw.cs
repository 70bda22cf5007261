using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Non-interference: what a process stores into private memory changes nothing that anybody else sees. A sequence
/// is run as it is, with other values in all private stores of one process after its last fork, and with loads
/// in their place: whatever the others are answered must be the same, but for faults on what they share.
/// </summary>
public sealed class KernelInterferenceLaw(ISystem system) : CaseLaw<KernelSequence>
{
    private readonly KernelCapabilities _capabilities = KernelDoor.CapabilitiesOf(system);
    private readonly KernelGenerator _generator = new(KernelDoor.CapabilitiesOf(system));
    private readonly KernelFit _fit = new(KernelDoor.CapabilitiesOf(system));
    private readonly List<KernelInterferenceJudge> _judges = [];

    public override string Name => "a private store changes nothing for others";

    public override int BatchSize => _capabilities.SequencesAtOnce;

    public override int LengthOf(in KernelSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref KernelSequence unfolded) =>
        unfolded = _generator.Generate(seed + 1, index);

    public override IEnumerable<KernelSequence> Simplify(KernelSequence failing) =>
        KernelShrinks.Of(failing).Where(simpler => _fit.IsWithin(simpler));

    public override ICaseJudge<KernelSequence> OpenJudge()
    {
        KernelInterferenceJudge judge = new(new(KernelDoor.Open(system)));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds how many commands were compared to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        KernelInterferenceLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => KernelText.Print(sequence), progress);
        long changed = law._judges.Sum(judge => judge.Changed), compared = law._judges.Sum(judge => judge.Compared);
        bool enough = changed >= KernelCoverage.Floor || report.Cases < KernelCoverage.CasesToBind;
        return report with
        {
            Commands = compared,
            Coverage = report.Failure is null
                ? new(1, changed, enough ? [] : [$"private stores that are changed: {changed}"], [])
                : null,
        };
    }
}

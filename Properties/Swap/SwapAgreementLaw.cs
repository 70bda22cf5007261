using PageProof.Contract;
using PageProof.Contract.Swap;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap;

/// <summary>
/// The lockstep law of swap devices: a page comes back as it went, whoever else swaps and whatever fails; slots are
/// somebody's or free; headers, priorities and refusals are as Linux has them.
/// </summary>
public sealed class SwapAgreementLaw(ISystem system) : CaseLaw<SwapSequence>
{
    private readonly SwapGenerator _generator = new(SwapDoor.CapabilitiesOf(system));
    private readonly List<SwapJudge> _judges = [];

    public override string Name => "a page comes back from swap as it went, and only owners are told of errors";

    public override int BatchSize => 64;

    public override int LengthOf(in SwapSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref SwapSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<SwapSequence> Simplify(SwapSequence failing) => SwapShrinks.Of(failing);

    public override ICaseJudge<SwapSequence> OpenJudge()
    {
        SwapJudge judge = new(SwapDoor.Open(system), watchesTurns: false);
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        SwapAgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => SwapText.Print(sequence), progress);
        SwapCoverage all = new();
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
        }

        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is null ? all.Judge(report.Cases, SwapDoor.CapabilitiesOf(system)) : null,
        };
    }
}

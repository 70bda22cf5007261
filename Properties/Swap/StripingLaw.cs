using PageProof.Contract;
using PageProof.Contract.Swap;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap;

/// <summary>
/// Areas of equal priority take turns, a cluster each, in the order in which they came: which slot a page goes to is
/// determined, but for which of the free clusters of an area it is. For systems that say that they do so.
/// </summary>
public sealed class StripingLaw(ISystem system) : CaseLaw<SwapSequence>
{
    private readonly SwapGenerator _generator = new(SwapDoor.CapabilitiesOf(system));
    private readonly List<SwapJudge> _judges = [];

    public override string Name => "areas of equal priority take turns, a cluster each";

    public override int BatchSize => 64;

    public override int LengthOf(in SwapSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref SwapSequence unfolded) =>
        unfolded = _generator.GenerateForTurns(seed + 1, index);

    public override IEnumerable<SwapSequence> Simplify(SwapSequence failing) => SwapShrinks.Of(failing);

    public override ICaseJudge<SwapSequence> OpenJudge()
    {
        SwapJudge judge = new(SwapDoor.Open(system), watchesTurns: true);
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law; it covers how often pages went to areas with a rival, and below full ones.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        StripingLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => SwapText.Print(sequence), progress);
        SwapCoverage all = new();
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
        }

        long least = Math.Min(all[SwapClass.OutWithRival], all[SwapClass.OutBelow]);
        bool isShort = report.Cases >= SwapCoverage.CasesToBind && least < SwapCoverage.Floor;
        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is null ? new(2, least, isShort ? [$"turns: {least}"] : [], []) : null,
        };
    }
}

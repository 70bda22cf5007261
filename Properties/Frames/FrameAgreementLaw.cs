using PageProof.Contract;
using PageProof.Contract.Frames;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Frames;

/// <summary>
/// The lockstep law of frames: every frame has one owner or is free, and what is known of it, counted anew
/// after each command, is what was done; whatever is free can be had, and what is moved stays itself.
/// </summary>
public sealed class FrameAgreementLaw(ISystem system) : CaseLaw<FrameSequence>
{
    private readonly FrameGenerator _generator = new(FrameDoor.CapabilitiesOf(system));
    private readonly List<FrameJudge> _judges = [];

    public override string Name => "every frame is free or somebody's, and its counts say whose";

    public override int BatchSize => 64;

    public override int LengthOf(in FrameSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref FrameSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<FrameSequence> Simplify(FrameSequence failing) => FrameShrinks.Of(failing);

    public override ICaseJudge<FrameSequence> OpenJudge()
    {
        FrameJudge judge = new(FrameDoor.Open(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        FrameAgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => FrameText.Print(sequence), progress);
        FrameCoverage all = new();
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
        }

        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is null ? all.Judge(report.Cases) : null,
        };
    }
}

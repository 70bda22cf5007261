using PageProof.Contract;
using PageProof.Contract.Swap.Compressed;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>
/// The lockstep law of compressed stores: a page comes back as it was stored last, from where it has to lie, or not
/// at all; memory is taken as the pool's classes make it, limits are kept, and what is counted is what is there.
/// </summary>
public sealed class CompressedAgreementLaw(ISystem system) : CaseLaw<CompressedSequence>
{
    private readonly CompressedGenerator _generator = new(CompressedDoor.CapabilitiesOf(system));
    private readonly List<CompressedJudge> _judges = [];

    public override string Name => "a compressed page comes back as it was, and takes the memory that it may";

    public override int BatchSize => 64;

    public override int LengthOf(in CompressedSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref CompressedSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<CompressedSequence> Simplify(CompressedSequence failing) =>
        CompressedShrinks.Of(failing);

    public override ICaseJudge<CompressedSequence> OpenJudge()
    {
        CompressedJudge judge = new(CompressedDoor.Open(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        CompressedAgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => CompressedText.Print(sequence), progress);
        CompressedCoverage all = new();
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

using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Hardening;

/// <summary>
/// The lockstep law of page-table isolation: whatever was cached under whichever PCID, every access ends as
/// the table of its side says now; the user's table leads to no page of the kernel but the entry set; and
/// entries and exits cost no more than one write of CR3.
/// </summary>
public sealed class KptiAgreementLaw(ISystem system) : CaseLaw<KptiSequence>
{
    private readonly KptiGenerator _generator = new(KptiDoor.CapabilitiesOf(system));
    private readonly List<KptiJudge> _judges = [];

    public override string Name => "user mode reaches its own pages and the entry set, and nobody meets what is stale";

    public override int BatchSize => 256;

    public override int LengthOf(in KptiSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref KptiSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<KptiSequence> Simplify(KptiSequence failing) => KptiShrinks.Of(failing);

    public override ICaseJudge<KptiSequence> OpenJudge()
    {
        KptiJudge judge = new(KptiDoor.Open(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        KptiAgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => KptiText.Print(sequence), progress);
        KptiCoverage all = new();
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

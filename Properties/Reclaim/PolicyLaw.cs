using PageProof.Contract;
using PageProof.Contract.Reclaim;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Reclaim;

/// <summary>A law of page replacement: what it says of one sequence on one system.</summary>
public abstract class PolicyLaw(ISystem system) : CaseLaw<ReplacementSequence>
{
    private readonly ReplacementGenerator _generator = new(PolicyDoor.CapabilitiesOf(system));

    public override int BatchSize => 256;

    public override int LengthOf(in ReplacementSequence asked) => asked.References.Length;

    public override void Generate(ulong seed, long index, ref ReplacementSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<ReplacementSequence> Simplify(ReplacementSequence failing) =>
        ReplacementShrinks.Of(failing);

    public override ICaseJudge<ReplacementSequence> OpenJudge() => new Judge(this, PolicyDoor.Open(system));

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public CheckReport Run(ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        var report = CaseRunner.Run(
            this, system.Name, seed, length, workers, sequence => ReplacementText.Print(sequence), progress);
        return report with
        {
            Commands = References,
            Coverage = report.Failure is null ? Judged(report.Cases) : null,
        };
    }

    /// <summary>Why what the system does with the sequence breaks the law; null when it does not.</summary>
    internal abstract string? Refusal(IReplacementPolicy door, in ReplacementSequence asked);

    /// <summary>How many references were counted.</summary>
    protected virtual long References => 0;

    /// <summary>What was covered, for a law that counts it.</summary>
    protected virtual CoverageReport? Judged(long cases) => null;

    private sealed class Judge(PolicyLaw law, IReplacementPolicy door) : ICaseJudge<ReplacementSequence>
    {
        public int FirstFailure(ReadOnlySpan<ReplacementSequence> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                if (law.Refusal(door, cases[place]) is not null)
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in ReplacementSequence failing)
        {
            var answers = door.Ask(failing);
            List<string> lines = [ReplacementText.Print(failing).Split('\n')[0]];
            for (int place = 0; place < answers.Length; place++)
            {
                lines.Add($"  {place + 1}. {failing.References[place]} -> {answers[place]}");
            }

            string? refusal = law.Refusal(door, failing);
            lines.Add(refusal is null ? "Every answer is permitted." : $"That is not permitted: {refusal}.");
            return string.Join(Environment.NewLine, lines);
        }

        public void Dispose() => door.Dispose();
    }
}

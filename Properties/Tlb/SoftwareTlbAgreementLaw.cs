using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The lockstep law of software-filled TLBs: whatever is done, each answer is the one that follows, or, where
/// the manual leaves a choice, one of those that may.
/// </summary>
public sealed class SoftwareTlbAgreementLaw(ISystem system) : CaseLaw<SoftwareTlbSequence>
{
    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 6_000;

    private readonly List<Judge> _judges = [];

    public override string Name => "a software-filled TLB answers by what was written into it";

    public override int BatchSize => 256;

    public override int LengthOf(in SoftwareTlbSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref SoftwareTlbSequence unfolded) =>
        unfolded = SoftwareTlbGenerator.Generate(seed, index);

    public override IEnumerable<SoftwareTlbSequence> Simplify(SoftwareTlbSequence failing) =>
        SoftwareTlbShrinks.Of(failing);

    public override ICaseJudge<SoftwareTlbSequence> OpenJudge()
    {
        Judge judge = new(SoftwareTlbDoor.Machine(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        SoftwareTlbAgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => SoftwareTlbText.Print(sequence), progress);
        ClassCounts<SoftwareTlbClass> all = new();
        law._judges.ForEach(judge => all.Add(judge.Counts));
        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is null ? all.Judge(report.Cases >= CasesToBind) : null,
        };
    }

    private sealed class Judge(ISoftwareTlb machine) : ICaseJudge<SoftwareTlbSequence>
    {
        private readonly SoftwareTlbAnswer[] _answers = new SoftwareTlbAnswer[SoftwareTlbSequence.CommandsMax];

        public ClassCounts<SoftwareTlbClass> Counts { get; } = new();

        public int FirstFailure(ReadOnlySpan<SoftwareTlbSequence> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                if (!Holds(cases[place]))
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in SoftwareTlbSequence failing) => SoftwareTlbStory.Tell(failing, Ask(failing));

        public void Dispose() => machine.Dispose();

        private bool Holds(in SoftwareTlbSequence sequence)
        {
            var answers = Ask(sequence);
            var state = SoftwareTlbSpec.Begin(sequence.Entries);
            for (int index = 0; index < answers.Length; index++)
            {
                var command = sequence.Commands[index];
                var step = SoftwareTlbSpec.Follow(state, command, answers[index]);
                if (step.State is not { } after)
                {
                    return false;
                }

                if (SoftwareTlbCoverage.Of(state, command, answers[index], after) is { } reached)
                {
                    Counts.Add(reached);
                }

                state = after;
            }

            return true;
        }

        private ReadOnlySpan<SoftwareTlbAnswer> Ask(in SoftwareTlbSequence sequence)
        {
            var answers = _answers.AsSpan(0, sequence.Commands.Length);
            answers.Clear();
            machine.Run(sequence.Entries, sequence.Commands.AsSpan(), answers);
            return answers;
        }
    }
}

using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The lockstep law of TLBs: whatever the sequence, each CPU answers only what may still be cached or
/// what a walk gives, marks what it must, and refuses what it must.
/// </summary>
public sealed class TlbAgreementLaw(ISystem system) : CaseLaw<TlbSequence>
{
    private readonly TlbCapabilities _capabilities = TlbDoor.CapabilitiesOf(system);
    private readonly TlbGenerator _generator = new(TlbDoor.CapabilitiesOf(system));
    private readonly List<Judge> _judges = [];

    public override string Name => "a CPU answers only what may still be cached";

    public override int BatchSize => 256;

    public override int LengthOf(in TlbSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref TlbSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<TlbSequence> Simplify(TlbSequence failing) => TlbShrinks.Of(failing);

    public override ICaseJudge<TlbSequence> OpenJudge()
    {
        Judge judge = new(TlbDoor.Machine(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        TlbAgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => TlbText.Print(sequence), progress);
        TlbCoverage all = new();
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
        }

        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is null ? all.Judge(law._capabilities, report.Cases) : null,
        };
    }

    private sealed class Judge(ITlbMachine machine) : ICaseJudge<TlbSequence>
    {
        private readonly TlbAnswer[] _answers = new TlbAnswer[TlbSequence.CommandsMax];

        public TlbCoverage Coverage { get; } = new();

        public int FirstFailure(ReadOnlySpan<TlbSequence> cases)
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

        public string Tell(in TlbSequence failing) => TlbStory.Tell(failing, Ask(failing));

        public void Dispose() => machine.Dispose();

        private bool Holds(in TlbSequence sequence)
        {
            var answers = Ask(sequence);
            var state = TlbSpec.Begin(sequence);
            Coverage.Begin(sequence.Start);
            for (int index = 0; index < answers.Length; index++)
            {
                var command = sequence.Commands[index];
                var step = TlbSpec.Follow(state, command, answers[index]);
                if (step.State is null)
                {
                    return false;
                }

                Coverage.Count(state, command, answers[index], step);
                state = step.State;
            }

            return true;
        }

        // Whoever does not answer must not be taken at the answer of an earlier sequence.
        private ReadOnlySpan<TlbAnswer> Ask(in TlbSequence sequence)
        {
            var answers = _answers.AsSpan(0, sequence.Commands.Length);
            answers.Clear();
            machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
            return answers;
        }
    }
}

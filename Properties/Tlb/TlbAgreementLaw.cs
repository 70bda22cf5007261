using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The lockstep law of TLBs: whatever the sequence, each CPU answers only what may still be cached or
/// what a walk gives, marks what it must, and refuses what it must; or it differs in a way that is known of
/// the machine.
/// </summary>
public sealed class TlbAgreementLaw(ISystem system) : CaseLaw<TlbSequence>
{
    private readonly TlbCapabilities _capabilities = TlbDoor.CapabilitiesOf(system);
    private readonly TlbGenerator _generator = new(TlbDoor.CapabilitiesOf(system));
    private readonly TlbFit _fit = new(TlbDoor.CapabilitiesOf(system));
    private readonly List<Judge> _judges = [];

    public override string Name => "a CPU answers only what may still be cached";

    public override int BatchSize => _capabilities.SequencesAtOnce;

    public override int LengthOf(in TlbSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref TlbSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<TlbSequence> Simplify(TlbSequence failing) =>
        TlbShrinks.Of(failing).Where(simpler => _fit.IsWithin(simpler));

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
        Dictionary<string, long> explained = [];
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
            foreach (var (name, count) in judge.Explained)
            {
                explained[name] = explained.GetValueOrDefault(name) + count;
            }
        }

        return report with
        {
            Commands = all.Commands,
            Explained = explained,
            Stale = StaleAnswers.Classes.ToDictionary(each => each.ToString(), each => all[each]),
            Coverage = report.Failure is null ? all.Judge(law._capabilities, report.Cases) : null,
        };
    }

    private sealed class Judge(ITlbMachine machine) : ICaseJudge<TlbSequence>
    {
        private readonly TlbFollower _follower = new(machine.Capabilities.Deviations);
        private TlbAnswer[] _answers = [];

        public TlbCoverage Coverage { get; } = new();

        public Dictionary<string, long> Explained { get; } = [];

        public int FirstFailure(ReadOnlySpan<TlbSequence> cases)
        {
            var answers = Ask(cases);
            for (int place = 0; place < cases.Length; place++)
            {
                int count = cases[place].Commands.Length;
                if (!_follower.Follow(cases[place], answers[..count], Coverage))
                {
                    return place;
                }

                _follower.AddExplained(Explained);
                answers = answers[count..];
            }

            return -1;
        }

        public string Tell(in TlbSequence failing) =>
            TlbStory.Tell(failing, Ask([failing]), machine.Capabilities.Deviations);

        public void Dispose() => machine.Dispose();

        // Whoever does not answer must not be taken at the answer of an earlier sequence.
        private ReadOnlySpan<TlbAnswer> Ask(ReadOnlySpan<TlbSequence> sequences)
        {
            int count = 0;
            foreach (ref readonly var sequence in sequences)
            {
                count += sequence.Commands.Length;
            }

            if (_answers.Length < count)
            {
                _answers = new TlbAnswer[count];
            }

            var answers = _answers.AsSpan(0, count);
            answers.Clear();
            machine.RunAll(sequences, answers);
            return answers;
        }
    }
}

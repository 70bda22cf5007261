using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// The lockstep law of paging: whatever the tables, the control state and the access, a translator
/// answers what the Spec permits, or differs in a way that is known of it.
/// </summary>
public sealed class AgreementLaw : CaseLaw<TranslationCase>
{
    private readonly ISystem _system;
    private readonly TranslatorCapabilities _capabilities;
    private readonly TranslationGenerator _generator;
    private readonly TranslationShrinks _shrinks;
    private readonly List<Judge> _judges = [];

    public AgreementLaw(ISystem system)
    {
        _system = system;
        _capabilities = Doors.CapabilitiesOf(system);
        _generator = new(_capabilities);
        _shrinks = new(new(_capabilities));
    }

    public override string Name => "a translator answers what the Spec permits";

    public override int BatchSize => Math.Max(8192, 2 * _capabilities.CasesPerMachine);

    /// <summary>The classes that the cases of all judges were of.</summary>
    public CoverageReport Coverage(long cases)
    {
        TranslationCoverage all = new();
        foreach (var judge in _judges)
        {
            all.Add(judge.Coverage);
        }

        return all.Judge(_capabilities, cases);
    }

    /// <summary>How many cases each known deviation explained.</summary>
    public IReadOnlyDictionary<string, long> Explained => _judges
        .SelectMany(judge => judge.Explained)
        .GroupBy(pair => pair.Key, pair => pair.Value)
        .ToDictionary(group => group.Key, group => group.Sum());

    public override void Generate(ulong seed, long index, ref TranslationCase unfolded) =>
        _generator.Generate(seed, index, ref unfolded);

    public override IEnumerable<TranslationCase> Simplify(TranslationCase failing) =>
        _shrinks.Of(failing);

    public override ICaseJudge<TranslationCase> OpenJudge()
    {
        Judge judge = new(Doors.Translator(_system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        AgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, asked => CaseText.Print(asked), progress);
        return report with { Coverage = law.Coverage(report.Cases), Explained = law.Explained };
    }

    private sealed class Judge(ITranslator translator) : ICaseJudge<TranslationCase>
    {
        private TranslationAnswer[] _answers = [];

        public TranslationCoverage Coverage { get; } = new();

        public Dictionary<string, long> Explained { get; } = [];

        public int FirstFailure(ReadOnlySpan<TranslationCase> cases)
        {
            var answers = Ask(cases);
            for (int index = 0; index < cases.Length; index++)
            {
                var end = TranslationSpec.Walk(cases[index]);
                Coverage.Count(cases[index], end);
                if (Disagreement.Of(cases[index], end, answers[index]) is not null
                    && !IsKnown(cases[index], end.Outcome, answers[index]))
                {
                    return index;
                }
            }

            return -1;
        }

        public string Tell(in TranslationCase failing)
        {
            var answer = Ask([failing])[0];
            var end = TranslationSpec.Walk(failing);
            return TranslationStory.Tell(failing, end, answer);
        }

        public void Dispose() => translator.Dispose();

        private Span<TranslationAnswer> Ask(ReadOnlySpan<TranslationCase> cases)
        {
            if (_answers.Length < cases.Length)
            {
                _answers = new TranslationAnswer[cases.Length];
            }

            // Whoever does not answer must not be taken at the answer of an earlier batch.
            var answers = _answers.AsSpan(0, cases.Length);
            foreach (ref var answer in answers)
            {
                answer.Outcome = default;
                answer.Known = AnswerParts.None;
            }

            translator.Translate(cases, answers);
            return answers;
        }

        private bool IsKnown(
            in TranslationCase asked, in TranslationOutcome expected, in TranslationAnswer answer)
        {
            foreach (var deviation in translator.Capabilities.Deviations)
            {
                if (deviation.Explains(asked, expected, answer))
                {
                    Explained[deviation.Name] = Explained.GetValueOrDefault(deviation.Name) + 1;
                    return true;
                }
            }

            return false;
        }
    }
}

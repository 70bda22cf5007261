using System.Text;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Paging;

/// <summary>
/// A law that relates a case to a twin made from it, and asks a translator both. It needs no expected
/// answer, so it also binds the Spec.
/// </summary>
public abstract class TwinLaw : CaseLaw<TranslationCase>
{
    private readonly ISystem _system;
    private readonly TranslationGenerator _generator;
    private readonly TranslationShrinks _shrinks;

    protected TwinLaw(ISystem system)
    {
        _system = system;
        var capabilities = Doors.CapabilitiesOf(system);
        Fit = new(capabilities);
        _generator = new(capabilities);
        _shrinks = new(Fit);
        BatchSize = Math.Max(4096, capabilities.CasesPerMachine);
    }

    public override int BatchSize { get; }

    protected TranslationFit Fit { get; }

    public override void Generate(ulong seed, long index, ref TranslationCase unfolded) =>
        _generator.Generate(seed, index, ref unfolded);

    public override IEnumerable<TranslationCase> Simplify(TranslationCase failing) =>
        _shrinks.Of(failing);

    public override ICaseJudge<TranslationCase> OpenJudge() => new Judge(this, Doors.Translator(_system));

    /// <summary>Runs the law; the report tells how many cases there were, not how many had a twin.</summary>
    public CheckReport Run(ulong seed, RunLength length, int workers = 1, Action<long>? progress = null) =>
        CaseRunner.Run(this, _system.Name, seed, length, workers, asked => CaseText.Print(asked), progress);

    /// <summary>Makes the twin, which starts as a copy; false when the case has none.</summary>
    protected abstract bool TryTwin(in TranslationCase asked, ref TranslationCase twin);

    /// <summary>Whether the two answers stand to each other as the law says.</summary>
    protected abstract bool Holds(
        in TranslationCase asked, in TranslationAnswer answer, in TranslationAnswer ofTwin);

    /// <summary>Whether both end alike, in these parts as far as both tell them.</summary>
    protected static bool EndAlike(
        in TranslationAnswer answer, in TranslationAnswer ofTwin, AnswerParts parts)
    {
        var compared = ofTwin;
        compared.Known = answer.Known & ofTwin.Known & parts;
        return Disagreement.OfOutcome(answer.Outcome, compared) is null;
    }

    /// <summary>The random choices of a twin: they depend on the case alone, so that it can shrink.</summary>
    protected static CaseRandom ChoicesOf(in TranslationCase asked)
    {
        ulong mixed = asked.Access.Address.Value ^ asked.Control.Cr3.Value << 20 ^ (ulong)asked.Access.Kind;
        foreach (ref readonly var word in asked.Words)
        {
            mixed = (mixed ^ word.Entry.Value + word.Address.Value) * 0x9E37_79B9_7F4A_7C15;
        }

        return new(mixed, asked.Words.Length);
    }

    /// <summary>A frame of memory that no listed word and no entry of the case uses.</summary>
    protected static PhysicalAddress? UnusedFrame(in TranslationCase asked)
    {
        for (ulong frame = 0; frame < asked.Memory.Value; frame += 0x1000)
        {
            if (IsUnused(asked, frame))
            {
                return new(frame);
            }
        }

        return null;
    }

    private static bool IsUnused(in TranslationCase asked, ulong frame)
    {
        const ulong FrameMask = 0x000F_FFFF_FFFF_F000;
        foreach (ref readonly var word in asked.Words)
        {
            if ((word.Address.Value & FrameMask) == frame || (word.Entry.Value & FrameMask) == frame)
            {
                return false;
            }
        }

        return (asked.Control.Cr3.Value & FrameMask) != frame;
    }

    private sealed class Judge(TwinLaw law, ITranslator translator) : ICaseJudge<TranslationCase>
    {
        private TranslationCase[] _asked = [];
        private TranslationAnswer[] _answers = [];
        private int[] _places = [];

        public int FirstFailure(ReadOnlySpan<TranslationCase> cases)
        {
            int pairs = Ask(cases);
            for (int pair = 0; pair < pairs; pair++)
            {
                if (!law.Holds(_asked[2 * pair], _answers[2 * pair], _answers[2 * pair + 1]))
                {
                    return _places[pair];
                }
            }

            return -1;
        }

        public string Tell(in TranslationCase failing)
        {
            Ask([failing]);
            StringBuilder story = new();
            story.AppendLine($"{law.Name}, but");
            for (int side = 0; side < 2; side++)
            {
                story.AppendLine(side == 0 ? "the case" : "and its twin");
                story.AppendLine("  " + CaseText.Print(_asked[side]).TrimEnd().Replace("\n", "\n  "));
                story.AppendLine($"  gives {_answers[side].Outcome}");
            }

            return story.ToString().TrimEnd();
        }

        public void Dispose() => translator.Dispose();

        private int Ask(ReadOnlySpan<TranslationCase> cases)
        {
            if (_places.Length < cases.Length)
            {
                _asked = new TranslationCase[2 * cases.Length];
                _answers = new TranslationAnswer[2 * cases.Length];
                _places = new int[cases.Length];
            }

            int pairs = 0;
            for (int place = 0; place < cases.Length; place++)
            {
                _asked[2 * pairs] = cases[place];
                _asked[2 * pairs + 1] = cases[place];
                if (law.TryTwin(cases[place], ref _asked[2 * pairs + 1])
                    && law.Fit.IsWithin(_asked[2 * pairs + 1]))
                {
                    _places[pairs++] = place;
                }
            }

            Array.Clear(_answers, 0, 2 * pairs);
            translator.Translate(_asked.AsSpan(0, 2 * pairs), _answers.AsSpan(0, 2 * pairs));
            return pairs;
        }
    }
}

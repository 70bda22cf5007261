using PageProof.Contract.Paging;

namespace PageProof.Implementation.Paging;

/// <summary>
/// The walker behind its door. The words of a case are stored into flat memory, walked, read back,
/// and cleared: a walk asks of an unlisted word only whether it is present, and neither the background
/// nor zero is. The tables of a control state are kept while it does not change.
/// </summary>
public sealed class PagingTranslator : ITranslator
{
    // Constants: a static field is worked out once in a process, whatever is mutated in it later.
    private const int WordCount = 2 << 20;
    private const ulong MemorySize = 8UL * WordCount;

    private readonly ulong[] _words = new ulong[WordCount];
    private ControlState _control = ControlState.LongMode;
    private X86Walker<FourLevels> _fourLevels = new(ControlState.LongMode);
    private X86Walker<FiveLevels> _fiveLevels = new(ControlState.LongMode);

    public TranslatorCapabilities Capabilities { get; } = new() { Memory = new(MemorySize) };

    public void Translate(ReadOnlySpan<TranslationCase> cases, Span<TranslationAnswer> answers)
    {
        for (int index = 0; index < cases.Length; index++)
        {
            Translate(cases[index], ref answers[index]);
        }
    }

    public void Dispose()
    {
    }

    private void Translate(in TranslationCase translationCase, ref TranslationAnswer answer)
    {
        if (translationCase.Control != _control)
        {
            _control = translationCase.Control;
            _fourLevels = new(_control);
            _fiveLevels = new(_control);
        }

        var words = translationCase.Words;
        foreach (ref readonly var word in words)
        {
            _words[word.Address.Value / 8] = word.Entry.Value;
        }

        FlatMemory memory = new(_words, translationCase.Memory);
        answer.Outcome = (_control.Cr4 & Cr4.FiveLevelPaging) != 0
            ? _fiveLevels.Walk(memory, translationCase.Access)
            : _fourLevels.Walk(memory, translationCase.Access);
        answer.Known = AnswerParts.All;
        for (int index = 0; index < words.Length; index++)
        {
            var address = words[index].Address;
            answer.Left[index] = new(_words[address.Value / 8]);
            _words[address.Value / 8] = 0;
        }
    }
}

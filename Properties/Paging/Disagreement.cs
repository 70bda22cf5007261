using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>In which part an answer differs from what the Spec permits.</summary>
public static class Disagreement
{
    /// <summary>How a disagreement in a word begins; its address follows.</summary>
    public const string InWord = "the word at ";

    /// <summary>The first part that differs, or null when the answer is permitted.</summary>
    public static string? Of(in TranslationCase asked, in WalkEnd end, in TranslationAnswer answer) =>
        OfOutcome(end.Outcome, answer) ?? OfWords(asked, answer);

    /// <summary>The first part of the outcome that differs, as far as it is known.</summary>
    public static string? OfOutcome(in TranslationOutcome expected, in TranslationAnswer answer)
    {
        ref readonly var actual = ref answer.Outcome;
        if (actual.Kind != expected.Kind)
        {
            return "the outcome";
        }

        if (expected.Kind == OutcomeKind.Translated)
        {
            return OfTranslation(expected, actual, answer.Known);
        }

        return actual.Code != expected.Code ? "the error code"
            : actual.FaultAddress != expected.FaultAddress ? "CR2"
            : actual.Address != expected.Address ? "the address that is outside memory"
            : null;
    }

    private static string? OfTranslation(
        in TranslationOutcome expected, in TranslationOutcome actual, AnswerParts known)
    {
        if (known.HasFlag(AnswerParts.All))
        {
            return actual == expected ? null : Part(expected, actual, known);
        }

        return Part(expected, actual, known);
    }

    private static string? Part(
        in TranslationOutcome expected, in TranslationOutcome actual, AnswerParts known) =>
        known.HasFlag(AnswerParts.Address) && actual.Address != expected.Address ? "the physical address"
        : known.HasFlag(AnswerParts.Size) && actual.Size != expected.Size ? "the page size"
        : known.HasFlag(AnswerParts.Rights) && actual.Rights != expected.Rights ? "the rights"
        : known.HasFlag(AnswerParts.Global) && actual.Global != expected.Global ? "global"
        : known.HasFlag(AnswerParts.Dirty) && actual.Dirty != expected.Dirty ? "dirty"
        : known.HasFlag(AnswerParts.Key) && actual.Key != expected.Key ? "the protection key"
        : known.HasFlag(AnswerParts.Type) && actual.Type != expected.Type ? "the memory type"
        : null;

    private static string? OfWords(in TranslationCase asked, in TranslationAnswer answer)
    {
        if (!answer.Known.HasFlag(AnswerParts.Words))
        {
            return null;
        }

        for (int index = 0; index < asked.Words.Length; index++)
        {
            if (!TranslationSpec.Permits(asked, index, answer.Left[index]))
            {
                return $"{InWord}{asked.Words[index].Address}";
            }
        }

        return null;
    }
}

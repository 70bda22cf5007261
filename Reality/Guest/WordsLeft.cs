using PageProof.Contract.Paging;

namespace PageProof.Reality.Guest;

/// <summary>What an answer says of the words, so that a deviation excuses nothing but itself.</summary>
internal static class WordsLeft
{
    /// <summary>All words are as they were.</summary>
    public static bool AreUntouched(in TranslationCase translationCase, in TranslationAnswer answer) =>
        Changed(translationCase, answer) == EntryBit.None;

    /// <summary>No word has changed but by having A set.</summary>
    public static bool AreAtMostAccessed(in TranslationCase translationCase, in TranslationAnswer answer) =>
        (Changed(translationCase, answer) & ~EntryBit.Accessed) == EntryBit.None;

    private static EntryBit Changed(in TranslationCase translationCase, in TranslationAnswer answer)
    {
        var changed = EntryBit.None;
        for (int index = 0; index < translationCase.Words.Length; index++)
        {
            changed |= (EntryBit)(translationCase.Words[index].Entry.Value ^ answer.Left[index].Value);
        }

        return changed;
    }
}

using PageProof.Contract.Paging;

namespace PageProof.Reality.Guest;

/// <summary>
/// What an answer says of the words, so that a deviation excuses nothing but itself.
/// </summary>
internal static class WordsLeft
{
    /// <summary>All words are as they were.</summary>
    public static bool AreUntouched(in TranslationCase asked, in TranslationAnswer answer) =>
        Changed(asked, answer) == EntryBit.None;

    /// <summary>No word has changed but by having A set.</summary>
    public static bool AreAtMostAccessed(in TranslationCase asked, in TranslationAnswer answer) =>
        (Changed(asked, answer) & ~EntryBit.Accessed) == EntryBit.None;

    private static EntryBit Changed(in TranslationCase asked, in TranslationAnswer answer)
    {
        var changed = EntryBit.None;
        for (int index = 0; index < asked.Words.Length; index++)
        {
            changed |= (EntryBit)(asked.Words[index].Entry.Value ^ answer.Left[index].Value);
        }

        return changed;
    }
}

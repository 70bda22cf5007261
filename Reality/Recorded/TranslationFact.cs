using PageProof.Contract.Paging;

namespace PageProof.Reality.Recorded;

/// <summary>One case, and what a real system answered.</summary>
public sealed record TranslationFact(TranslationCase Case, TranslationAnswer Answer);

/// <summary>What a real system answered to many cases.</summary>
/// <param name="Backend">Which system it was, as it called itself.</param>
/// <param name="Command">The command that records such facts.</param>
/// <param name="Facts">The cases with their answers.</param>
public sealed record TranslationFacts(
    string Backend, string Command, IReadOnlyList<TranslationFact> Facts);

namespace PageProof.Contract.Paging;

/// <summary>
/// Tells whether a known deviation explains why <paramref name="answer"/> differs from what was
/// <paramref name="expected"/>.
/// </summary>
public delegate bool Explanation(
    in TranslationCase translationCase, in TranslationOutcome expected, in TranslationAnswer answer);

/// <summary>
/// One known way in which a system differs from the manual: as narrow as it can be said, with the
/// reason why the manual stands. <c>docs/findings.md</c> tells each.
/// </summary>
public sealed record Deviation(string Name, string Reason, Explanation Explains);

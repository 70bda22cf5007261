using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>
/// Tells whether a known deviation explains that an access ended as the <paramref name="answer"/> says, when
/// <paramref name="permitted"/> is how it might have ended.
/// </summary>
public delegate bool TlbExplanation(
    in TlbCommand command, in TranslationOutcome permitted, in TlbAnswer answer);

/// <summary>
/// One known way in which a machine differs from the manual: as narrow as it can be said, with the reason
/// why the manual stands. <c>docs/findings.md</c> tells each.
/// </summary>
public sealed record TlbDeviation(string Name, string Reason)
{
    /// <summary>Which answers it explains; none when it is about what is kept.</summary>
    public TlbExplanation? Explains { get; init; }

    /// <summary>A page fault drops nothing that is cached.</summary>
    public bool KeepsAtFaults { get; init; }
}

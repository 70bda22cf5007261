using PageProof.Contract.Paging;

namespace PageProof.Spec.Paging;

/// <summary>What a translator may answer to a case: the walk's end, and permitted words.</summary>
public static class TranslationSpec
{
    /// <summary>How the case ends.</summary>
    public static WalkEnd Walk(in TranslationCase translationCase) =>
        WalkSpec.Walk(
            translationCase.Control, translationCase.Access, new CaseMemory(in translationCase));

    /// <summary>
    /// Whether the listed word at <paramref name="index"/> may be left as <paramref name="left"/>.
    /// </summary>
    public static bool Permits(in TranslationCase translationCase, int index, PagingEntry left) =>
        AccessedDirtySpec.Permits(
            translationCase.Control,
            translationCase.Access,
            new CaseMemory(in translationCase),
            translationCase.Words[index].Address,
            left);
}

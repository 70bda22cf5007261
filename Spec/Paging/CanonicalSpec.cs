using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Spec.Paging;

/// <summary>
/// A linear address is canonical when the bits that no level translates all equal the highest bit
/// that one does. Source: Intel SDM vol. 1, 3.3.7.1; vol. 3A, 4.5.1.
/// </summary>
public static class CanonicalSpec
{
    /// <summary>The number of bits that a walk of so many levels translates: 48 or 57.</summary>
    public static int WidthOf(int levels) => 12 + 9 * levels;

    /// <summary>Whether <paramref name="address"/> is canonical for a walk of so many levels.</summary>
    [Lifted("paging.spec.isCanonical")]
    public static bool IsCanonical(LinearAddress address, int levels)
    {
        int untranslated = 64 - WidthOf(levels);
        return (ulong)((long)(address.Value << untranslated) >> untranslated) == address.Value;
    }

    /// <summary>
    /// A reference to an address that is not canonical: #SS through SS, else #GP; the error code is
    /// zero. Source: Intel SDM vol. 1, 3.3.7.1.
    /// </summary>
    public static TranslationOutcome NotCanonical(in Access access) =>
        access.StackSegment ? TranslationOutcome.StackFault() : TranslationOutcome.GeneralProtection();
}

using PageProof.Contract.Paging;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Kvm;

/// <summary>
/// In what the paging of a kernel without hardware virtualisation is known to differ.
/// </summary>
internal static class KvmDeviations
{
    /// <summary>The slot of the top table that the kernel keeps for the host.</summary>
    public const int OwnSlot = 256;

    private const PageFaultCode OfTables = PageFaultCode.Present | PageFaultCode.Reserved;
    private const int SlotShift = 39;

    /// <summary>Those of kvm_pvm.</summary>
    public static IReadOnlyList<Deviation> OfSoftware { get; } =
    [
        new("user-slot-256",
            "kvm_pvm keeps slot 256 of the top table for the host, so that every access of CPL 3 through "
            + "it faults before the guest's own tables are read.",
            IsFaultOfOwnSlot),
    ];

    private static bool IsFaultOfOwnSlot(
        in TranslationCase translationCase, in TranslationOutcome expected, in TranslationAnswer answer)
    {
        var access = translationCase.Access;
        var code = answer.Outcome.Code;
        return access.Cpl == PrivilegeLevel.Ring3
            && (access.Address.Value >> SlotShift & 0x1ff) == OwnSlot
            && expected.Kind is OutcomeKind.Translated or OutcomeKind.PageFault
            && answer.Outcome == TranslationOutcome.PageFault(code, access.Address)
            && (code & ~OfTables) == CodeOf(access.Kind)
            && WordsLeft.AreUntouched(translationCase, answer);
    }

    private static PageFaultCode CodeOf(AccessKind kind) => PageFaultCode.User | kind switch
    {
        AccessKind.Write => PageFaultCode.Write,
        AccessKind.Fetch => PageFaultCode.Fetch,
        _ => PageFaultCode.None,
    };
}

using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Qemu;

/// <summary>
/// In what QEMU's emulated MMU is known to differ from the manual, found with version 7.2.
/// </summary>
internal static class QemuDeviations
{
    public static IReadOnlyList<Deviation> All { get; } =
    [
        new("reserved-without-present",
            "QEMU reports a reserved bit with RSVD alone, though RSVD is set only together with P "
            + "(Intel SDM vol. 3A, 4.7).",
            (in TranslationCase asked, in TranslationOutcome expected, in TranslationAnswer answer) =>
                expected.Kind == OutcomeKind.PageFault
                && expected.Code.HasFlag(PageFaultCode.Reserved)
                && answer.Outcome == TranslationOutcome.PageFault(
                    expected.Code & ~PageFaultCode.Present, expected.FaultAddress)
                && WordsLeft.AreAtMostAccessed(asked, answer)),
    ];

    /// <summary>Those of its TLB.</summary>
    public static IReadOnlyList<TlbDeviation> OfTlb { get; } =
    [
        new("reserved-without-present",
            "QEMU reports a reserved bit with RSVD alone, though RSVD is set only together with P "
            + "(Intel SDM vol. 3A, 4.7).")
        {
            Explains = (in TlbCommand command, in TranslationOutcome permitted, in TlbAnswer answer) =>
                permitted.Kind == OutcomeKind.PageFault
                && permitted.Code.HasFlag(PageFaultCode.Reserved)
                && answer.Outcome == TranslationOutcome.PageFault(
                    permitted.Code & ~PageFaultCode.Present, permitted.FaultAddress),
        },
        new("faults-keep-entries",
            "QEMU drops nothing at a page fault, though a fault drops what is cached for its address "
            + "(Intel SDM vol. 3A, 4.10.4.1).")
        {
            KeepsAtFaults = true,
        },
    ];
}

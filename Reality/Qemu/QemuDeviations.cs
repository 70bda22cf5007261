using PageProof.Contract.Paging;
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
}

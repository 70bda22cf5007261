using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Qemu;

/// <summary>
/// QEMU's software TLB behind the door. It keeps what it has translated until something drops it, so that
/// stale answers are common.
/// </summary>
internal static class QemuTlb
{
    private const int SequencesPerBoot = 4096;

    private const Cr4 Changing = Cr4.PageSizeExtensions | Cr4.PageGlobalEnable
        | Cr4.SupervisorExecutionPrevention | Cr4.SupervisorAccessPrevention;

    private static readonly TlbCapabilities Offered = new()
    {
        Memory = new(GuestLayout.TestedEnd),
        Cpus = 1,
        Cr4 = Changing | Cr4.ProtectionKeys | Cr4.FiveLevelPaging,

        // Not PKE: its change drops nothing, and QEMU judges keys when it fills its TLB.
        Cr4Changes = Changing,
        Commands = [.. Enum.GetValues<TlbCommandKind>().Where(kind => kind != TlbCommandKind.InvalidatePcid)],
        Refusals = false,
        Translation = QemuTranslator.Offered with { CasesPerMachine = SequencesPerBoot },
        OwnTopIndices = [GuestLayout.OwnTopIndex],
        SequencesAtOnce = 2 * SequencesPerBoot,

        // It walks again before it faults.
        NeverShown = [TlbClass.SpuriousFault],
        Deviations = QemuDeviations.OfTlb,
    };

    public static ITlbMachine Open(string program, TimeSpan timeLimit)
    {
        QemuMachine machine = new(program, timeLimit);
        return new GuestTlb(
            "QEMU",
            Offered,
            new(QemuMachine.Options(4), QemuMachine.Options(5)),
            (SequenceRun run, in ControlState processor) =>
                machine.Boot(run.Memory, run.Levels, processor.MaxPhyAddr.Bits, run.Commands),
            machine.Dispose);
    }
}

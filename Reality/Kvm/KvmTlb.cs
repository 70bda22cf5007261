using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Kvm;

/// <summary>
/// The TLB of the processor behind /dev/kvm, or what a kernel puts in its place: for what must have been
/// dropped. How much is kept is up to it.
/// </summary>
internal static class KvmTlb
{
    private const int SequencesPerMachine = 1024;

    public static ITlbMachine Open(KvmBackend backend)
    {
        KvmMachines machines = new(backend);
        var cr4 = backend.Cr4OfSequences(machines.Cpuid);
        TlbCapabilities offered = new()
        {
            Memory = new(GuestLayout.TestedEnd),
            Cpus = 1,
            Cr4 = cr4,

            // The last two are refused in long mode.
            Cr4Changes = cr4 | Cr4.PhysicalAddressExtension | Cr4.FiveLevelPaging,
            Commands = [.. Enum.GetValues<TlbCommandKind>().Where(kind => kind switch
            {
                TlbCommandKind.InvalidatePcid => false,
                TlbCommandKind.WritePkru => cr4.HasFlag(Cr4.ProtectionKeys),
                _ => true,
            })],
            Refusals = true,
            Translation = machines.Offered(cr4) with { CasesPerMachine = SequencesPerMachine },
            OwnTopIndices = [GuestLayout.OwnTopIndex, .. backend.OwnTopIndices],
            SequencesAtOnce = SequencesPerMachine,
            NeverShown =
            [
                TlbClass.SpuriousFault, TlbClass.StaleTranslation, TlbClass.StaleUpperLevel,
                TlbClass.WriteWithoutMark, TlbClass.StaleFrame, TlbClass.StalePresence, TlbClass.StaleRights,
                TlbClass.AccessedNotSetAgain, TlbClass.DirtyNotSetAgain,
            ],
        };
        return new GuestTlb(
            "KVM",
            offered,
            new(machines.Options(4)),
            (SequenceRun run, in ControlState processor) => machines.Run(
                run.Memory,
                run.Image,
                processor,
                TimeSpan.FromSeconds(20) + run.Commands * TimeSpan.FromMilliseconds(20)),
            machines.Dispose);
    }
}

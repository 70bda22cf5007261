using PageProof.Contract.Paging;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Qemu;

/// <summary>
/// QEMU's own emulation of the MMU behind the door: one boot for all cases of a batch that share
/// the width of physical addresses, which is a property of the machine.
/// </summary>
internal sealed class QemuTranslator : ITranslator
{
    private readonly GuestRun _run = new(QemuMachine.Options(4), QemuMachine.Options(5));
    private readonly QemuMachine _machine;

    public QemuTranslator(string program, TimeSpan timeLimit) => _machine = new(program, timeLimit);

    public TranslatorCapabilities Capabilities => Offered;

    /// <summary>What single accesses it can be asked.</summary>
    public static TranslatorCapabilities Offered { get; } = new()
    {
        Memory = new(GuestLayout.TestedEnd),
        Answers = AnswerParts.Address | AnswerParts.Words,
        Cr0 = Cr0.WriteProtect,
        Cr4 = Cr4.PageSizeExtensions | Cr4.PageGlobalEnable | Cr4.FiveLevelPaging
            | Cr4.SupervisorExecutionPrevention | Cr4.SupervisorAccessPrevention | Cr4.ProtectionKeys,
        Efer = Efer.NoExecuteEnable,
        // QEMU maps 1-GiB pages whatever CPUID says, and ignores bit 8 of a top entry.
        GigabytePages = [true],
        Vendors = [Vendor.Intel],
        PrivilegeLevels = [PrivilegeLevel.Ring0, PrivilegeLevel.Ring3],
        Kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch],
        ImplicitAccesses = false,
        // QEMU 7.2 reports a non-canonical stack reference as #GP.
        StackReferences = false,
        Accesses = true,
        OwnTopIndex = GuestLayout.OwnTopIndex,
        CasesPerMachine = 1 << 16,
        Deviations = QemuDeviations.All,
    };

    public void Translate(ReadOnlySpan<TranslationCase> cases, Span<TranslationAnswer> answers)
    {
        var order = CaseOrder.Of(cases);
        for (int start = 0; start < order.Length;)
        {
            int end = order.EndOfMachine(cases, start);
            byte width = cases[order[start]].Control.MaxPhyAddr.Bits;
            while (start < end)
            {
                start += _run.Fill(cases, order.Indices(start, end));
                string? failure = _machine.Boot(_run.Memory, _run.FirstLevels, width, _run.Count);
                _run.Read(cases, answers, "QEMU", failure);
            }
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _machine.Dispose();
    }
}

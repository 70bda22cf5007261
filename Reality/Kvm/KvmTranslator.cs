using PageProof.Contract.Paging;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Kvm;

/// <summary>
/// The MMU behind /dev/kvm behind the door: the processor's own, or what the kernel puts in its
/// place. Cases that share what the processor says about itself run in one machine.
/// </summary>
internal sealed class KvmTranslator : ITranslator
{
    private const byte ExitPort = 0xf4;

    private readonly KvmHost _host = new();
    private readonly GuestRun _run;
    private readonly Cpuid _cpuid;
    private KvmMachine? _machine;
    private (byte Width, bool GigabytePages, Vendor Vendor) _made;

    public KvmTranslator(KvmBackend backend)
    {
        _cpuid = backend.Processor(_host.Cpuid);
        bool hasKeys = _cpuid.Cr4.HasFlag(Cr4.ProtectionKeys);
        var options = new GuestOptions(
            4, hasKeys, KeepsGlobals: true, ReadsAhead: true, ExitPort, FirmwareHole: 0);
        _run = new(options, options with { Levels = 5 });
        Capabilities = new()
        {
            Memory = new(GuestLayout.TestedEnd),
            Answers = AnswerParts.Address | AnswerParts.Words,
            Cr0 = Cr0.WriteProtect,
            Cr4 = HasFiveLevels() ? _cpuid.Cr4 : _cpuid.Cr4 & ~Cr4.FiveLevelPaging,
            Efer = _cpuid.Efer,
            Widths = backend.Widths(_cpuid),
            GigabytePages = backend.GigabytePages(_cpuid),
            Vendors = backend.Vendors(_cpuid),
            PrivilegeLevels = [PrivilegeLevel.Ring0, PrivilegeLevel.Ring3],
            Kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch],
            ImplicitAccesses = false,
            Accesses = true,
            OwnTopIndex = GuestLayout.OwnTopIndex,
            CasesPerMachine = 1 << 12,
            Deviations = backend.Deviations,
        };
    }

    public TranslatorCapabilities Capabilities { get; }

    public void Translate(ReadOnlySpan<TranslationCase> cases, Span<TranslationAnswer> answers)
    {
        var order = CaseOrder.Of(cases);
        for (int start = 0; start < order.Length;)
        {
            int end = order.EndOfMachine(cases, start);
            while (start < end)
            {
                start += _run.Fill(cases, order.Indices(start, end));
                string? failure = Machine(cases[order[start - 1]].Control)
                    .Run(_run.Image(_run.FirstLevels), ExitPort, Limit);
                if (failure is not null)
                {
                    Discard();
                }

                _run.Read(cases, answers, "KVM", failure);
            }
        }
    }

    public void Dispose()
    {
        Discard();
        _run.Dispose();
        _host.Dispose();
    }

    private TimeSpan Limit => TimeSpan.FromSeconds(20) + _run.Count * TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// A kernel may say of a processor that it has five levels, and then not allow them.
    /// </summary>
    private bool HasFiveLevels()
    {
        using var machine = new KvmMachine(_host, _cpuid, _run.Memory);
        return _cpuid.Cr4.HasFlag(Cr4.FiveLevelPaging) && machine.Takes(_run.Image(5));
    }

    private KvmMachine Machine(in ControlState control)
    {
        var wanted = (control.MaxPhyAddr.Bits, control.HasGigabytePages, control.Vendor);
        if (_machine is null || _made != wanted)
        {
            Discard();
            _made = wanted;
            var cpuid = _cpuid.With(control.MaxPhyAddr.Bits, control.HasGigabytePages, control.Vendor);
            _machine = new(_host, cpuid, _run.Memory);
        }

        return _machine;
    }

    /// <summary>
    /// A machine that failed must not be used again: the host then writes tables anew, and a
    /// machine may still hold translations of what was there.
    /// </summary>
    private void Discard()
    {
        _machine?.Dispose();
        _machine = null;
    }
}

using PageProof.Contract.Paging;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Kvm;

/// <summary>
/// One machine at a time over the memory of a guest, made anew when another processor is wanted.
/// </summary>
internal sealed class KvmMachines : IDisposable
{
    /// <summary>The port whose write ends the run.</summary>
    public const byte ExitPort = 0xf4;

    private readonly KvmBackend _backend;
    private readonly KvmHost _host = new();
    private KvmMachine? _machine;
    private (byte Width, bool GigabytePages, Vendor Vendor) _made;

    public KvmMachines(KvmBackend backend)
    {
        _backend = backend;
        Cpuid = backend.Processor(_host.Cpuid);
    }

    /// <summary>The processor that guests get.</summary>
    public Cpuid Cpuid { get; }

    /// <summary>What its guests need to know.</summary>
    public GuestOptions Options(int levels) => new(
        levels,
        LoadsKeys: Cpuid.Cr4.HasFlag(Cr4.ProtectionKeys),
        KeepsGlobals: true,
        ReadsAhead: true,
        ExitPort,
        FirmwareHole: 0);

    /// <summary>What single accesses can be asked, with these of the bits of CR4.</summary>
    public TranslatorCapabilities Offered(Cr4 cr4) => new()
    {
        Memory = new(GuestLayout.TestedEnd),
        Answers = AnswerParts.Address | AnswerParts.Words,
        Cr0 = Cr0.WriteProtect,
        Cr4 = cr4,
        Efer = Cpuid.Efer,
        Widths = _backend.Widths(Cpuid),
        GigabytePages = _backend.GigabytePages(Cpuid),
        Vendors = _backend.Vendors(Cpuid),
        PrivilegeLevels = [PrivilegeLevel.Ring0, PrivilegeLevel.Ring3],
        Kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch],
        ImplicitAccesses = false,
        Accesses = true,
        OwnTopIndex = GuestLayout.OwnTopIndex,
        CasesPerMachine = 1 << 12,
        Deviations = _backend.Deviations,
    };

    /// <summary>Lets the guest run to its end; null, or why it failed.</summary>
    public string? Run(MemoryFile memory, GuestImage image, in ControlState processor, TimeSpan limit)
    {
        string? failure = Machine(memory, processor).Run(image, ExitPort, limit);
        if (failure is not null)
        {
            Discard();
        }

        return failure;
    }

    /// <summary>
    /// A kernel may say of a processor that it has five levels, and then not allow them.
    /// </summary>
    public bool Takes(MemoryFile memory, GuestImage image)
    {
        using var machine = new KvmMachine(_host, Cpuid, memory);
        return machine.Takes(image);
    }

    public void Dispose()
    {
        Discard();
        _host.Dispose();
    }

    private KvmMachine Machine(MemoryFile memory, in ControlState control)
    {
        var wanted = (control.MaxPhyAddr.Bits, control.HasGigabytePages, control.Vendor);
        if (_machine is null || _made != wanted)
        {
            Discard();
            _made = wanted;
            var cpuid = Cpuid.With(control.MaxPhyAddr.Bits, control.HasGigabytePages, control.Vendor);
            _machine = new(_host, cpuid, memory);
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

using PageProof.Contract.Paging;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Qemu;

/// <summary>
/// QEMU's own emulation of the MMU behind the door: one boot for all cases of a batch that share
/// the width of physical addresses, which is a property of the machine.
/// </summary>
internal sealed class QemuTranslator : ITranslator
{
    private const byte ExitPort = 0xf4;
    private const int ExitStatus = GuestProgram.ExitValue << 1 | 1;

    private readonly string _program;
    private readonly GuestRun _run = new(Options(4), Options(5));
    private readonly MemoryFile _rom = new("pageproof-rom", BootRom.Length);

    private readonly TimeSpan _timeLimit;

    public QemuTranslator(string program, TimeSpan timeLimit) =>
        (_program, _timeLimit) = (program, timeLimit);

    public TranslatorCapabilities Capabilities { get; } = new()
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
                _run.Read(cases, answers, "QEMU", Boot(width));
            }
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _rom.Dispose();
    }

    // QEMU drops global translations, too, when CR3 is loaded.
    private static GuestOptions Options(int levels) =>
        new(levels, LoadsKeys: true, KeepsGlobals: false, ReadsAhead: false, ExitPort, BootRom.Shown);

    /// <summary>Boots the machine and waits for its end; null, or why it failed.</summary>
    private string? Boot(byte width)
    {
        BootRom.Write(_rom.Bytes, _run.FirstLevels);
        var limit = _timeLimit + _run.Count * TimeSpan.FromMilliseconds(1);
        try
        {
            var (status, said) = QemuProcess.Run(_program, Arguments(width), limit);
            return status == ExitStatus ? null
                : status == 0 ? "the machine reset itself"
                : $"status {status} {said}".TrimEnd();
        }
        catch (TimeoutException exception)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    private string[] Arguments(byte width) =>
    [
        "-M", "microvm,accel=tcg,pit=off,pic=off,rtc=off,isa-serial=off,x-option-roms=off,"
            + "memory-backend=ram",
        "-object", $"memory-backend-file,id=ram,size={GuestLayout.End},share=on,"
            + $"mem-path={_run.Memory.Path}",
        "-m", $"size={GuestLayout.End >> 20}M",
        "-cpu", $"max,phys-bits={width}",
        "-bios", _rom.Path,
        "-device", $"isa-debug-exit,iobase={ExitPort},iosize=1",
        "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
    ];
}

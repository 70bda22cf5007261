using PageProof.Contract.Paging;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Qemu;

/// <summary>
/// QEMU's own emulation of the MMU behind the door: one boot for all cases of a batch that share the
/// width of physical addresses, which is a property of the machine.
/// </summary>
internal sealed class QemuTranslator : ITranslator
{
    private const byte ExitPort = 0xf4;
    private const int ExitStatus = GuestProgram.ExitValue << 1 | 1;

    private readonly string _program;
    private readonly GuestRun _run = new(
        new GuestOptions(4, LoadsKeys: true, ExitPort, BootRom.Shown),
        new GuestOptions(5, LoadsKeys: true, ExitPort, BootRom.Shown));
    private readonly MemoryFile _rom = new("pageproof-rom", BootRom.Length);

    public QemuTranslator(string program) => _program = program;

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
        int[] order = Order(cases);
        for (int start = 0; start < order.Length;)
        {
            byte width = cases[order[start]].Control.MaxPhyAddr.Bits;
            int end = start + 1;
            while (end < order.Length && cases[order[end]].Control.MaxPhyAddr.Bits == width)
            {
                end++;
            }

            while (start < end)
            {
                start += _run.Fill(cases, order.AsSpan(start..end));
                _run.Read(cases, answers, "QEMU", Boot(width));
            }
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _rom.Dispose();
    }

    /// <summary>The cases by width, then by levels, then as they came.</summary>
    private static int[] Order(ReadOnlySpan<TranslationCase> cases)
    {
        var keys = new long[cases.Length];
        for (int index = 0; index < cases.Length; index++)
        {
            keys[index] = (long)cases[index].Control.MaxPhyAddr.Bits << 40
                | (long)GuestRun.LevelsOf(cases[index]) << 32 | (long)index;
        }

        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)key);
    }

    /// <summary>Boots the machine and waits for its end; null, or why it failed.</summary>
    private string? Boot(byte width)
    {
        BootRom.Write(_rom.Bytes, _run.FirstLevels);
        var limit = TimeSpan.FromSeconds(30) + _run.Count * TimeSpan.FromMilliseconds(1);
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
        "-M", "microvm,accel=tcg,pit=off,pic=off,rtc=off,isa-serial=off,x-option-roms=off,memory-backend=ram",
        "-object", $"memory-backend-file,id=ram,size={GuestLayout.End},mem-path={_run.Memory.Path},share=on",
        "-m", $"size={GuestLayout.End >> 20}M",
        "-cpu", $"max,phys-bits={width}",
        "-bios", _rom.Path,
        "-device", $"isa-debug-exit,iobase={ExitPort},iosize=1",
        "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
    ];
}

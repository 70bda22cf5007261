using PageProof.Reality.Guest;

namespace PageProof.Reality.Qemu;

/// <summary>
/// The emulated machine: it boots from firmware of our own into a guest that lies in shared memory, and
/// ends when the guest says so.
/// </summary>
internal sealed class QemuMachine(string program, TimeSpan timeLimit) : IDisposable
{
    /// <summary>The port whose write ends the run.</summary>
    public const byte ExitPort = 0xf4;

    private const int ExitStatus = GuestCode.ExitValue << 1 | 1;

    private readonly MemoryFile _rom = new("pageproof-rom", BootRom.Length);

    /// <summary>What its guests need to know. A load of CR3 drops global translations, too.</summary>
    public static GuestOptions Options(int levels) =>
        new(levels, LoadsKeys: true, KeepsGlobals: false, ReadsAhead: false, ExitPort, BootRom.Shown);

    /// <summary>
    /// Boots the machine and waits for its end, at most a millisecond longer for each question; null, or why
    /// it failed.
    /// </summary>
    public string? Boot(MemoryFile memory, int levels, byte width, int questions)
    {
        BootRom.Write(_rom.Bytes, levels);
        var limit = timeLimit + questions * TimeSpan.FromMilliseconds(1);
        try
        {
            var (status, said) = QemuProcess.Run(program, Arguments(memory, width), limit);
            return status == ExitStatus ? null
                : status == 0 ? "the machine reset itself"
                : $"status {status} {said}".TrimEnd();
        }
        catch (TimeoutException exception)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    public void Dispose() => _rom.Dispose();

    private string[] Arguments(MemoryFile memory, byte width) =>
    [
        "-M", "microvm,accel=tcg,pit=off,pic=off,rtc=off,isa-serial=off,x-option-roms=off,"
            + "memory-backend=ram",
        "-object", $"memory-backend-file,id=ram,size={GuestLayout.End},share=on,mem-path={memory.Path}",
        "-m", $"size={GuestLayout.End >> 20}M",
        "-cpu", $"max,phys-bits={width}",
        "-bios", _rom.Path,
        "-device", $"isa-debug-exit,iobase={ExitPort},iosize=1",
        "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
    ];
}

using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Qemu;

/// <summary>
/// The MMU that QEMU emulates (TCG), an implementation of the manual by others: many cases a
/// second, and every feature of paging but PCID and shadow stacks.
/// </summary>
public sealed class QemuSystem : ISystem
{
    /// <summary>The program that is looked for.</summary>
    public const string Program = "qemu-system-x86_64";

    private readonly string _program;

    /// <summary>Finds the emulator, by its name or by its path.</summary>
    /// <exception cref="UserError">It cannot be used here.</exception>
    public QemuSystem(string program = Program)
    {
        if (WhyUnavailable(program) is { } reason)
        {
            throw new UserError(reason);
        }

        _program = QemuProcess.Find(program)!;
        Backend = $"QEMU {VersionIn(QemuProcess.Run(_program, ["--version"], TimeSpan.FromSeconds(30)).Said)}, TCG";
    }

    /// <inheritdoc/>
    public string Name => "qemu";

    /// <summary>What answers: the version of the emulator.</summary>
    public string Backend { get; }

    /// <summary>How long a boot may take, besides a millisecond for each case.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Why the emulator cannot be used here, in one sentence, or null if it can.</summary>
    public static string? WhyUnavailable(string program = Program) =>
        !OperatingSystem.IsLinux() ? "The QEMU system needs Linux."
        : QemuProcess.Find(program) is null ? $"QEMU is not installed: there is no {program}."
        : null;

    /// <inheritdoc/>
    public ITranslator OpenTranslator() => new QemuTranslator(_program, TimeLimit);

    /// <inheritdoc/>
    public ITlbMachine OpenTlb() => QemuTlb.Open(_program, TimeLimit);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // "QEMU emulator version 7.2.22 (Debian ...)", and then more.
    private static string VersionIn(string said)
    {
        const string Before = "version ";
        int at = said.IndexOf(Before, StringComparison.Ordinal);
        return at < 0 ? "of unknown version" : said[(at + Before.Length)..].Split(' ', '\n')[0];
    }
}

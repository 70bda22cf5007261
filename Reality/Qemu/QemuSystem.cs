using PageProof.Contract;
using PageProof.Contract.Paging;

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
        Backend = QemuProcess.Run(_program, ["--version"], TimeSpan.FromSeconds(30)).Said
            .Split("Copyright")[0].Trim() + ", TCG";
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
    public void Dispose()
    {
    }
}

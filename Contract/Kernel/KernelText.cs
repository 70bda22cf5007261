using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PageProof.Contract.PageCache;

namespace PageProof.Contract.Kernel;

/// <summary>
/// A sequence as text: how it begins, and then one line a command. So a failure can be read, kept as a
/// file and run again.
/// </summary>
public static class KernelText
{
    private const string ProcessesLine = "processes";
    private const string CpusLine = "cpus";
    private const string FileLine = "file";
    private const string FramesLine = "frames";
    private static readonly string[] Accesses = ["closed", "r", "w", "rw"];

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in KernelSequence sequence)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{ProcessesLine} {sequence.Start.Processes}\n");
        text.Append(CultureInfo.InvariantCulture, $"{CpusLine} {sequence.Start.Cpus}\n");
        if (sequence.Start.Frames > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{FramesLine} {sequence.Start.Frames}\n");
        }

        foreach (var file in sequence.Start.Files)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{FileLine} 0x{file.Length.Value:x} {Accesses[(int)file.Rights]}\n");
        }

        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in KernelCommand command)
    {
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"{command.Process.Value}: ");
        line.Append(KernelLines.NameOf(command.Kind));
        foreach (var member in KernelLines.Members)
        {
            if (member.Print(command) is { Length: > 0 } word)
            {
                line.Append(' ').Append(word);
            }
        }

        return line.ToString();
    }

    /// <summary>An answer in words.</summary>
    public static string Of(in KernelAnswer answer) => answer.Kind switch
    {
        KernelAnswerKind.None => "no answer",
        KernelAnswerKind.Done => "done"
            + (answer.Value == 0 ? "" : $" 0x{answer.Value:x}")
            + (answer.Length == 0 ? "" : $" of {answer.Length}"),
        KernelAnswerKind.Failed => answer.Errno.ToString(),
        KernelAnswerKind.Signal => $"{Of(answer.Signal)} at 0x{answer.Address.Value:x} code 0x{(int)answer.Code:x}"
            + (answer.Value == 0 ? "" : $" after 0x{answer.Value:x}"),
        _ => "not possible",
    }
        + (answer.MinorFaults == 0 ? "" : $", {answer.MinorFaults} minor")
        + (answer.MajorFaults == 0 ? "" : $", {answer.MajorFaults} major");

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(string text, out KernelSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        int processes = 0, cpus = 0, frames = 0, number = 0;
        var files = ImmutableArray.CreateBuilder<KernelFile>();
        var commands = ImmutableArray.CreateBuilder<KernelCommand>();
        sequence = default;
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            var (processesBefore, cpusBefore) = (processes, cpus);
            bool good = parts switch
            {
                [ProcessesLine, var count] => commands.Count == 0 && processes == 0
                    && TryCount(count, KernelStart.ProcessesMax, out processes),
                [CpusLine, var count] => commands.Count == 0 && cpus == 0
                    && TryCount(count, KernelStart.CpusMax, out cpus),
                [FramesLine, var count] => commands.Count == 0 && frames == 0
                    && TryCount(count, KernelStart.FramesMost, out frames) && frames >= KernelStart.FramesLeast,
                [FileLine, var length, var access] => commands.Count == 0 && files.Count < KernelStart.FilesMax
                    && TryFile(length, access, files),
                _ => commands.Count < KernelSequence.CommandsMax
                    && KernelLines.TryRead(parts, out var command)
                    && command.Process.Value < processes && command.Cpu.Value < Math.Max(cpus, 1)
                    && Added(commands, command),
            };
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence, since "
                    + KernelMistakes.Of(parts, processesBefore, cpusBefore, files.Count, commands.Count);
                return false;
            }
        }

        reason = processes == 0 ? "a sequence needs a line that says how many processes there can be" : null;
        KernelStart start = new(processes, Math.Max(cpus, 1), files.ToImmutable()) { Frames = frames };
        sequence = new(start, commands.ToImmutable());
        return reason is null;
    }

    private static string Of(MemorySignal signal) => signal switch
    {
        MemorySignal.NoArea => "SIGSEGV MAPERR",
        MemorySignal.Forbidden => "SIGSEGV ACCERR",
        MemorySignal.ForbiddenByKey => "SIGSEGV PKUERR",
        MemorySignal.NotCanonical => "SIGSEGV KERNEL",
        MemorySignal.BeyondFile => "SIGBUS ADRERR",
        _ => "no signal",
    };

    private static bool TryCount(string text, int most, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0 && count <= most;

    private static bool TryFile(string length, string access, ImmutableArray<KernelFile>.Builder files)
    {
        int rights = Array.IndexOf(Accesses, access);
        bool good = KernelLines.TryNumber(length, out ulong bytes) && bytes <= KernelStart.FileLengthMax && rights >= 0;
        if (good)
        {
            files.Add(new(new(bytes), (FileRights)rights));
        }

        return good;
    }

    private static bool Added(ImmutableArray<KernelCommand>.Builder commands, in KernelCommand command)
    {
        commands.Add(command);
        return true;
    }
}

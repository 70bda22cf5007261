using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>
/// A sequence of a kernel with a software-filled TLB as text: its start in a line, and then one line a
/// command.
/// </summary>
public static class SoftwareTlbKernelText
{
    private const string StartLine = "kernel";

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in SoftwareTlbKernelSequence sequence)
    {
        var (entries, wired, asids, processes) = sequence.Start;
        StringBuilder text = new(
            $"{StartLine} entries={entries} wired={wired} asids={asids} processes={processes}\n");
        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in SoftwareTlbKernelCommand command) => command.Kind switch
    {
        SoftwareTlbKernelCommandKind.Access => $"access {command.Access} page={command.Page}",
        SoftwareTlbKernelCommandKind.AccessWired => $"wired {command.Access} page={command.Page}",
        SoftwareTlbKernelCommandKind.Map => $"map process={command.Process} page={command.Page} "
            + $"frame={command.Frame.Value}{(command.Writable ? " writable" : "")}",
        SoftwareTlbKernelCommandKind.Unmap => $"unmap process={command.Process} page={command.Page}",
        SoftwareTlbKernelCommandKind.Protect => $"protect process={command.Process} page={command.Page}",
        SoftwareTlbKernelCommandKind.Clean => $"clean process={command.Process} page={command.Page}",
        SoftwareTlbKernelCommandKind.Switch => $"switch process={command.Process}",
        SoftwareTlbKernelCommandKind.Exit => $"exit process={command.Process}",
        _ => throw new UnreachableException(),
    };

    /// <summary>An answer in words.</summary>
    public static string Of(in SoftwareTlbKernelAnswer answer) => answer.Kind switch
    {
        SoftwareTlbKernelAnswerKind.None => "no answer",
        SoftwareTlbKernelAnswerKind.Done => "done",
        SoftwareTlbKernelAnswerKind.Frame => $"frame {answer.Frame.Value} after {answer.Traps} trap(s)",
        SoftwareTlbKernelAnswerKind.Fault => "a fault",
        SoftwareTlbKernelAnswerKind.IsClean => "it is clean",
        SoftwareTlbKernelAnswerKind.WasDirty => "it was dirty",
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(
        string text, out SoftwareTlbKernelSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        SoftwareTlbKernelStart? start = null;
        int number = 0;
        var commands = ImmutableArray.CreateBuilder<SoftwareTlbKernelCommand>();
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
            {
                continue;
            }

            if (start is null && Start(parts) is { } read)
            {
                start = read;
            }
            else if (start is { } known && Command(parts, known) is { } command
                && commands.Count < SoftwareTlbKernelSequence.CommandsMax)
            {
                commands.Add(command);
            }
            else
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        sequence = new(start ?? default, commands.ToImmutable());
        reason = start is null ? "a sequence needs a line that says with what the kernel starts" : null;
        return reason is null;
    }

    private static SoftwareTlbKernelStart? Start(string[] parts) => parts is
        [StartLine, var entries, var wired, var asids, var processes]
        && Named(entries, "entries=", SoftwareTlbSequence.EntriesLeast, SoftwareTlbSequence.EntriesMost) is { } all
        && Named(wired, "wired=", 0, all - 1) is { } fixedOnes
        && Named(asids, "asids=", 2, SoftwareTlbKernelStart.AsidsMost) is { } spaces
        && Named(processes, "processes=", 1, SoftwareTlbKernelStart.ProcessesMost) is { } running
            ? new(all, fixedOnes, spaces, running)
            : null;

    private static SoftwareTlbKernelCommand? Command(string[] parts, SoftwareTlbKernelStart start) => parts switch
    {
        ["access", var kind, var page] => Access(SoftwareTlbKernelCommandKind.Access, kind, Page(page)),
        ["wired", var kind, var page] => Access(
            SoftwareTlbKernelCommandKind.AccessWired, kind, Named(page, "page=", 0, start.Wired - 1)),
        ["map", var process, var page, var frame, ..]
            when parts is { Length: 4 } or [.., "writable"] and { Length: 5 } =>
            OnPage(SoftwareTlbKernelCommandKind.Map, Process(process, start), Page(page)) is { } made
            && Named(frame, "frame=", 0, 0xFF_FFFF) is { } mapped
                ? made with { Frame = new((uint)mapped), Writable = parts.Length == 5 }
                : null,
        ["unmap", var process, var page] =>
            OnPage(SoftwareTlbKernelCommandKind.Unmap, Process(process, start), Page(page)),
        ["protect", var process, var page] =>
            OnPage(SoftwareTlbKernelCommandKind.Protect, Process(process, start), Page(page)),
        ["clean", var process, var page] =>
            OnPage(SoftwareTlbKernelCommandKind.Clean, Process(process, start), Page(page)),
        ["switch", var process] => OnPage(SoftwareTlbKernelCommandKind.Switch, Process(process, start), 0),
        ["exit", var process] => OnPage(SoftwareTlbKernelCommandKind.Exit, Process(process, start), 0),
        _ => null,
    };

    private static SoftwareTlbKernelCommand? Access(SoftwareTlbKernelCommandKind kind, string access, int? page) =>
        page is { } number && char.IsLetter(access[0])
        && Enum.TryParse(access, out AccessKind made) && made <= AccessKind.Fetch
            ? new() { Kind = kind, Access = made, Page = new((byte)number) }
            : null;

    private static SoftwareTlbKernelCommand? OnPage(SoftwareTlbKernelCommandKind kind, int? process, int? page) =>
        process is { } whose && page is { } number
            ? new() { Kind = kind, Process = (byte)whose, Page = new((byte)number) }
            : null;

    private static int? Process(string part, SoftwareTlbKernelStart start) =>
        Named(part, "process=", 0, start.Processes - 1);

    private static int? Page(string part) => Named(part, "page=", 0, SoftwareTlbKernelStart.Pages - 1);

    private static int? Named(string part, string name, int least, int most) =>
        part.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(part.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= most
            ? number
            : null;
}

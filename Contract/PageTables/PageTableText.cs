using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Contract.PageTables;

/// <summary>
/// A sequence as text: how it begins, and then one line a command. So a failure can be read, kept as a
/// file and run again.
/// </summary>
public static class PageTableText
{
    internal const string Overtaken = "overtaken";
    private const string TablesLine = "tables";
    private const string ControlLine = "control";

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in PageTableSequence sequence)
    {
        StringBuilder text = new();
        text.Append($"{TablesLine} {sequence.Start.Tables}\n");
        TranslationCase control = new() { Control = sequence.Start.Control };
        text.Append(CaseText.Print(control).Split('\n')[0]).Append('\n');
        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in PageTableCommand command) => command.Kind switch
    {
        PageTableCommandKind.Map => $"map {Of(command.Range)} {Of(command.Mapping)}",
        PageTableCommandKind.Unmap => $"unmap {Of(command.Range)}",
        PageTableCommandKind.Move => $"move {Of(command.Range)} {command.Target}",
        PageTableCommandKind.Protect => $"protect {Of(command.Range)} {Of(command.Rights)}",
        PageTableCommandKind.Clean => $"clean {Of(command.Range)}",
        PageTableCommandKind.Age => $"age {Of(command.Range)}",
        PageTableCommandKind.FreeTables => $"free {Of(command.Range)}",
        PageTableCommandKind.Find => $"find {command.Range.Start}",
        PageTableCommandKind.Access => TlbText.LineOf(command.Access),
        PageTableCommandKind.Flush => "flush",
        _ => throw new UnreachableException(),
    } + (command.OvertakenAt == 0 ? "" : $" {Overtaken} {command.OvertakenAt} {TlbText.LineOf(command.Access)}");

    /// <summary>An answer in words.</summary>
    public static string Of(in PageTableAnswer answer) => answer.Outcome
        + (answer.Walk.Kind == OutcomeKind.None ? "" : $", the access: {answer.Walk}")
        + (answer.Found.Mapping.Size == PageSize.None ? "" : $", {answer.Found}")
        + $"; {answer.Flush}, {answer.TablesFree} tables free";

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(
        string text, out PageTableSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int tables = -1, number = 0;
        ControlState? control = null;
        var commands = ImmutableArray.CreateBuilder<PageTableCommand>();
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            bool good = parts switch
            {
                [TablesLine, var count] => ushort.TryParse(count, out ushort read) && (tables = read) >= 0,
                [ControlLine, ..] => PageTableLines.TryControl(line, out control),
                _ => commands.Count < PageTableSequence.CommandsMax
                    && PageTableLines.TryRead(parts, out var command) && Added(commands, command),
            };
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        reason = tables < 0 ? "a sequence needs a line that says how many tables there are"
            : control is null ? "a sequence needs a control line" : null;
        sequence = new(new(control ?? default, tables), commands.ToImmutable());
        return reason is null;
    }

    /// <summary>Rights as letters.</summary>
    internal static string Of(PageRights rights) =>
        "r" + (rights.HasFlag(PageRights.Write) ? "w" : "") + (rights.HasFlag(PageRights.Execute) ? "x" : "")
        + (rights.HasFlag(PageRights.User) ? "u" : "") + (rights.HasFlag(PageRights.ShadowStack) ? "s" : "");

    /// <summary>A range as its start and its length.</summary>
    internal static string Of(PageRange range) => $"{range.Start}+0x{range.Length.Value:x}";

    /// <summary>A mapping as words.</summary>
    internal static string Of(in PageMapping mapping) =>
        $"frame={mapping.Frame} bits={(int)mapping.Size} rights={Of(mapping.Rights)}"
        + (mapping.Caching != 0 ? $" caching={mapping.Caching}" : "")
        + (mapping.Key.Value != 0 ? $" key={mapping.Key}" : "")
        + (mapping.Global ? " global" : "") + (mapping.Accessed ? " accessed" : "") + (mapping.Dirty ? " dirty" : "");

    private static bool Added(ImmutableArray<PageTableCommand>.Builder commands, in PageTableCommand command)
    {
        commands.Add(command);
        return true;
    }
}

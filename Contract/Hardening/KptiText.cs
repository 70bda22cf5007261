using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Contract.Hardening;

/// <summary>
/// A sequence as text: how it begins, and then one line a command. So a failure can be read, kept as a
/// file and run again.
/// </summary>
public static class KptiText
{
    private const string MachineLine = "machine";
    private const string EntryLine = "entry";
    private const string Invpcid = "invpcid";

    // Create and destroy name a process, what follows them a CPU, and those from map on a range.
    private static readonly string[] Words =
    [
        "create", "destroy", "schedule", "idle", "enter", "exit", "map", "unmap", "protect", "map-kernel",
        "unmap-kernel", "access",
    ];

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in KptiSequence sequence)
    {
        var start = sequence.Start;
        StringBuilder text = new();
        text.Append($"{MachineLine} {start.Cpus} {start.Asids} {PageTableText.Of(start.KernelRegion)}");
        text.Append(start.HasInvpcid ? $" {Invpcid}\n" : "\n");
        TranslationCase control = new() { Control = start.Control };
        text.Append(CaseText.Print(control).Split('\n')[0]).Append('\n');
        foreach (var page in start.Entry)
        {
            text.Append($"{EntryLine} {page.Page} {PageTableText.Of(page.Mapping)}\n");
        }

        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in KptiCommand command)
    {
        string line = $"cpu {command.Cpu.Value} {Words[(int)command.Kind]}";
        return command.Kind switch
        {
            KptiCommandKind.Create or KptiCommandKind.Destroy or KptiCommandKind.Schedule =>
                $"{line} {command.Process.Value}",
            KptiCommandKind.Map => $"{line} {command.Process.Value} {PageTableText.Of(command.Range)} "
                + PageTableText.Of(command.Mapping),
            KptiCommandKind.Unmap => $"{line} {command.Process.Value} {PageTableText.Of(command.Range)}",
            KptiCommandKind.Protect => $"{line} {command.Process.Value} {PageTableText.Of(command.Range)} "
                + PageTableText.Of(command.Rights),
            KptiCommandKind.MapKernel => $"{line} {PageTableText.Of(command.Range)} "
                + PageTableText.Of(command.Mapping),
            KptiCommandKind.UnmapKernel => $"{line} {PageTableText.Of(command.Range)}",
            KptiCommandKind.Access => $"cpu {command.Cpu.Value} {TlbText.LineOf(command.Access)}",
            _ => line,
        };
    }

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(string text, out KptiSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int number = 0;
        KptiStart start = new(default, 0, 0, false, default, []);
        ControlState? control = null;
        var commands = ImmutableArray.CreateBuilder<KptiCommand>();
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
                [MachineLine, ..] => ReadMachine(parts[1..], ref start),
                [EntryLine, ..] => ReadEntry(parts[1..], ref start),
                ["control", ..] => PageTableLines.TryControl(line, out control),
                ["cpu", var cpu, var word, .. var rest] => commands.Count < KptiSequence.CommandsMax
                    && ReadCommand(cpu, word, rest) is { } command && Added(commands, command),
                _ => false,
            };
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        reason = start.Cpus == 0 ? $"a sequence needs a {MachineLine} line"
            : control is null ? "a sequence needs a control line"
            : commands.Any(command => command.Cpu.Value >= start.Cpus) ? "there is no such CPU" : null;
        sequence = new(start with { Control = control ?? default }, commands.ToImmutable());
        return reason is null;
    }

    private static bool ReadMachine(string[] parts, ref KptiStart start) =>
        parts is [var cpus, var asids, var region, ..] && parts.Length <= 4
        && byte.TryParse(cpus, NumberStyles.None, null, out byte cpuCount) && cpuCount > 0
        && byte.TryParse(asids, NumberStyles.None, null, out byte asidCount) && asidCount > 0
        && PageTableLines.ReadRange(region) is { } kernel && (parts.Length == 3 || parts[3] == Invpcid)
        && Set(ref start, start with
        {
            Cpus = cpuCount,
            Asids = asidCount,
            KernelRegion = kernel,
            HasInvpcid = parts.Length == 4,
        });

    private static bool ReadEntry(string[] parts, ref KptiStart start) =>
        parts is [var page, ..] && PageTableLines.ReadRange($"{page}+0x1000") is { } range
        && PageTableLines.ReadMapping(parts[1..]) is { } mapping
        && Set(ref start, start with { Entry = start.Entry.Add(new(range.Start, mapping)) });

    private static KptiCommand? ReadCommand(string cpu, string word, string[] rest)
    {
        int kind = Array.IndexOf(Words, word);
        if (!byte.TryParse(cpu, NumberStyles.None, null, out byte number) || kind < 0)
        {
            return null;
        }

        KptiCommand command = new() { Kind = (KptiCommandKind)kind, Cpu = new(number) };
        if (command.Kind is <= KptiCommandKind.Schedule or KptiCommandKind.Map or KptiCommandKind.Unmap
            or KptiCommandKind.Protect)
        {
            if (rest.Length == 0 || !byte.TryParse(rest[0], NumberStyles.None, null, out byte process))
            {
                return null;
            }

            (command, rest) = (command with { Process = new(process) }, rest[1..]);
        }

        if (command.Kind is >= KptiCommandKind.Map and < KptiCommandKind.Access)
        {
            if (rest.Length == 0 || PageTableLines.ReadRange(rest[0]) is not { } range)
            {
                return null;
            }

            (command, rest) = (command with { Range = range }, rest[1..]);
        }

        return command.Kind switch
        {
            KptiCommandKind.Map or KptiCommandKind.MapKernel =>
                PageTableLines.ReadMapping(rest) is { } mapping ? command with { Mapping = mapping } : null,
            KptiCommandKind.Protect => rest is [var letters] && PageTableLines.ReadRights(letters) is { } rights
                ? command with { Rights = rights } : null,
            KptiCommandKind.Access => PageTableLines.ReadAccess([word, .. rest]) is { } access
                ? command with { Access = access.Access } : null,
            _ => rest.Length == 0 ? command : null,
        };
    }

    private static bool Set(ref KptiStart start, KptiStart value)
    {
        start = value;
        return true;
    }

    private static bool Added(ImmutableArray<KptiCommand>.Builder commands, in KptiCommand command)
    {
        commands.Add(command);
        return true;
    }
}

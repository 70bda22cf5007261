using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PageProof.Contract.Frames;

/// <summary>
/// A sequence as text: how it begins, and then one line a command. So a failure can be read, kept as a
/// file and run again.
/// </summary>
public static class FrameText
{
    private const string FramesLine = "frames";
    private const string ReservedLine = "reserved";
    private const int CountMax = 1 << 20;

    private static readonly string[] Words =
    [
        "allocate", "release", "hold", "map", "map-from-hold", "unmap", "unmap-to-hold", "pin", "unpin", "cache",
        "uncache", "mark", "write", "drain", "drain-all", "compact", "measure", "fail",
    ];

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in FrameSequence sequence)
    {
        var start = sequence.Start;
        StringBuilder text = new();
        text.Append($"{FramesLine} {start.Frames.First.Value}+{start.Frames.Count} cpus={start.Cpus} ")
            .Append($"kept={start.KeptMost} batch={start.Batch} counts={start.CountMost} ")
            .Append($"mappings={start.MappingsMost}\n");
        foreach (var range in start.Reserved)
        {
            text.Append($"{ReservedLine} {range.First.Value}+{range.Count}\n");
        }

        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in FrameCommand command)
    {
        string line = $"cpu {command.Cpu.Value} {Words[(int)command.Kind]}";
        var (target, place) = (command.Target, command.Place);
        return command.Kind switch
        {
            FrameCommandKind.Allocate => $"{line} {command.Order.Value} {command.Use}",
            FrameCommandKind.Compact or FrameCommandKind.Measure => $"{line} {command.Order.Value}",
            FrameCommandKind.Map or FrameCommandKind.MapFromHold => $"{line} {target} {place.Space}:{place.Page}",
            FrameCommandKind.Unmap or FrameCommandKind.UnmapToHold => $"{line} {place.Space}:{place.Page}",
            FrameCommandKind.EnterCache => $"{line} {target} {command.Page.Owner}:{command.Page.Index}",
            FrameCommandKind.Mark => $"{line} {target} {command.Flags}".Replace(", ", ","),
            FrameCommandKind.Write => $"{line} {target} {command.Value}",
            FrameCommandKind.Fail => $"{line} {command.Value}",
            FrameCommandKind.Drain or FrameCommandKind.DrainAll => line,
            _ => $"{line} {target}",
        };
    }

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(string text, out FrameSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int number = 0;
        FrameStart? start = null;
        var reserved = ImmutableArray.CreateBuilder<FrameRange>();
        var commands = ImmutableArray.CreateBuilder<FrameCommand>();
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
                [FramesLine, ..] => (start = FrameLines.Start(parts)) is not null,
                [ReservedLine, var range] => Added(reserved, FrameLines.Range(range)),
                ["cpu", var cpu, var word, .. var rest] => commands.Count < FrameSequence.CommandsMax
                    && Added(commands, ReadCommand(cpu, word, rest)),
                _ => false,
            };
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        reason = start is null ? $"a sequence needs a {FramesLine} line"
            : commands.Any(command => command.Cpu.Value >= start.Cpus) ? "there is no such CPU"
            : reserved.Any(range => !FrameLines.IsWithin(range, start.Frames)) ? "there are no such frames to reserve"
            : null;
        if (reason is null)
        {
            sequence = new(start! with { Reserved = reserved.ToImmutable() }, commands.ToImmutable());
        }

        return reason is null;
    }

    private static FrameCommand? ReadCommand(string cpu, string word, string[] rest)
    {
        int kind = Array.IndexOf(Words, word);
        if (FrameLines.Number(cpu, byte.MaxValue) is not { } number || kind < 0)
        {
            return null;
        }

        FrameCommand command = new() { Kind = (FrameCommandKind)kind, Cpu = new((byte)number) };
        if (TakesTarget(command.Kind))
        {
            if (rest is not [var target, ..] || FrameLines.Target(target) is not { } named)
            {
                return null;
            }

            (command, rest) = (command with { Target = named }, rest[1..]);
        }

        return (command.Kind, rest) switch
        {
            (FrameCommandKind.Allocate, [var order, var use]) => FrameLines.Order(order) is { } wanted
                && FrameLines.Use(use) is { } kindOfUse ? command with { Order = wanted, Use = kindOfUse } : null,
            (FrameCommandKind.Compact or FrameCommandKind.Measure, [var order]) =>
                FrameLines.Order(order) is { } wanted ? command with { Order = wanted } : null,
            (FrameCommandKind.Map or FrameCommandKind.MapFromHold or FrameCommandKind.Unmap
                or FrameCommandKind.UnmapToHold, [var place]) =>
                FrameLines.Pair(place) is var (space, page) ? command with { Place = new(space, (ulong)page) } : null,
            (FrameCommandKind.EnterCache, [var place]) =>
                FrameLines.Pair(place) is var (owner, index) ? command with { Page = new(owner, (uint)index) } : null,
            (FrameCommandKind.Mark, [var flags]) =>
                FrameLines.Flags(flags) is { } noted ? command with { Flags = noted } : null,
            (FrameCommandKind.Write or FrameCommandKind.Fail, [var value]) =>
                FrameLines.Number(value, CountMax) is { } count ? command with { Value = (uint)count } : null,
            (FrameCommandKind.Drain or FrameCommandKind.DrainAll, []) => command,
            (FrameCommandKind.Release or FrameCommandKind.Hold or FrameCommandKind.Pin or FrameCommandKind.Unpin
                or FrameCommandKind.LeaveCache, []) => command,
            _ => null,
        };
    }

    private static bool TakesTarget(FrameCommandKind kind) => kind
        is FrameCommandKind.Release or FrameCommandKind.Hold or FrameCommandKind.Map or FrameCommandKind.MapFromHold
        or FrameCommandKind.Pin or FrameCommandKind.Unpin or FrameCommandKind.EnterCache
        or FrameCommandKind.LeaveCache or FrameCommandKind.Mark or FrameCommandKind.Write;

    private static bool Added<T>(ImmutableArray<T>.Builder list, T? read)
        where T : struct
    {
        if (read is { } each)
        {
            list.Add(each);
        }

        return read is not null;
    }
}

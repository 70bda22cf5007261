using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PageProof.Contract.Swap.Compressed;

/// <summary>
/// A sequence as text: how it begins, and then one line a command. So a failure can be read, kept as a file and
/// run again.
/// </summary>
public static class CompressedText
{
    private static readonly string[] Words =
    [
        "store", "load", "release", "limit", "threshold", "shrink", "write-back", "idle", "compact", "fail-read",
        "fail-write", "read-only",
    ];

    private static readonly string[] Kinds = ["zswap", "zram"];
    private static readonly string[] Compressors = ["lz4", "zstd"];
    private static readonly string[] Shapes = ["fill", "except", "part", "text", "random"];
    private static readonly string[] Which = ["", "huge", "idle", "huge-idle"];

    /// <summary>The name of what compresses.</summary>
    public static string Of(CompressorKind compressor) => Compressors[(int)compressor];

    /// <summary>A page in words, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(DescribedPage page) => $"{Shapes[(int)page.Shape]} 0x{page.Value:x}"
        + (page.Shape is PageShape.Except or PageShape.Part ? $" {page.At}" : "");

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in CompressedCommand command) => Words[(int)command.Kind] + command.Kind switch
    {
        CompressedCommandKind.Store => $" {command.Slot.Value} {Of(command.Page)}",
        CompressedCommandKind.Load or CompressedCommandKind.Release => $" {command.Slot.Value}",
        CompressedCommandKind.WriteBack => $" {Which[(int)command.Which]}",
        CompressedCommandKind.Idle or CompressedCommandKind.Compact => "",
        _ => $" {command.Value}",
    };

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in CompressedSequence sequence)
    {
        var start = sequence.Start;
        StringBuilder text = new();
        text.Append($"{Kinds[(int)start.Kind]} {Of(start.Compressor)} level={start.Level} slots={start.Slots} ")
            .Append(start.Kind == CompressedKind.Zswap
                ? $"memory={start.MemoryPages} max={start.MaxPoolPercent} accept={start.AcceptPercent} "
                    + $"exclusive={(start.ExclusiveLoads ? 1 : 0)}\n"
                : $"limit={start.LimitPages} backing={start.BackingPages}\n");
        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(
        string text, out CompressedSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int number = 0;
        CompressedStart? start = null;
        var commands = ImmutableArray.CreateBuilder<CompressedCommand>();
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            bool good = Kinds.Contains(parts[0])
                ? start is null && (start = CompressedLines.Start(parts, Kinds, Compressors)) is not null
                : start is not null && commands.Count < CompressedSequence.CommandsMax
                    && Added(commands, ReadCommand(parts, start));
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        reason = start is null ? "a sequence begins with a line of zswap or zram" : null;
        if (reason is null)
        {
            sequence = new(start!, commands.ToImmutable());
        }

        return reason is null;
    }

    private static CompressedCommand? ReadCommand(string[] parts, CompressedStart start)
    {
        CompressedCommand command = new() { Kind = (CompressedCommandKind)Array.IndexOf(Words, parts[0]) };
        var rest = parts[1..];
        bool isOfOther = start.Kind == CompressedKind.Zswap
            ? command.Kind is CompressedCommandKind.WriteBack or CompressedCommandKind.Idle
            : command.Kind is CompressedCommandKind.Threshold or CompressedCommandKind.Shrink;
        if (isOfOther)
        {
            return null;
        }

        if (command.Kind <= CompressedCommandKind.Release)
        {
            if (rest is not [var slot, ..] || CompressedLines.Number(slot, start.Slots - 1) is not { } number)
            {
                return null;
            }

            (command, rest) = (command with { Slot = new((ulong)number) }, rest[1..]);
        }

        return (command.Kind, rest) switch
        {
            (CompressedCommandKind.Store, _) => CompressedLines.Page(rest, Shapes) is { } page
                ? command with { Page = page } : null,
            (CompressedCommandKind.Load or CompressedCommandKind.Release or CompressedCommandKind.Idle
                or CompressedCommandKind.Compact, []) => command,
            (CompressedCommandKind.WriteBack, [var which]) => Array.IndexOf(Which, which) is > 0 and var kinds
                ? command with { Which = (WriteBackKinds)kinds } : null,
            (CompressedCommandKind.Limit or CompressedCommandKind.Threshold or CompressedCommandKind.Shrink
                or CompressedCommandKind.FailRead or CompressedCommandKind.FailWrite
                or CompressedCommandKind.ReadOnly, [var value]) =>
                CompressedLines.Value(value, command.Kind, start.Kind) is { } count
                    ? command with { Value = count } : null,
            _ => null,
        };
    }

    private static bool Added(ImmutableArray<CompressedCommand>.Builder list, CompressedCommand? read)
    {
        if (read is { } each)
        {
            list.Add(each);
        }

        return read is not null;
    }
}

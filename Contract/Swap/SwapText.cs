using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PageProof.Contract.Swap;

/// <summary>
/// A sequence as text: how it begins, its devices, and then one line a command. So a failure can be read, kept as a
/// file and run again.
/// </summary>
public static class SwapText
{
    private const string SwapLine = "swap";

    private static readonly string[] Words =
    [
        "make-swap", "poke", "swap-on", "swap-off", "store", "load", "page-out", "begin-read", "end-read", "drop",
        "fork", "clear-marks", "fail-read", "fail-write",
    ];

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in SwapSequence sequence)
    {
        var start = sequence.Start;
        StringBuilder text = new();
        text.Append($"{SwapLine} frames={start.Frames} cluster={start.ClusterShift} areas={start.AreasMost} ")
            .Append($"references={start.ReferencesMost}\n");
        foreach (var device in start.Devices)
        {
            text.Append(device.Kind == SwapDeviceKind.File ? $"file {device.Pages} pieces={device.Pieces}"
                : $"partition {device.Pages}")
                .Append(device.Hole == 0 ? "" : $" hole={device.Hole}")
                .Append(device.IsReadOnly ? " read-only" : "").Append('\n');
        }

        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in SwapCommand command)
    {
        string line = Words[(int)command.Kind];
        int device = command.Device.Value;
        return command.Kind switch
        {
            SwapCommandKind.MakeSwap => $"{line} {device} pages={command.Pages}"
                + (command.Bad.Count == 0 ? "" : $" bad={command.Bad}")
                + (command.Uuid == default ? "" : $" uuid={command.Uuid}")
                + (command.Label is null ? "" : $" label={command.Label}"),
            SwapCommandKind.Poke => $"{line} {device} {command.Offset.Value} {command.Value}",
            SwapCommandKind.SwapOn => $"{line} {device}"
                + (command.Priority == SwapCommand.NoPriority ? "" : $" priority={command.Priority}"),
            SwapCommandKind.SwapOff => $"{line} {device}",
            SwapCommandKind.Store => $"{line} {command.Page} {command.Half} {command.Value}",
            SwapCommandKind.BeginRead => $"{line} {command.Reader} {command.Page}",
            SwapCommandKind.EndRead => $"{line} {command.Reader}",
            SwapCommandKind.Fork => $"{line} {command.Page.Process} {command.Child}",
            SwapCommandKind.ClearMarks => $"{line} {command.Page.Process}",
            SwapCommandKind.FailRead or SwapCommandKind.FailWrite => $"{line} {command.Value}",
            _ => $"{line} {command.Page}",
        };
    }

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(string text, out SwapSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int number = 0;
        SwapStart? start = null;
        var devices = ImmutableArray.CreateBuilder<SwapDevice>();
        var commands = ImmutableArray.CreateBuilder<SwapCommand>();
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
                [SwapLine, .. var rest] => start is null && (start = SwapLines.Start(rest)) is not null,
                ["partition" or "file", ..] => Added(devices, SwapLines.Device(parts), byte.MaxValue),
                [var word, .. var rest] => Array.IndexOf(Words, word) is >= 0 and var kind
                    && Added(commands, SwapLines.Command((SwapCommandKind)kind, rest), SwapSequence.CommandsMax),
                _ => false,
            };
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        reason = start is null ? $"a sequence needs a {SwapLine} line"
            : commands.Any(command => command.Kind <= SwapCommandKind.SwapOff
                && command.Device.Value >= devices.Count) ? "there is no such device"
            : null;
        if (reason is null)
        {
            sequence = new(start! with { Devices = devices.ToImmutable() }, commands.ToImmutable());
        }

        return reason is null;
    }

    private static bool Added<T>(ImmutableArray<T>.Builder list, T? read, int most)
        where T : struct
    {
        if (read is { } each)
        {
            list.Add(each);
        }

        return read is not null && list.Count <= most;
    }
}

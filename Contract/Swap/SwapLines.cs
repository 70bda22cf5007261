using System.Globalization;

namespace PageProof.Contract.Swap;

/// <summary>Reads the parts of a line; null when it is none.</summary>
internal static class SwapLines
{
    private const int FramesMax = 1 << 16;
    private const int ClusterShiftMax = 12;

    public static SwapStart? Start(string[] parts) => parts is [var frames, var cluster, var areas, var references]
        && Setting(frames, "frames", 0, FramesMax) is { } framesRead
        && Setting(cluster, "cluster", 0, ClusterShiftMax) is { } clusterRead
        && Setting(areas, "areas", 1, SwapAreaNumber.Most + 1) is { } areasRead
        && Setting(references, "references", 1, int.MaxValue) is { } referencesRead
            ? new(framesRead, clusterRead, areasRead, referencesRead, []) : null;

    public static SwapDevice? Device(string[] parts)
    {
        bool isFile = parts[0] == "file", isReadOnly = parts[^1] == "read-only";
        if (parts.Length < 2 || Number(parts[1], SwapDevice.PagesMax) is not (> 0 and var pages))
        {
            return null;
        }

        var rest = isReadOnly ? parts[2..^1] : parts[2..];
        return (isFile, rest) switch
        {
            (false, []) => new(SwapDeviceKind.Partition, pages, 1, 0, isReadOnly),
            (true, [var pieces]) => OfFile(Setting(pieces, "pieces", 1, pages), 0),
            (true, [var pieces, var hole]) =>
                OfFile(Setting(pieces, "pieces", 1, pages), Setting(hole, "hole", 1, pages - 1)),
            _ => null,
        };

        SwapDevice? OfFile(int? pieces, int? hole) => pieces is { } count && hole is { } page
            ? new(SwapDeviceKind.File, pages, count, page, isReadOnly) : null;
    }

    public static SwapCommand? Command(SwapCommandKind kind, string[] rest)
    {
        SwapCommand command = new() { Kind = kind };
        return (kind, rest) switch
        {
            (SwapCommandKind.MakeSwap, [var device, .. var settings]) => Made(OfDevice(command, device), settings),
            (SwapCommandKind.Poke, [var device, var offset, var value]) => OfDevice(command, device) is { } read
                && Number(offset, HeaderOffset.Most) is { } place && Value(value) is { } word
                ? read with { Offset = new((ushort)place), Value = word } : null,
            (SwapCommandKind.SwapOn, [var device]) =>
                OfDevice(command with { Priority = SwapCommand.NoPriority }, device),
            (SwapCommandKind.SwapOn, [var device, var priority]) => OfDevice(command, device) is { } read
                && Setting(priority, "priority", 0, short.MaxValue) is { } number
                ? read with { Priority = (short)number } : null,
            (SwapCommandKind.SwapOff, [var device]) => OfDevice(command, device),
            (SwapCommandKind.Store, [var page, var half, var value]) => OfPage(command, page) is { } read
                && Number(half, 1) is { } which && Value(value) is { } word
                ? read with { Half = (byte)which, Value = word } : null,
            (SwapCommandKind.BeginRead, [var reader, var page]) => OfPage(command, page) is { } read
                && Number(reader, byte.MaxValue) is { } who ? read with { Reader = (byte)who } : null,
            (SwapCommandKind.EndRead, [var reader]) =>
                Number(reader, byte.MaxValue) is { } who ? command with { Reader = (byte)who } : null,
            (SwapCommandKind.Fork, [var parent, var child]) => Number(parent, byte.MaxValue) is { } from
                && Number(child, byte.MaxValue) is { } to
                ? command with { Page = new((byte)from, 0), Child = (byte)to } : null,
            (SwapCommandKind.ClearMarks, [var process]) =>
                Number(process, byte.MaxValue) is { } who ? command with { Page = new((byte)who, 0) } : null,
            (SwapCommandKind.FailRead or SwapCommandKind.FailWrite, [var count]) =>
                Value(count) is { } number ? command with { Value = number } : null,
            (SwapCommandKind.Load or SwapCommandKind.PageOut or SwapCommandKind.Drop, [var page]) =>
                OfPage(command, page),
            _ => null,
        };
    }

    private static SwapCommand? OfDevice(SwapCommand command, string text) =>
        Number(text, byte.MaxValue) is { } device ? command with { Device = new((byte)device) } : null;

    private static SwapCommand? OfPage(SwapCommand command, string text) =>
        text.Split(':') is [var process, var page] && Number(process, byte.MaxValue) is { } who
        && Number(page, ushort.MaxValue) is { } index ? command with { Page = new((byte)who, (ushort)index) } : null;

    // The settings come in any order, and each at most once.
    private static SwapCommand? Made(SwapCommand? command, string[] settings)
    {
        foreach (string setting in settings)
        {
            if (command is not { } read)
            {
                return null;
            }

            command = setting.Split('=') switch
            {
                ["pages", _] when Setting(setting, "pages", 0, SwapDevice.PagesMax) is { } pages =>
                    read with { Pages = pages },
                ["bad", var range] when Range(range) is { } bad => read with { Bad = bad },
                ["uuid", var text] when Guid.TryParseExact(text, "D", out var uuid) => read with { Uuid = uuid },
                ["label", { Length: > 0 and <= SwapCommand.LabelMax } label]
                    when label.All(char.IsAsciiLetterOrDigit) => read with { Label = label },
                _ => null,
            };
        }

        return command;
    }

    private static SlotRange? Range(string text) => text.Split('+') is [var first, var count]
        && Number(first, SwapDevice.PagesMax) is { } from && Number(count, SwapDevice.PagesMax) is { } length
            ? new(from, length) : null;

    private static uint? Value(string text) =>
        uint.TryParse(text, NumberStyles.None, null, out uint value) ? value : null;

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, null, out int number) && number <= most ? number : null;

    private static int? Setting(string text, string name, int least, int most) =>
        text.Split('=') is [var key, var value] && key == name && Number(value, most) is { } number
        && number >= least ? number : null;
}

using System.Globalization;

namespace PageProof.Contract.Frames;

/// <summary>Reads the parts of a line; null when it is none.</summary>
internal static class FrameLines
{
    private const int FramesMax = 1 << 20;

    public static FrameStart? Start(string[] parts) => parts.Length == 7
        && Range(parts[1]) is { Count: > 0 } frames
        && Setting(parts[2], "cpus", 1) is { } cpus && Setting(parts[3], "kept", 0) is { } kept
        && Setting(parts[4], "batch", 1) is { } batch && Setting(parts[5], "counts", 1) is { } counts
        && Setting(parts[6], "mappings", 0) is { } mappings
            ? new(frames, [], cpus, kept, batch, counts, mappings) : null;

    public static FrameRange? Range(string text) =>
        text.Split('+') is [var first, var count] && Number(first, FramesMax) is { } from
        && Number(count, FramesMax) is { } length ? new(new(from), length) : null;

    public static bool IsWithin(FrameRange range, FrameRange all) => range.First.Value >= all.First.Value
        && range.First.Value + range.Count <= all.First.Value + all.Count;

    public static FrameTarget? Target(string text) =>
        text is ['@' or '#', .. var digits] && Number(digits, ushort.MaxValue) is { } number
            ? new(text[0] == '@', (ushort)number) : null;

    public static (int First, int Second)? Pair(string text) =>
        text.Split(':') is [var first, var second] && Number(first, FramesMax) is { } one
        && Number(second, FramesMax) is { } other ? (one, other) : null;

    public static FrameOrder? Order(string text) =>
        Number(text, FrameOrder.Most) is { } order ? new((byte)order) : null;

    public static FrameKind? Use(string text) =>
        Enum.TryParse<FrameKind>(text, out var use) && use > FrameKind.Reserved && Enum.IsDefined(use)
            ? use : null;

    public static FrameFlags? Flags(string text) =>
        Enum.TryParse<FrameFlags>(text, out var flags) && flags < FrameFlags.Cached ? flags : null;

    public static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, null, out int number) && number <= most ? number : null;

    private static int? Setting(string text, string name, int least) =>
        text.Split('=') is [var key, var value] && key == name && Number(value, FramesMax) is { } number
        && number >= least ? number : null;
}

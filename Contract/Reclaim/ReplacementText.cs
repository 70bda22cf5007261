using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace PageProof.Contract.Reclaim;

/// <summary>
/// A sequence as text: the policy in the first line, and then one line a reference. So a failure can be read,
/// kept as a file and run again.
/// </summary>
public static class ReplacementText
{
    private const string PolicyLine = "policy";
    private const int SettingMost = 1 << 30;

    private static readonly string[] Names =
        ["opt", "fifo", "lru", "clock", "clock-clear", "nru", "aging", "wsclock", "two-list"];

    /// <summary>The names of all policies, in the order of their kinds.</summary>
    public static IReadOnlyList<string> Policies => Names;

    /// <summary>The name of a policy.</summary>
    public static string Of(ReplacementKind kind) => Names[(int)kind];

    /// <summary>A reference in one line, as <see cref="TryParse"/> reads it: its letters and its page.</summary>
    public static string Of(in Reference reference) =>
        (reference.Mask.HasFlag(ReferenceMask.Fetch) ? "f" : "")
        + (reference.Mask.HasFlag(ReferenceMask.Read) ? "r" : "")
        + (reference.Mask.HasFlag(ReferenceMask.Write) ? "w" : "") + $" {reference.Page.Value}";

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in ReplacementSequence sequence)
    {
        var settings = sequence.Settings;
        StringBuilder text = new();
        text.Append($"{PolicyLine} {Of(settings.Kind)} frames={settings.Frames} tick={settings.Tick} ")
            .Append($"window={settings.Window} ratio={settings.Ratio} batch={sequence.Batch}\n");
        foreach (var reference in sequence.References)
        {
            text.Append(Of(reference)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(
        string text, out ReplacementSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int number = 0;
        ReplacementSequence? start = null;
        var references = ImmutableArray.CreateBuilder<Reference>();
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            bool good = parts[0] == PolicyLine
                ? start is null && (start = ReadStart(parts)) is not null
                : start is not null && references.Count < ReplacementSequence.ReferencesMost
                    && Added(references, ReadReference(parts));
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        reason = start is null ? $"a sequence needs a {PolicyLine} line" : null;
        if (start is { } begun)
        {
            sequence = begun with { References = references.ToImmutable() };
        }

        return reason is null;
    }

    private static ReplacementSequence? ReadStart(string[] parts) =>
        parts.Length == 7 && Array.IndexOf(Names, parts[1]) is >= 0 and var kind
        && Setting(parts[2], "frames", 1) is { } frames and <= ReplacementSettings.FramesMost
        && Setting(parts[3], "tick", 1) is { } tick
        && Setting(parts[4], "window", 0) is { } window && Setting(parts[5], "ratio", 0) is { } ratio
        && Setting(parts[6], "batch", 1) is { } batch
            ? new(new((ReplacementKind)kind, frames, tick, window, ratio), batch, []) : null;

    private static Reference? ReadReference(string[] parts)
    {
        if (parts is not [var letters, var page] || letters.Length > 3
            || !ulong.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
        {
            return null;
        }

        var mask = ReferenceMask.None;
        foreach (char letter in letters)
        {
            var bit = letter switch
            {
                'f' => ReferenceMask.Fetch,
                'r' => ReferenceMask.Read,
                'w' => ReferenceMask.Write,
                _ => ReferenceMask.None,
            };
            if (bit == ReferenceMask.None || mask.HasFlag(bit))
            {
                return null;
            }

            mask |= bit;
        }

        return new(new(number), mask);
    }

    private static bool Added(ImmutableArray<Reference>.Builder references, Reference? read)
    {
        if (read is { } reference)
        {
            references.Add(reference);
        }

        return read is not null;
    }

    private static int? Setting(string text, string name, int least) =>
        text.Split('=') is [var key, var value] && key == name
        && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= SettingMost ? number : null;
}

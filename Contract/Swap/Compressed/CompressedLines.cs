using System.Globalization;

namespace PageProof.Contract.Swap.Compressed;

/// <summary>Reads the parts of a line; null when it is none.</summary>
internal static class CompressedLines
{
    private const int PagesMost = 1 << 20;
    private const int Percent = 100;

    public static CompressedStart? Start(string[] parts, string[] kinds, string[] compressors)
    {
        if (parts.Length < 4 || Array.IndexOf(compressors, parts[1]) is not (>= 0 and var compressor)
            || Setting(parts[2], "level", 1, byte.MaxValue) is not { } level
            || Setting(parts[3], "slots", 1, PagesMost) is not { } slots)
        {
            return null;
        }

        var kind = (CompressedKind)Array.IndexOf(kinds, parts[0]);
        CompressedStart start = new(kind, (CompressorKind)compressor, level, slots);
        return kind == CompressedKind.Zswap ? Zswap(start, parts[4..]) : Zram(start, parts[4..]);
    }

    public static DescribedPage? Page(string[] parts, string[] shapes)
    {
        if (parts is not [var word, var value, .. var rest] || Array.IndexOf(shapes, word) is not (>= 0 and var index)
            || Hexadecimal(value) is not { } number)
        {
            return null;
        }

        DescribedPage page = new((PageShape)index, number, 0);
        return (page.Shape, rest) switch
        {
            (PageShape.Except, [var at]) => Number(at, DescribedPage.Words - 1) is { } place
                ? page with { At = place } : null,
            (PageShape.Part, [var at]) => Number(at, DescribedPage.Words) is { } count
                ? page with { At = count } : null,
            (PageShape.Except or PageShape.Part, _) => null,
            (_, []) => page,
            _ => null,
        };
    }

    public static int? Value(string text, CompressedCommandKind command, CompressedKind kind) => command switch
    {
        CompressedCommandKind.ReadOnly => Number(text, 1),
        CompressedCommandKind.Threshold => Number(text, Percent),
        CompressedCommandKind.Limit when kind == CompressedKind.Zswap => Number(text, Percent),
        _ => Number(text, PagesMost),
    };

    public static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most
            ? number : null;

    private static CompressedStart? Zswap(CompressedStart start, string[] rest) => rest.Length == 4
        && Setting(rest[0], "memory", 0, PagesMost) is { } memory && Setting(rest[1], "max", 0, Percent) is { } most
        && Setting(rest[2], "accept", 0, Percent) is { } accept && Setting(rest[3], "exclusive", 0, 1) is { } alone
            ? start with
            {
                MemoryPages = memory,
                MaxPoolPercent = most,
                AcceptPercent = accept,
                ExclusiveLoads = alone == 1,
            }
            : null;

    private static CompressedStart? Zram(CompressedStart start, string[] rest) => rest.Length == 2
        && Setting(rest[0], "limit", 0, PagesMost) is { } limit
        && Setting(rest[1], "backing", 0, PagesMost) is { } backing
            ? start with { LimitPages = limit, BackingPages = backing } : null;

    private static ulong? Hexadecimal(string text) => text is ['0', 'x', .. var digits]
        && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            ? number : null;

    private static int? Setting(string text, string name, int least, int most) =>
        text.Split('=') is [var key, var value] && key == name && Number(value, most) is { } number
        && number >= least ? number : null;
}

using System.CommandLine.Parsing;
using System.Globalization;

namespace PageProof.Cli;

/// <summary>
/// Numbers of a command line: decimal, or hexadecimal after 0x, with underscores where they help.
/// </summary>
public static class Numbers
{
    /// <summary>Reads a number of at most 64 bits.</summary>
    public static bool TryParse(string text, out ulong number)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        var culture = CultureInfo.InvariantCulture;
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, culture, out number)
            : ulong.TryParse(digits, NumberStyles.None, culture, out number);
    }

    /// <summary>A parser of the one number of an option, from least to most.</summary>
    public static Func<ArgumentResult, T> Parser<T>(
        ulong least, ulong most, Func<ulong, T> convert, string range) => result =>
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, out ulong number) && number >= least && number <= most)
        {
            return convert(number);
        }

        result.AddError($"{NameOf(result)} takes {range}, not '{text}'.");
        return default!;
    };

    /// <summary>Reads a span of time such as 90, 60s, 500ms, 2m or 1h; a bare number is seconds.</summary>
    public static bool TryParseTime(string text, out TimeSpan time)
    {
        const double SecondsMax = 1_000_000;
        (string Suffix, double Seconds)[] units =
            [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];
        var unit = units.First(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        bool good = double.TryParse(
            text.AsSpan(0, text.Length - unit.Suffix.Length),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double count);
        double seconds = count * unit.Seconds;
        good = good && seconds is > 0 and <= SecondsMax;
        time = good ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return good;
    }

    /// <summary>The option, or else the argument, that a value was given to.</summary>
    public static string NameOf(ArgumentResult result) =>
        (result.Parent as OptionResult)?.IdentifierToken?.Value ?? result.Argument.Name;
}

using PageProof.Contract;
using PageProof.Implementation.Tlb;

namespace PageProof.Cli.Tlb;

/// <summary>
/// A geometry as the command line tells it: a name, or sizes that differ from the default, or both, such
/// as <c>smallest,data=1x2,front=0</c>.
/// </summary>
public static class GeometryText
{
    /// <summary>What <c>--geometry</c> can be, for its help.</summary>
    public const string Grammar = "skylake or smallest, and sizes such as front=0, data=16x4, "
        + "data-large=8x4, data-huge=1x4, fetch=16x8, fetch-large=1x8, fetch-huge=1x4, second=128x12, "
        + "second-huge=4x4, pde=8x4 or upper=1x4 (sets x ways), with commas between";

    private const int SetsMax = 1 << 12;
    private const int WaysMax = 64;
    private const int FrontMax = 1 << 12;

    /// <exception cref="UserError">The text is no geometry.</exception>
    public static TlbGeometry Read(string text)
    {
        TlbGeometry geometry = new();
        foreach (string part in text.Split(','))
        {
            var sides = part.Split('=');
            geometry = sides switch
            {
                ["skylake"] => new(),
                ["smallest"] => TlbGeometry.Smallest,
                ["front", var slots] => geometry with { FrontSlots = Slots(slots) },
                [var array, var shape] => With(geometry, array, Shape(part, shape)),
                _ => throw Wrong(part),
            };
        }

        return geometry;
    }

    private static TlbGeometry With(TlbGeometry geometry, string array, ArrayShape shape) => array switch
    {
        "data" => geometry with { Data = geometry.Data with { Small = shape } },
        "data-large" => geometry with { Data = geometry.Data with { Large = shape } },
        "data-huge" => geometry with { Data = geometry.Data with { Gigabyte = shape } },
        "fetch" => geometry with { Instructions = geometry.Instructions with { Small = shape } },
        "fetch-large" => geometry with { Instructions = geometry.Instructions with { Large = shape } },
        "fetch-huge" => geometry with { Instructions = geometry.Instructions with { Gigabyte = shape } },
        "second" => geometry with { Second = shape },
        "second-huge" => geometry with { SecondGigabyte = shape },
        "pde" => geometry with { DirectoryEntries = shape },
        "upper" => geometry with { UpperEntries = shape },
        _ => throw Wrong(array),
    };

    private static ArrayShape Shape(string part, string text) =>
        text.Split('x') is [var sets, var ways] && Numbers.TryParse(sets, out ulong setCount)
        && Numbers.TryParse(ways, out ulong wayCount) && IsPowerOfTwo(setCount, SetsMax)
        && wayCount is >= 1 and <= WaysMax
            ? new((int)setCount, (int)wayCount)
            : throw new UserError($"'{part}' is no size: it is sets x ways, such as 16x4, with a power of two of "
                + $"at most {SetsMax} sets and at most {WaysMax} ways.");

    private static int Slots(string text) =>
        Numbers.TryParse(text, out ulong slots) && (slots == 0 || IsPowerOfTwo(slots, FrontMax))
            ? (int)slots
            : throw new UserError($"'front={text}' is no size: it is 0, or a power of two of at most {FrontMax}.");

    private static bool IsPowerOfTwo(ulong number, ulong most) =>
        number >= 1 && number <= most && (number & number - 1) == 0;

    private static UserError Wrong(string part) => new($"'{part}' is no geometry: it is {Grammar}.");
}

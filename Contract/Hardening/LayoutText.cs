using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PageProof.Contract.Hardening;

/// <summary>
/// A request as text: three lines of words and NAME=VALUE, so that a failure can be read, kept as a file and
/// run again.
/// </summary>
public static class LayoutText
{
    private const string LayoutLine = "layout";
    private const string SizesLine = "sizes";
    private const string DrawsLine = "draws";
    private const string Unlimited = "unlimited";

    private static readonly string[] Kinds = ["64", "32", "32-of-3GiB"];
    private static readonly string[] Programs = ["fixed", "pie", "static-pie"];

    private static readonly (string Name, Func<LayoutRequest, ByteCount> Get,
        Func<LayoutRequest, ByteCount, LayoutRequest> Set)[] Sizes =
    [
        ("limit", each => each.StackLimit, (each, size) => each with { StackLimit = size }),
        ("stack", each => each.StackSize, (each, size) => each with { StackSize = size }),
        ("program", each => each.ProgramSize, (each, size) => each with { ProgramSize = size }),
        ("interpreter", each => each.InterpreterSize, (each, size) => each with { InterpreterSize = size }),
        ("vdso", each => each.VdsoSize, (each, size) => each with { VdsoSize = size }),
        ("heap", each => each.HeapSize, (each, size) => each with { HeapSize = size }),
        ("mapping", each => each.MappingSize, (each, size) => each with { MappingSize = size }),
    ];

    private static readonly (string Name, Func<LayoutDraws, RandomWord> Get,
        Func<LayoutDraws, RandomWord, LayoutDraws> Set)[] Draws =
    [
        ("stack", each => each.Stack, (each, word) => each with { Stack = word }),
        ("pointer", each => each.StackPointer, (each, word) => each with { StackPointer = word }),
        ("mmap", each => each.Mmap, (each, word) => each with { Mmap = word }),
        ("program", each => each.Program, (each, word) => each with { Program = word }),
        ("vdso", each => each.Vdso, (each, word) => each with { Vdso = word }),
        ("brk", each => each.Brk, (each, word) => each with { Brk = word }),
        ("entry", each => each.EntryArea, (each, word) => each with { EntryArea = word }),
        ("second", each => each.SecondEntryArea, (each, word) => each with { SecondEntryArea = word }),
    ];

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal request.</summary>
    public static string Print(in LayoutRequest request)
    {
        var asked = request;
        string flags = (asked.IsLegacy ? " legacy" : "") + (asked.HasFiveLevels ? " five-levels" : "")
            + (asked.IsKernelRandomized ? " kaslr" : "");
        return $"{LayoutLine} {Kinds[(int)asked.Kind]} {Programs[(int)asked.Program]} level={(int)asked.Level}"
            + $" kernel={asked.Kernel} bits={asked.MmapBits}{flags}\n"
            + SizesLine + string.Concat(Sizes.Select(size => $" {size.Name}={Of(size.Get(asked))}")) + "\n"
            + DrawsLine + string.Concat(Draws.Select(draw => $" {draw.Name}={draw.Get(asked.Draws)}")) + "\n";
    }

    /// <summary>A layout, a line for each region, from the highest of the user's half down.</summary>
    public static string Of(in AddressSpaceLayout layout)
    {
        (string Name, LinearAddress At)[] regions =
        [
            ("stack top", layout.StackTop), ("stack pointer", layout.StackPointer), ("mmap base", layout.MmapBase),
            ("program", layout.Program), ("interpreter", layout.Interpreter), ("vdso", layout.Vdso),
            ("heap", layout.Brk), ("mapping", layout.Mapping), ("entry area", layout.EntryArea),
            ("second entry area", layout.SecondEntryArea),
        ];
        return string.Join('\n', regions.OrderByDescending(region => region.At.Value)
            .Select(region => $"{region.At} {region.Name}"));
    }

    /// <summary>Reads the text of a request; the reason names the line that is wrong.</summary>
    public static bool TryParse(string text, out LayoutRequest request, [NotNullWhen(false)] out string? reason)
    {
        request = default;
        int number = 0;
        bool hasLayout = false;
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            bool good = parts[0] switch
            {
                LayoutLine => hasLayout = ReadLayout(parts, ref request),
                SizesLine => ReadSizes(parts, ref request),
                DrawsLine => ReadDraws(parts, ref request),
                _ => false,
            };
            if (!good)
            {
                reason = $"line {number} is not a line of a layout: {line.Trim()}";
                return false;
            }
        }

        reason = hasLayout ? null : $"a request needs a {LayoutLine} line";
        return hasLayout;
    }

    private static string Of(ByteCount size) =>
        size.Value == LayoutRequest.Unlimited ? Unlimited : $"0x{size.Value:x}";

    private static bool ReadLayout(string[] parts, ref LayoutRequest request)
    {
        if (parts.Length < 3 || Array.IndexOf(Kinds, parts[1]) is var kind && kind < 0
            || Array.IndexOf(Programs, parts[2]) is var program && program < 0)
        {
            return false;
        }

        request = request with { Kind = (AddressSpaceKind)kind, Program = (ProgramKind)program };
        foreach (string part in parts[3..])
        {
            LayoutRequest? next = part.Split('=') switch
            {
                ["legacy"] => request with { IsLegacy = true },
                ["five-levels"] => request with { HasFiveLevels = true },
                ["kaslr"] => request with { IsKernelRandomized = true },
                ["level", "0" or "1" or "2"] => request with { Level = (AslrLevel)(part[^1] - '0') },
                ["bits", var bits] when Small(bits) is { } count => request with { MmapBits = count },
                ["kernel", var version] when version.Split('.') is [var major, var minor]
                    && Small(major) is { } first && Small(minor) is { } second =>
                    request with { Kernel = new(first, second) },
                _ => null,
            };
            if (next is null)
            {
                return false;
            }

            request = next.Value;
        }

        return true;
    }

    private static bool ReadSizes(string[] parts, ref LayoutRequest request)
    {
        foreach (string part in parts[1..])
        {
            var size = Sizes.FirstOrDefault(each => part.StartsWith(each.Name + "=", StringComparison.Ordinal));
            if (size.Name is null || Word(part[(size.Name.Length + 1)..]) is not { } word)
            {
                return false;
            }

            request = size.Set(request, new(word));
        }

        return true;
    }

    private static bool ReadDraws(string[] parts, ref LayoutRequest request)
    {
        foreach (string part in parts[1..])
        {
            var draw = Draws.FirstOrDefault(each => part.StartsWith(each.Name + "=", StringComparison.Ordinal));
            if (draw.Name is null || Word(part[(draw.Name.Length + 1)..]) is not { } word)
            {
                return false;
            }

            request = request with { Draws = draw.Set(request.Draws, new(word)) };
        }

        return true;
    }

    private static byte? Small(string text) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte number) ? number : null;

    private static ulong? Word(string text) => text == Unlimited ? LayoutRequest.Unlimited
        : text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, null, out ulong word) ? word : null;
}

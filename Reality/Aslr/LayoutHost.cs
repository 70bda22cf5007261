using System.Globalization;
using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Reality.Aslr;

/// <summary>What the running kernel says of how it places address spaces.</summary>
public sealed record LayoutHost
{
    private const int Bits64Default = 28;
    private const int Bits32Default = 8;

    /// <summary>The version of the kernel.</summary>
    public required KernelVersion Kernel { get; init; }

    /// <summary>The level that is set.</summary>
    public required AslrLevel Level { get; init; }

    /// <summary>The bits by which mappings of 64-bit processes move.</summary>
    public required byte Bits64 { get; init; }

    /// <summary>The bits by which those of 32-bit processes move.</summary>
    public required byte Bits32 { get; init; }

    /// <summary>The limit of the stack, which processes inherit.</summary>
    public required ByteCount StackLimit { get; init; }

    /// <summary>Whether the legacy layout is set for all.</summary>
    public required bool IsLegacy { get; init; }

    /// <summary>The running kernel.</summary>
    /// <exception cref="UserError">It is not Linux, or does not tell its level.</exception>
    public static LayoutHost Read()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            throw new UserError("Real layouts can be looked at on Linux of 64 bits only.");
        }

        var release = Text("/proc/sys/kernel/osrelease")?.Split('.', '-', '+');
        return new()
        {
            Kernel = release is [var major, var minor, ..] && byte.TryParse(major, out byte first)
                && byte.TryParse(minor, out byte second)
                ? new(first, second)
                : throw new UserError("The kernel does not tell its version."),
            Level = Number("/proc/sys/kernel/randomize_va_space") is { } level and >= 0 and <= 2
                ? (AslrLevel)level
                : throw new UserError("The kernel does not tell its level of random placement."),
            // Who may not read them has the defaults, as nearly all have.
            Bits64 = (byte)(Number("/proc/sys/vm/mmap_rnd_bits") ?? Bits64Default),
            Bits32 = (byte)(Number("/proc/sys/vm/mmap_rnd_compat_bits") ?? Bits32Default),
            IsLegacy = Number("/proc/sys/vm/legacy_va_layout") == 1,
            StackLimit = new(LimitOfStack()),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"Linux {Kernel}, level {(int)Level}, {Bits64} and {Bits32} bits of mappings, "
        + $"stacks of {(StackLimit.Value == LayoutRequest.Unlimited ? "any size" : $"{StackLimit}")}";

    private static ulong LimitOfStack()
    {
        string? line = Text("/proc/self/limits")?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("Max stack size", StringComparison.Ordinal));
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, _, _, var soft, ..] && ulong.TryParse(soft, out ulong limit)
            ? limit
            : LayoutRequest.Unlimited;
    }

    private static int? Number(string path) =>
        int.TryParse(Text(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using System.Collections.Frozen;
using System.Globalization;
using PageProof.Contract.AddressSpaces;

namespace PageProof.Contract.Kernel;

/// <summary>One member of a command as a word of its line.</summary>
/// <param name="Name">The word before the equals sign.</param>
/// <param name="Print">The word; empty when the member is zero.</param>
/// <param name="Read">The command with the member as its text says; null when that says nothing.</param>
internal sealed record KernelMember(
    string Name, Func<KernelCommand, string> Print, Func<KernelCommand, string, KernelCommand?> Read);

/// <summary>Prints and reads the members of a command: names, and after an equals sign what they are.</summary>
internal static class KernelLines
{
    private const string Last = "last+";

    private static readonly FrozenDictionary<KernelCommandKind, string> Names = Enum.GetValues<KernelCommandKind>()
        .ToFrozenDictionary(kind => kind, kind => kind switch
        {
            KernelCommandKind.FileRead => "pread",
            KernelCommandKind.FileWrite => "pwrite",
            KernelCommandKind.Truncate => "ftruncate",
            KernelCommandKind.PunchHole => "punch",
            KernelCommandKind.ForceWrite => "force",
            _ => kind.ToString().ToLowerInvariant(),
        });

    private static readonly FrozenDictionary<string, KernelCommandKind> Kinds =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The members in the order of a line.</summary>
    public static IReadOnlyList<KernelMember> Members { get; } =
    [
        new("at", command => command.FromLast ? $"at={Last}0x{command.Address.Value:x}"
            : Number("at", command.Address.Value), ReadAddress),
        OfNumber("length", command => command.Length.Value, (command, read) => command with { Length = new(read) }),
        OfNumber("to", command => command.Target.Value, (command, read) => command with { Target = new(read) }),
        OfNumber("new", command => command.NewLength.Value, (command, read) => command with { NewLength = new(read) }),
        OfSet<MemoryProtection>("protection", command => (uint)command.Protection,
            (command, read) => command with { Protection = (MemoryProtection)read }),
        OfSet<MmapFlags>("flags", command => (uint)command.Flags,
            (command, read) => command with { Flags = (MmapFlags)read }),
        OfSet<MremapFlags>("remap", command => (uint)command.Remap,
            (command, read) => command with { Remap = (MremapFlags)read }),
        OfSet<MsyncFlags>("sync", command => (uint)command.Sync,
            (command, read) => command with { Sync = (MsyncFlags)read }),
        OfSet<MemoryAdvice>("advice", command => (uint)command.Advice,
            (command, read) => command with { Advice = (MemoryAdvice)(int)read }),
        OfByte("file", command => command.File.Value, (command, read) => command with { File = new(read) }),
        OfNumber("offset", command => command.Offset, (command, read) => command with { Offset = read }),
        OfNumber("value", command => command.Value, (command, read) => command with { Value = read }),
        OfByte("child", command => IsAboutAnother(command) ? (byte)0 : command.Other.Value,
            (command, read) => command with { Other = new(read) }),
        OfByte("other", command => IsAboutAnother(command) ? command.Other.Value : (byte)0,
            (command, read) => command with { Other = new(read) }),
        OfByte("pipe", command => command.Pipe.Value, (command, read) => command with { Pipe = new(read) }),
        OfByte("pin", command => command.Pin.Value, (command, read) => command with { Pin = new(read) }),
        OfSet<PinFlags>("for", command => (uint)command.Pinning,
            (command, read) => command with { Pinning = (PinFlags)read }),
        OfByte("device", command => command.Swap.Value, (command, read) => command with { Swap = new(read) }),
        OfSet<ZswapCompressor>("compressor", command => (uint)command.Compressor,
            (command, read) => command with { Compressor = (ZswapCompressor)read }),
        OfByte("cpu", command => command.Cpu.Value, (command, read) => command with { Cpu = new(read) }),
    ];

    /// <summary>The words for all kinds of commands.</summary>
    public static IEnumerable<string> AllNames => Names.OrderBy(pair => pair.Key).Select(pair => pair.Value);

    /// <summary>The word for a kind of command.</summary>
    public static string NameOf(KernelCommandKind kind) => Names[kind];

    /// <summary>Reads the line of a command.</summary>
    public static bool TryRead(string[] parts, out KernelCommand command)
    {
        command = default;
        if (parts.Length < 2 || parts[0] is not [>= '0' and <= '9', ':'] || !Kinds.TryGetValue(parts[1], out var kind))
        {
            return false;
        }

        KernelCommand read = new() { Kind = kind, Process = new((byte)(parts[0][0] - '0')) };
        foreach (string part in parts[2..])
        {
            string name = part.Split('=')[0];
            var member = Members.FirstOrDefault(each => each.Name == name);
            if (member is null || part.Length == name.Length || member.Print(read).Length > 0
                || member.Read(read, part[(name.Length + 1)..]) is not { } next)
            {
                return false;
            }

            read = next;
        }

        command = read;
        return true;
    }

    /// <summary>Reads a number, hexadecimal after 0x, otherwise decimal.</summary>
    public static bool TryNumber(string text, out ulong number) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static KernelMember OfNumber(
        string name, Func<KernelCommand, ulong> get, Func<KernelCommand, ulong, KernelCommand> set) =>
        new(name, command => Number(name, get(command)),
            (command, text) => TryNumber(text, out ulong number) ? set(command, number) : null);

    private static KernelMember OfByte(
        string name, Func<KernelCommand, byte> get, Func<KernelCommand, byte, KernelCommand> set) =>
        new(name, command => get(command) == 0 ? "" : $"{name}={get(command)}",
            (command, text) => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
                ? set(command, number) : null);

    // Names joined by commas, such as private,fixed; bits without a name as a number after them.
    private static KernelMember OfSet<TBits>(
        string name, Func<KernelCommand, uint> get, Func<KernelCommand, uint, KernelCommand> set)
        where TBits : struct, Enum
    {
        bool bits = typeof(TBits).IsDefined(typeof(FlagsAttribute), false);
        var words = Enum.GetValues<TBits>()
            .Select(each => (Word: each.ToString().ToLowerInvariant(), Value: Convert.ToUInt32(each)))
            .Where(each => each.Value != 0).ToArray();
        return new(name, Print, (command, text) => Read(text) is { } read ? set(command, read) : null);

        string Print(KernelCommand command)
        {
            uint left = get(command);
            List<string> said = [];
            foreach (var (word, value) in words)
            {
                if (bits ? (left & value) == value : left == value)
                {
                    said.Add(word);
                    left -= value;
                }
            }

            return get(command) == 0 ? "" : $"{name}={string.Join(',', left == 0 ? said : [.. said, $"0x{left:x}"])}";
        }

        uint? Read(string text)
        {
            uint all = 0;
            foreach (string part in text.Split(','))
            {
                uint value = words.FirstOrDefault(each => each.Word == part).Value;
                if (value == 0 && (!TryNumber(part, out ulong number) || (value = (uint)number) != number))
                {
                    return null;
                }

                all |= value;
            }

            return all;
        }
    }

    private static bool IsAboutAnother(in KernelCommand command) => command.Kind == KernelCommandKind.MadviseOther;

    private static string Number(string name, ulong number) => number == 0 ? "" : $"{name}=0x{number:x}";

    private static KernelCommand? ReadAddress(KernelCommand command, string text)
    {
        bool last = text.StartsWith(Last, StringComparison.Ordinal);
        return TryNumber(last ? text[Last.Length..] : text, out ulong address)
            ? command with { FromLast = last, Address = new(address) }
            : null;
    }
}

using System.Globalization;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>Reads the commands of a sequence, a line each.</summary>
internal static class TlbLines
{
    /// <summary>Reads a line without its first word.</summary>
    public static bool TryRead(string[] parts, int cpus, out TlbCommand command)
    {
        command = default;
        if (parts.Length < 3 || parts[0] is not [var cpu, ':'] || cpu - '0' < 0 || cpu - '0' >= cpus)
        {
            return false;
        }

        CpuNumber number = new((byte)(cpu - '0'));
        TlbCommand? read = parts[1..] switch
        {
            ["store", var word] => Store(word),
            ["load", var address] => Number(address, out ulong value) && value % 8 == 0
                ? new() { Kind = TlbCommandKind.Load, Word = new(new(value), default) } : null,
            ["access", ..] => ReadAccess(parts[1..]),
            ["invlpg", var address] => Number(address, out ulong value)
                ? new() { Kind = TlbCommandKind.InvalidatePage, Address = new(value) } : null,
            ["invpcid", var type, var pcid, var address] => Invpcid(type, pcid, address),
            ["wrpkru", var operand] => Number(operand, out ulong value) && value <= uint.MaxValue
                ? new() { Kind = TlbCommandKind.WritePkru, Pkru = new((uint)value) } : null,
            ["mov", var register, var operand] => Number(operand, out ulong value) ? Move(register, value) : null,
            _ => null,
        };
        command = read is { } good ? good with { Cpu = number } : default;
        return read is not null;
    }

    private static TlbCommand? Store(string word)
    {
        var sides = word.Split('=');
        return sides.Length == 2 && Number(sides[0], out ulong address) && address % 8 == 0
            && Number(sides[1], out ulong entry)
            ? new() { Kind = TlbCommandKind.Store, Word = new(new(address), new(entry)) }
            : null;
    }

    private static TlbCommand? ReadAccess(string[] parts) =>
        CaseText.TryParse($"control\n{string.Join(' ', parts)}", out var read, out _)
            ? new() { Kind = TlbCommandKind.Access, Access = read.Access }
            : null;

    private static TlbCommand? Invpcid(string type, string pcid, string address) =>
        Named(type, "type=", out ulong which) && Named(pcid, "pcid=", out ulong low)
        && Named(address, "address=", out ulong linear)
            ? new()
            {
                Kind = TlbCommandKind.InvalidatePcid,
                Type = (InvpcidType)which,
                Descriptor = new(low, new(linear)),
            }
            : null;

    private static TlbCommand? Move(string register, ulong operand) => register switch
    {
        "cr0" when IsNamed<Cr0>(operand) => new() { Kind = TlbCommandKind.MoveCr0, Cr0 = (Cr0)operand },
        "cr3" => new() { Kind = TlbCommandKind.MoveCr3, Cr3 = new(operand) },
        "cr4" when IsNamed<Cr4>(operand) => new() { Kind = TlbCommandKind.MoveCr4, Cr4 = (Cr4)operand },
        _ => null,
    };

    // What the other bits of a control register do is outside paging.
    private static bool IsNamed<TRegister>(ulong operand)
        where TRegister : struct, Enum
    {
        foreach (ulong bit in Enum.GetValuesAsUnderlyingType<TRegister>())
        {
            operand &= ~bit;
        }

        return operand == 0;
    }

    private static bool Named(string part, string name, out ulong number)
    {
        number = 0;
        return part.StartsWith(name, StringComparison.Ordinal) && Number(part[name.Length..], out number);
    }

    private static bool Number(string text, out ulong number) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

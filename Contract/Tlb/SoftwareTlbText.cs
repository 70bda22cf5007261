using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>
/// A sequence as text: how many entries there are, and then one line a command, in the names of the
/// assembler where it has one.
/// </summary>
public static class SoftwareTlbText
{
    private const string EntriesLine = "entries";

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in SoftwareTlbSequence sequence)
    {
        StringBuilder text = new($"{EntriesLine} {sequence.Entries}\n");
        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in SoftwareTlbCommand command) => command.Kind switch
    {
        SoftwareTlbCommandKind.WriteRegister => $"dmtc0 {command.Register} {command.Operand}",
        SoftwareTlbCommandKind.ReadRegister => $"dmfc0 {command.Register}",
        SoftwareTlbCommandKind.Probe => "tlbp",
        SoftwareTlbCommandKind.ReadEntry => "tlbr",
        SoftwareTlbCommandKind.WriteIndexed => "tlbwi",
        SoftwareTlbCommandKind.WriteRandom => "tlbwr",
        SoftwareTlbCommandKind.WriteProbed => "write-probed",
        SoftwareTlbCommandKind.Access => $"access {command.Access} {command.Address} {command.Mode}",
        SoftwareTlbCommandKind.ReturnFromException => "eret",
        _ => throw new UnreachableException(),
    };

    /// <summary>An answer in words.</summary>
    public static string Of(in SoftwareTlbAnswer answer) => answer.Kind switch
    {
        SoftwareTlbAnswerKind.None => "no answer",
        SoftwareTlbAnswerKind.Done => "done",
        SoftwareTlbAnswerKind.Value => $"{answer.Value}",
        SoftwareTlbAnswerKind.Translated => $"{answer.Address}, cache algorithm {answer.Cacheability}",
        SoftwareTlbAnswerKind.Exception => $"exception {answer.Code}, vector 0x{(int)answer.Vector:x}",
        SoftwareTlbAnswerKind.Shutdown => "the TLB is shut down",
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(string text, out SoftwareTlbSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int entries = 0, number = 0;
        var commands = ImmutableArray.CreateBuilder<SoftwareTlbCommand>();
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts is [EntriesLine, var count] && entries == 0 && int.TryParse(
                count, NumberStyles.None, CultureInfo.InvariantCulture, out entries)
                && entries is >= SoftwareTlbSequence.EntriesLeast and <= SoftwareTlbSequence.EntriesMost)
            {
                continue;
            }

            var command = parts.Length == 0 ? null : entries == 0 ? null : Command(parts);
            if (parts.Length > 0 && (command is null || commands.Count == SoftwareTlbSequence.CommandsMax))
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }

            if (command is { } read)
            {
                commands.Add(read);
            }
        }

        sequence = new(entries, commands.ToImmutable());
        reason = entries == 0 ? "a sequence needs a line that says how many entries there are" : null;
        return reason is null;
    }

    private static SoftwareTlbCommand? Command(string[] parts) => parts switch
    {
        ["dmtc0", var name, var operand] => Register(name) is { } register && Number(operand) is { } value
            ? new() { Kind = SoftwareTlbCommandKind.WriteRegister, Register = register, Operand = new(value) }
            : null,
        ["dmfc0", var name] => Register(name) is { } register
            ? new() { Kind = SoftwareTlbCommandKind.ReadRegister, Register = register }
            : null,
        ["tlbp"] => new() { Kind = SoftwareTlbCommandKind.Probe },
        ["tlbr"] => new() { Kind = SoftwareTlbCommandKind.ReadEntry },
        ["tlbwi"] => new() { Kind = SoftwareTlbCommandKind.WriteIndexed },
        ["tlbwr"] => new() { Kind = SoftwareTlbCommandKind.WriteRandom },
        ["write-probed"] => new() { Kind = SoftwareTlbCommandKind.WriteProbed },
        ["eret"] => new() { Kind = SoftwareTlbCommandKind.ReturnFromException },
        ["access", var kind, var address, var mode] =>
            Named<AccessKind>(kind) is { } access and <= AccessKind.Fetch && Number(address) is { } linear
                && Named<ProcessorMode>(mode) is { } whose
                ? new() { Kind = SoftwareTlbCommandKind.Access, Access = access, Address = new(linear), Mode = whose }
                : null,
        _ => null,
    };

    private static SoftwareTlbRegister? Register(string name) => Named<SoftwareTlbRegister>(name);

    private static TEnum? Named<TEnum>(string name)
        where TEnum : struct, Enum =>
        char.IsLetter(name[0]) && Enum.TryParse(name, out TEnum value) ? value : null;

    private static ulong? Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(
            text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
        ? number
        : null;
}

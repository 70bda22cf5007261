using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>
/// A sequence as text: how it begins, in the lines of a case, and then one line a command. So a
/// failure can be read, kept as a file and run again.
/// </summary>
public static class TlbText
{
    private const string CpusLine = "cpus";
    private const string AccessLine = "access";

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal sequence.</summary>
    public static string Print(in TlbSequence sequence)
    {
        StringBuilder text = new();
        text.Append($"{CpusLine} {sequence.Start.Cpus}\n");
        foreach (string line in CaseText.Print(AsCase(sequence.Start)).Split('\n'))
        {
            text.Append(line.Length == 0 || line.StartsWith(AccessLine, StringComparison.Ordinal) ? "" : line + "\n");
        }

        foreach (var command in sequence.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command in one line, as <see cref="TryParse"/> reads it.</summary>
    public static string Of(in TlbCommand command) => $"cpu {command.Cpu.Value}: " + command.Kind switch
    {
        TlbCommandKind.Store => $"store {command.Word.Address}={command.Word.Entry}",
        TlbCommandKind.Load => $"load {command.Word.Address}",
        TlbCommandKind.Access => LineOf(command.Access),
        TlbCommandKind.InvalidatePage => $"invlpg {command.Address}",
        TlbCommandKind.InvalidatePcid => $"invpcid type={(ulong)command.Type} {command.Descriptor}",
        TlbCommandKind.MoveCr0 => $"mov cr0 0x{(ulong)command.Cr0:x}",
        TlbCommandKind.MoveCr3 => $"mov cr3 {command.Cr3}",
        TlbCommandKind.MoveCr4 => $"mov cr4 0x{(ulong)command.Cr4:x}",
        TlbCommandKind.WritePkru => $"wrpkru {command.Pkru}",
        _ => throw new UnreachableException(),
    };

    /// <summary>An answer in words.</summary>
    public static string Of(in TlbAnswer answer) => answer.Kind switch
    {
        TlbAnswerKind.None => "no answer",
        TlbAnswerKind.Done => "done",
        TlbAnswerKind.GeneralProtection => "#GP(0)",
        TlbAnswerKind.Outcome when answer is { Hidden: not 0, Outcome.Kind: OutcomeKind.Translated } =>
            answer.Outcome.Address.ToString(),
        TlbAnswerKind.Outcome => answer.Outcome.ToString(),
        TlbAnswerKind.Word => answer.Entry.ToString(),
        TlbAnswerKind.InvalidOpcode => "#UD",
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads the text of a sequence; the reason names the line that is wrong.</summary>
    public static bool TryParse(string text, out TlbSequence sequence, [NotNullWhen(false)] out string? reason)
    {
        sequence = default;
        int cpus = 0, number = 0;
        StringBuilder start = new();
        var commands = ImmutableArray.CreateBuilder<TlbCommand>();
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            bool good = true;
            if (parts is [CpusLine, var count])
            {
                good = cpus == 0 && count is [>= '1' and <= '4'];
                cpus = good ? count[0] - '0' : cpus;
            }
            else if (parts is ["cpu", ..])
            {
                good = commands.Count < TlbSequence.CommandsMax
                    && TlbLines.TryRead(parts[1..], cpus, out var command) && Added(commands, command);
            }
            else if (parts is [AccessLine, ..])
            {
                good = false;
            }

            // The lines of a case keep their numbers, and its reader names those that are wrong.
            start.Append(parts is ["cpu" or CpusLine, ..] ? "\n" : line + "\n");
            if (!good)
            {
                reason = $"line {number} is not a line of a sequence: {line.Trim()}";
                return false;
            }
        }

        if (!CaseText.TryParse(start + LineOf(default(Access)), out var read, out reason))
        {
            return false;
        }

        sequence = new(new(read.Control, cpus, read.Memory, [.. read.Words]), commands.ToImmutable());
        reason = cpus == 0 ? "a sequence needs a line that says how many cpus there are" : Unlisted(sequence);
        return reason is null;
    }

    /// <summary>An access as a line of a case.</summary>
    internal static string LineOf(in Access access)
    {
        TranslationCase only = new() { Control = ControlState.LongMode, Access = access };
        return CaseText.Print(only).Split('\n')[1];
    }

    private static TranslationCase AsCase(TlbStart start)
    {
        TranslationCase made = new() { Control = start.Control, Memory = start.Memory };
        foreach (var word in start.Words)
        {
            made.Set(word.Address, word.Entry);
        }

        return made;
    }

    private static bool Added(ImmutableArray<TlbCommand>.Builder commands, in TlbCommand command)
    {
        commands.Add(command);
        return true;
    }

    private static string? Unlisted(TlbSequence sequence)
    {
        var listed = sequence.Start.Words.Select(word => word.Address).ToHashSet();
        foreach (var command in sequence.Commands)
        {
            bool usesWord = command.Kind is TlbCommandKind.Store or TlbCommandKind.Load;
            if (usesWord && !listed.Contains(command.Word.Address))
            {
                return $"the word at {command.Word.Address} is not listed: {Of(command)}";
            }
        }

        return sequence.Start.Words.Any(word => word.Address.Value >= sequence.Start.Memory.Value)
            ? "a word lies outside the memory"
            : null;
    }
}

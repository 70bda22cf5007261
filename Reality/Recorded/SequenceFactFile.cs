using System.Globalization;
using System.IO.Compression;
using System.Text;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Recorded;

/// <summary>
/// Sequences and their answers in a file: a gzip stream of text. Four lines of head, the last of them empty;
/// then for each fact the lines of the sequence, one line of all answers, and an empty line.
/// <code>
/// pageproof sequences 1
/// QEMU 7.2.22, TCG
/// pageproof reality qemu tlb ...
///
/// cpus 1
/// ...
/// answers done; at 0x13008; fault 0x5 0x7f8035400000; word 0x2065; not canonical; refused
/// </code>
/// </summary>
public static class SequenceFactFile
{
    private const string Magic = "pageproof sequences 1";
    private const string AnswersLine = "answers ";
    private const string Separator = "; ";
    private const string NotCanonical = "not canonical";
    private const string NotCanonicalStack = "not canonical through SS";
    private const string Refused = "refused";
    private const string Undefined = "undefined";
    private const string Done = "done";

    /// <summary>Writes the facts, whole or not at all.</summary>
    public static void Write(string path, SequenceFacts facts)
    {
        string draft = $"{path}.{Environment.ProcessId}.part";
        using (var gzip = new GZipStream(File.Create(draft), CompressionLevel.SmallestSize))
        using (StreamWriter writer = new(gzip, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            writer.WriteLine($"{Magic}\n{facts.Backend}\n{facts.Command}\n");
            foreach (var (sequence, answers) in facts.Facts)
            {
                writer.Write(TlbText.Print(sequence));
                writer.WriteLine($"{AnswersLine}{string.Join(Separator, answers.Select(Print))}\n");
            }
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads the facts of a file.</summary>
    /// <exception cref="UserError">The file is not there, or does not hold such facts.</exception>
    public static SequenceFacts Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} does not hold recorded sequences: {error.Message}");
        }
    }

    internal static SequenceFacts Read(Stream stream)
    {
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        using StreamReader reader = new(gzip);
        var parts = reader.ReadToEnd().Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return parts is [var head, .. var facts] && head.Split('\n') is [Magic, var backend, var command]
            ? new(backend, command, [.. facts.Where(fact => fact.Trim().Length > 0).Select(ReadFact)])
            : throw new InvalidDataException("it does not begin as a file of sequences does.");
    }

    private static SequenceFact ReadFact(string text)
    {
        int at = text.IndexOf(AnswersLine, StringComparison.Ordinal);
        if (at < 0 || !TlbText.TryParse(text[..at], out var sequence, out _))
        {
            throw new InvalidDataException("one of its sequences cannot be read.");
        }

        var answers = text[(at + AnswersLine.Length)..].TrimEnd('\n').Split(Separator);
        return answers.Length == sequence.Commands.Length
            ? new(sequence, [.. answers.Select(Parse)])
            : throw new InvalidDataException("one of its sequences has too few or too many answers.");
    }

    private static string Print(TlbAnswer answer) => answer.Kind switch
    {
        TlbAnswerKind.Done => Done,
        TlbAnswerKind.GeneralProtection => Refused,
        TlbAnswerKind.InvalidOpcode => Undefined,
        TlbAnswerKind.Word => $"word {answer.Entry}",
        TlbAnswerKind.Outcome => answer.Outcome.Kind switch
        {
            OutcomeKind.Translated => $"at {answer.Outcome.Address}",
            OutcomeKind.PageFault => $"fault 0x{(int)answer.Outcome.Code:x} {answer.Outcome.FaultAddress}",
            OutcomeKind.GeneralProtection => NotCanonical,
            OutcomeKind.StackFault => NotCanonicalStack,
            var kind => throw new InvalidOperationException($"No real machine is recorded with {kind}."),
        },
        var kind => throw new InvalidOperationException($"No real machine is recorded with {kind}."),
    };

    private static TlbAnswer Parse(string text) => text.Split(' ') switch
    {
        [Done] => new() { Kind = TlbAnswerKind.Done },
        [Refused] => new() { Kind = TlbAnswerKind.GeneralProtection },
        [Undefined] => new() { Kind = TlbAnswerKind.InvalidOpcode },
        ["word", var entry] => new() { Kind = TlbAnswerKind.Word, Entry = new(Number(entry)) },
        ["at", var address] => Access(TranslationOutcome.Translated(
            new(Number(address)), default, default, false, false, default, default)),
        ["fault", var code, var address] => Access(TranslationOutcome.PageFault(
            (PageFaultCode)Number(code), new(Number(address)))),
        _ when text == NotCanonical => Access(TranslationOutcome.GeneralProtection()),
        _ when text == NotCanonicalStack => Access(TranslationOutcome.StackFault()),
        _ => throw new InvalidDataException($"'{text}' is no answer."),
    };

    private static TlbAnswer Access(TranslationOutcome outcome) =>
        new() { Kind = TlbAnswerKind.Outcome, Outcome = outcome, Hidden = Guest.StepAnswers.Hidden };

    private static ulong Number(string text)
    {
        var digits = text.AsSpan(text.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0);
        return digits.Length < text.Length
            && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
                ? number
                : throw new InvalidDataException($"'{text}' is no number.");
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;

namespace PageProof.Reality.Recorded;

/// <summary>
/// Sequences for kernels and their answers in a file: a gzip stream of text. Five lines of head, the last of them
/// empty; then for each fact the lines of the sequence, one line of all answers, one of the lines of areas that
/// they told, and an empty line. All numbers are hexadecimal.
/// <code>
/// pageproof kernel facts 1
/// Linux 6.18.44
/// pageproof reality linux ...
/// tails 0 lowest 10000
///
/// processes 1
/// ...
/// answers Done value=1000000000; Done minor=1; Failed errno=16; Signal signal=1 code=4 address=1000002000
/// areas 1000000000 1000001000 3 0 0 0 0; ...
/// </code>
/// </summary>
public static class KernelFactFile
{
    private const string Magic = "pageproof kernel facts 1";
    private const string AnswersLine = "answers ";
    private const string AreasLine = "areas ";
    private const string Separator = "; ";

    private static readonly (string Name, Func<KernelAnswer, ulong> Get, Func<KernelAnswer, ulong, KernelAnswer> Set)[]
        Members =
        [
            ("errno", answer => (ulong)answer.Errno, (answer, read) => answer with { Errno = (Errno)read }),
            ("signal", answer => (ulong)answer.Signal, (answer, read) => answer with { Signal = (MemorySignal)read }),
            ("code", answer => (ulong)answer.Code, (answer, read) => answer with { Code = (PageFaultCode)read }),
            ("address", answer => answer.Address.Value, (answer, read) => answer with { Address = new(read) }),
            ("value", answer => answer.Value, (answer, read) => answer with { Value = read }),
            ("length", answer => answer.Length, (answer, read) => answer with { Length = read }),
            ("minor", answer => answer.MinorFaults, (answer, read) => answer with { MinorFaults = (ushort)read }),
            ("major", answer => answer.MajorFaults, (answer, read) => answer with { MajorFaults = (ushort)read }),
        ];

    /// <summary>Writes the facts, whole or not at all.</summary>
    public static void Write(string path, KernelFacts facts)
    {
        string draft = $"{path}.{Environment.ProcessId}.part";
        using (var gzip = new GZipStream(File.Create(draft), CompressionLevel.SmallestSize))
        using (StreamWriter writer = new(gzip, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            string tails = facts.KeepsTails ? "1" : "0";
            writer.WriteLine(
                $"{Magic}\n{facts.Backend}\n{facts.Command}\ntails {tails} lowest {facts.MmapMinAddress:x}\n");
            foreach (var (sequence, answers, lines) in facts.Facts)
            {
                writer.Write(KernelText.Print(sequence));
                writer.WriteLine(AnswersLine + string.Join(Separator, answers.Select(Print)));
                writer.WriteLine($"{AreasLine}{string.Join(Separator, lines.Select(Print))}\n");
            }
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads the facts of a file.</summary>
    /// <exception cref="UserError">The file is not there, or does not hold such facts.</exception>
    public static KernelFacts Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} does not hold what a kernel answered: {error.Message}");
        }
    }

    internal static KernelFacts Read(Stream stream)
    {
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        using StreamReader reader = new(gzip);
        var parts = reader.ReadToEnd().Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return parts is [var head, .. var facts]
            && head.Split('\n') is [Magic, var backend, var command, var traits]
            && traits.Split(' ') is ["tails", var tails, "lowest", var lowest]
                ? new(backend, command, [.. facts.Where(fact => fact.Trim().Length > 0).Select(ReadFact)])
                {
                    KeepsTails = Number(tails) != 0,
                    MmapMinAddress = Number(lowest),
                }
                : throw new InvalidDataException("it does not begin as a file of such facts does.");
    }

    private static KernelFact ReadFact(string text)
    {
        int at = text.IndexOf(AnswersLine, StringComparison.Ordinal);
        if (at < 0 || !KernelText.TryParse(text[..at], out var sequence, out _)
            || text[at..].TrimEnd('\n').Split('\n') is not [var said, var told]
            || !told.StartsWith(AreasLine, StringComparison.Ordinal))
        {
            throw new InvalidDataException("one of its sequences cannot be read.");
        }

        var answers = said[AnswersLine.Length..].Split(Separator);
        var areas = told[AreasLine.Length..].Split(Separator, StringSplitOptions.RemoveEmptyEntries);
        return answers.Length == sequence.Commands.Length
            ? new(sequence, [.. answers.Select(ReadAnswer)], [.. areas.Select(ReadArea)])
            : throw new InvalidDataException("one of its sequences has too few or too many answers.");
    }

    private static string Print(KernelAnswer answer) => string.Join(' ', Members
        .Where(member => member.Get(answer) != 0)
        .Select(member => $"{member.Name}={member.Get(answer):x}")
        .Prepend(answer.Kind.ToString()));

    private static KernelAnswer ReadAnswer(string text)
    {
        var words = text.Split(' ');
        if (!Enum.TryParse(words[0], out KernelAnswerKind kind))
        {
            throw new InvalidDataException($"'{text}' is no answer.");
        }

        KernelAnswer answer = new() { Kind = kind };
        foreach (string word in words[1..])
        {
            int place = Array.FindIndex(Members, each => word.StartsWith(each.Name + "=", StringComparison.Ordinal));
            answer = place < 0
                ? throw new InvalidDataException($"'{text}' is no answer.")
                : Members[place].Set(answer, Number(word[(Members[place].Name.Length + 1)..]));
        }

        return answer;
    }

    private static string Print(AreaLine line) => string.Join(' ', new[]
    {
        line.Start.Value, line.End.Value, (ulong)line.Protection, line.Shared ? 1UL : 0, (ulong)line.Backing,
        line.File.Value, line.Offset,
    }.Select(number => number.ToString("x", CultureInfo.InvariantCulture)));

    private static AreaLine ReadArea(string text) => text.Split(' ') is { Length: 7 } words
        ? new(
            new(Number(words[0])),
            new(Number(words[1])),
            (MemoryProtection)Number(words[2]),
            Number(words[3]) != 0,
            (AreaBacking)Number(words[4]),
            new((byte)Number(words[5])),
            Number(words[6]))
        : throw new InvalidDataException($"'{text}' is no area.");

    private static ulong Number(string text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new InvalidDataException($"'{text}' is no number.");
}

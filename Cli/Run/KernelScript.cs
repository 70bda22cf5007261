using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Kernel;

namespace PageProof.Cli.Run;

/// <summary>What a line of a script asks to be shown.</summary>
[Flags]
public enum Shown
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>The areas of processes.</summary>
    Maps = 1,
    /// <summary>The faults that were counted so far.</summary>
    Faults = 2,
    /// <summary>The page tables, as a tree.</summary>
    Tables = 4,
}

/// <summary>One line of a script that does something: a command, or something to be shown.</summary>
/// <param name="Number">The number of the line, from 1; 0 when an option asked for it.</param>
/// <param name="Text">The line.</param>
/// <param name="Command">The command; null when something is shown.</param>
/// <param name="Shows">What is shown.</param>
/// <param name="Only">Of which process; null for all.</param>
public sealed record ScriptLine(int Number, string Text, KernelCommand? Command, Shown Shows, ProcessNumber? Only);

/// <summary>
/// A script: the text of a sequence for a kernel, and between its commands lines such as <c>show maps,tables 0</c>.
/// </summary>
public sealed record KernelScript(KernelStart Start, ImmutableArray<ScriptLine> Lines)
{
    private const string Show = "show";

    /// <summary>The commands alone.</summary>
    public KernelSequence Sequence => new(
        Start, [.. from line in Lines where line.Command is not null select line.Command!.Value]);

    /// <summary>Reads a script.</summary>
    /// <exception cref="UserError">It is none; the sentence has the number of the line and the reason.</exception>
    public static KernelScript Read(string path)
    {
        var lines = CaseFile.ReadText(path).Split('\n');
        var words = lines.Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToArray();

        // Without them the text is that of a sequence, and its lines keep their numbers.
        string text = string.Join('\n', lines.Select((line, place) => IsShow(words[place]) ? "" : line));
        if (!KernelText.TryParse(text, out var sequence, out string? reason))
        {
            throw new UserError($"{path} is no script: {reason}.");
        }

        var script = ImmutableArray.CreateBuilder<ScriptLine>();
        int command = 0;
        for (int place = 0; place < lines.Length; place++)
        {
            string trimmed = string.Join(' ', words[place]);
            if (IsShow(words[place]))
            {
                script.Add(ReadShow(path, place + 1, trimmed, words[place], sequence.Start));
            }
            else if (words[place] is [[>= '0' and <= '9', ':'], ..])
            {
                script.Add(new(place + 1, trimmed, sequence.Commands[command++], Shown.None, null));
            }
        }

        return new(sequence.Start, script.ToImmutable());
    }

    /// <summary>What a list such as <c>maps,tables</c> asks for; none when it is no such list.</summary>
    public static Shown Named(string list) => list.Split(',').Select(name => name switch
    {
        "maps" => Shown.Maps,
        "faults" => Shown.Faults,
        "tables" => Shown.Tables,
        _ => Shown.None,
    }).Aggregate((all, one) => all == Shown.None || one == Shown.None ? Shown.None : all | one);

    private static bool IsShow(string[] words) => words is [Show, ..];

    private static ScriptLine ReadShow(string path, int number, string text, string[] words, KernelStart start)
    {
        Shown shows = words.Length < 2 ? Shown.None : Named(words[1]);
        ulong process = 0;
        string? wrong = shows == Shown.None ? "'show' is followed by maps, faults or tables, or several with commas"
            : words.Length > 3 || (words.Length == 3 && !Numbers.TryParse(words[2], out process))
                ? "what is shown is followed by the number of one process, or by nothing"
            : process >= (ulong)start.Processes ? $"there are no more than {start.Processes} processes"
            : null;
        return wrong is null
            ? new(number, text, null, shows, words.Length == 3 ? new((byte)process) : null)
            : throw new UserError($"{path} is no script: line {number} shows nothing, since {wrong}.");
    }
}

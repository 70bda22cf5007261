using System.Text.Json;
using PageProof.Contract;

namespace PageProof.Cli.Mutate;

/// <summary>What became of a mutant.</summary>
public enum MutantFate
{
    /// <summary>A test failed.</summary>
    Killed,
    /// <summary>The tests came to no end.</summary>
    TimedOut,
    /// <summary>
    /// The clock stopped the tests before they had used the time of a test that comes to no end. That says
    /// as much of a busy machine as of the mutant, so it counts as one that nothing noticed.
    /// </summary>
    OutOfClock,
    /// <summary>The tests brought the process down.</summary>
    Crashed,
    /// <summary>Every test passed, or none reached it.</summary>
    Survived,
    /// <summary>The compiler makes the same code of it, so that nothing can notice; it does not count.</summary>
    SameCode,
    /// <summary>It is proved to do the same in every case, so that nothing can notice; it does not count.</summary>
    Proved,
    /// <summary>A comment beside the line argues that nothing can notice it; it does not count.</summary>
    Argued,
    /// <summary>It is no program; it does not count.</summary>
    NotCompiling,
}

/// <summary>One change of one expression.</summary>
/// <param name="File">The file, relative to the root.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Mutation">What it turns into what.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Reason">Why it survives, from the comment above the line; empty if there is none.</param>
/// <param name="Text">The whole file with the change made.</param>
public sealed record Mutant(
    string File, int Line, string Mutation, MutantFate Fate, string Reason, string Text)
{
    /// <summary>Whether it is one of those that the laws should notice.</summary>
    public bool Counts => Fate is MutantFate.Killed or MutantFate.TimedOut or MutantFate.Crashed
        or MutantFate.Survived or MutantFate.OutOfClock;
}

/// <summary>
/// The mutants of one set, as Stryker's report tells of them. Source: mutation-testing-report-schema,
/// version 2, of the Stryker project.
/// </summary>
/// <param name="Target">The set.</param>
/// <param name="Mutants">Each of its mutants.</param>
public sealed record MutationResult(MutationTarget Target, IReadOnlyList<Mutant> Mutants)
{
    /// <summary>How many were judged a second time: see <see cref="SecondOpinion"/>.</summary>
    public int JudgedTwice { get; init; }

    /// <summary>How many of those met another fate the second time, which then counts.</summary>
    public int Contradicted { get; init; }

    // A reason stands in a comment right above the line, or above the statement it belongs to.
    private const string ReasonMark = "// Survivor: ";
    private const int ReasonLinesAbove = 6;

    /// <summary>How many count.</summary>
    public int Counted => Mutants.Count(mutant => mutant.Counts);

    /// <summary>How many of those were noticed, in whatever way.</summary>
    public int Killed => Counted - Of(MutantFate.Survived) - Of(MutantFate.OutOfClock);

    /// <summary>How much of what counts was noticed, in percent.</summary>
    public double Score => Counted == 0 ? 0 : 100.0 * Killed / Counted;

    /// <summary>Whether the score is as high as the target wants it.</summary>
    public bool Passes => Score >= Target.ScoreMin;

    /// <summary>How many met this fate.</summary>
    public int Of(MutantFate fate) => Mutants.Count(mutant => mutant.Fate == fate);

    /// <summary>Reads the report at <paramref name="path"/> of a run below <paramref name="root"/>.</summary>
    public static MutationResult Read(MutationTarget target, string root, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var mutants = document.RootElement.GetProperty("files").EnumerateObject()
                .Select(file => (Path: Path.GetRelativePath(root, file.Name).Replace('\\', '/'), file.Value))
                .Where(file => target.Has(file.Path)
                    && file.Value.GetProperty("mutants").GetArrayLength() > 0)
                .SelectMany(file => MutantsOf(root, file.Path, file.Value))
                .OrderBy(mutant => mutant.File, StringComparer.Ordinal).ThenBy(mutant => mutant.Line)
                .ToList();
            return mutants.Count > 0 ? new(target, mutants)
                : throw new UserError($"Stryker made no mutant of {target.Folder}.");
        }
        catch (Exception error) when (error is IOException or JsonException or KeyNotFoundException
            or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new UserError($"Stryker's report {path} cannot be read: {error.Message}");
        }
    }

    private static IEnumerable<Mutant> MutantsOf(string root, string path, JsonElement file)
    {
        string source = file.GetProperty("source").GetString()!;
        string current = Path.Combine(root, path);
        if (!File.Exists(current) || File.ReadAllText(current) != source)
        {
            throw new UserError($"{path} is not what Stryker's report is about; it has changed since.");
        }

        var lines = source.Split('\n');
        foreach (var mutant in file.GetProperty("mutants").EnumerateArray())
        {
            string status = mutant.GetProperty("status").GetString()!;
            string told = mutant.TryGetProperty("statusReason", out var reason) ? reason.GetString() ?? "" : "";
            if (FateOf(status, told) is not { } fate)
            {
                continue;
            }

            var location = mutant.GetProperty("location");
            int line = location.GetProperty("start").GetProperty("line").GetInt32();
            int start = OffsetOf(lines, location.GetProperty("start"));
            int end = OffsetOf(lines, location.GetProperty("end"));
            string replacement = mutant.GetProperty("replacement").GetString() ?? "";
            yield return new(
                path,
                line,
                $"{OneLine(source[start..end])} → {OneLine(replacement)}",
                fate,
                fate == MutantFate.Argued ? told : ReasonOf(lines, line),
                source[..start] + replacement + source[end..]);
        }
    }

    // What is not of this set, or is covered by another mutant, never was a mutant.
    private static MutantFate? FateOf(string status, string reason) => status switch
    {
        "Killed" => MutantFate.Killed,
        "Timeout" => MutantFate.TimedOut,
        "RuntimeError" => MutantFate.Crashed,
        "Survived" or "NoCoverage" or "Pending" => MutantFate.Survived,
        "CompileError" => MutantFate.NotCompiling,
        "Ignored" when !reason.StartsWith("Removed by", StringComparison.Ordinal) => MutantFate.Argued,
        _ => null,
    };

    private static int OffsetOf(string[] lines, JsonElement place)
    {
        int line = place.GetProperty("line").GetInt32() - 1;
        int column = place.GetProperty("column").GetInt32() - 1;
        return lines[..line].Sum(text => text.Length + 1) + column;
    }

    private static string ReasonOf(string[] lines, int line)
    {
        var above = lines[Math.Max(0, line - 1 - ReasonLinesAbove)..(line - 1)];
        int mark = Array.FindLastIndex(above, text => text.Contains(ReasonMark, StringComparison.Ordinal));
        if (mark < 0 || above[mark..].Any(string.IsNullOrWhiteSpace))
        {
            return "";
        }

        // The reason may go on in the comment lines below its mark.
        string first = above[mark][(above[mark].IndexOf(ReasonMark, StringComparison.Ordinal) + ReasonMark.Length)..];
        var more = above[(mark + 1)..].Select(text => text.Trim())
            .TakeWhile(text => text.StartsWith("// ", StringComparison.Ordinal)).Select(text => text[3..]);
        return string.Join(' ', more.Prepend(first.Trim()));
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

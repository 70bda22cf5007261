using System.Text.RegularExpressions;
using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>What one line of a hunk does.</summary>
public enum DiffLineKind : byte
{
    /// <summary>The line stays, and has to be there.</summary>
    Context,
    /// <summary>The line goes, and has to be there.</summary>
    Removed,
    /// <summary>The line is new.</summary>
    Added,
}

/// <summary>One line of a hunk, without its mark.</summary>
public readonly record struct DiffLine(DiffLineKind Kind, string Text);

/// <summary>
/// A run of changed lines with their context. <paramref name="Start"/> counts from 1, as in the
/// patch; <paramref name="Number"/> says which hunk of its file this is.
/// </summary>
public sealed record Hunk(int Number, int Start, IReadOnlyList<DiffLine> Lines);

/// <summary>The hunks of one file, whose path is relative to the root of the repository.</summary>
public sealed record FileDiff(string Path, IReadOnlyList<Hunk> Hunks);

/// <summary>
/// Reads the body of a unified diff that changes existing files; it creates, deletes and renames
/// none. A body that is not exactly such a diff is refused with the line that is wrong.
/// Source: POSIX.1-2024, diff, "Diff -u Output Format".
/// </summary>
public sealed partial class UnifiedDiff
{
    private readonly string _name;
    private readonly string[] _lines;
    private int _next;

    private UnifiedDiff(string name, string[] lines, int first)
    {
        _name = name;
        _lines = lines;
        _next = first;
    }

    /// <summary>
    /// The file parts of <paramref name="lines"/> from index <paramref name="first"/> on;
    /// <paramref name="name"/> is the patch that errors name.
    /// </summary>
    public static IReadOnlyList<FileDiff> Read(string name, string[] lines, int first)
    {
        var reader = new UnifiedDiff(name, lines, first);
        var files = new List<FileDiff>();
        while (reader.SkipToFile())
        {
            var file = reader.ReadFile();
            if (files.Any(earlier => earlier.Path == file.Path))
            {
                throw new UserError($"{name} changes {file.Path} in two places of its own.");
            }

            files.Add(file);
        }

        return files;
    }

    [GeneratedRegex(@"^@@ -(\d{1,7})(?:,(\d{1,7}))? \+(\d{1,7})(?:,(\d{1,7}))? @@")]
    private static partial Regex HunkHead { get; }

    // What git writes between two files, and blank lines at the end, carry no change.
    private bool SkipToFile()
    {
        while (_next < _lines.Length && !_lines[_next].StartsWith("--- ", StringComparison.Ordinal))
        {
            string line = _lines[_next];
            if (line.Length > 0 && !line.StartsWith("diff ", StringComparison.Ordinal)
                && !line.StartsWith("index ", StringComparison.Ordinal))
            {
                throw Wrong("is neither a file nor a hunk of a unified diff");
            }

            _next++;
        }

        return _next < _lines.Length;
    }

    private FileDiff ReadFile()
    {
        string before = PathOf("--- ", "a/");
        string after = PathOf("+++ ", "b/");
        if (before != after)
        {
            throw new UserError(
                $"{_name} turns {before} into {after}; a patch changes files and creates none.");
        }

        var hunks = new List<Hunk>();
        while (_next < _lines.Length && HunkHead.Match(_lines[_next]) is { Success: true } head)
        {
            _next++;
            hunks.Add(ReadHunk(hunks.Count + 1, head));
        }

        return hunks.Count > 0 ? new(before, hunks) : throw Wrong($"should open a hunk of {before}");
    }

    private string PathOf(string mark, string prefix)
    {
        if (_next >= _lines.Length || !_lines[_next].StartsWith(mark, StringComparison.Ordinal))
        {
            throw Wrong($"should begin with '{mark.TrimEnd()}'");
        }

        // A time stamp may follow after a tab.
        string path = _lines[_next][mark.Length..].Split('\t')[0].Trim();
        path = path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : path;
        if (path.Length == 0 || path[0] == '/' || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw Wrong("should name a file inside the repository");
        }

        _next++;
        return path;
    }

    private Hunk ReadHunk(int number, Match head)
    {
        int before = Count(head.Groups[2]);
        int after = Count(head.Groups[4]);
        var lines = new List<DiffLine>();
        while (before > 0 || after > 0)
        {
            var line = ReadLine();
            lines.Add(line);
            before -= line.Kind != DiffLineKind.Added ? 1 : 0;
            after -= line.Kind != DiffLineKind.Removed ? 1 : 0;
            _next++;
        }

        if (before < 0 || after < 0 || lines.All(line => line.Kind == DiffLineKind.Context))
        {
            throw new UserError($"{_name}: hunk {number} does not hold the lines that it counts.");
        }

        while (_next < _lines.Length && _lines[_next].StartsWith('\\'))
        {
            _next++;
        }

        return new(number, int.Parse(head.Groups[1].ValueSpan), lines);
    }

    private DiffLine ReadLine()
    {
        string line = _next < _lines.Length ? _lines[_next] : throw Wrong("is missing");
        return line switch
        {
            // An editor may have trimmed the blank that marks an empty line of context.
            "" => new(DiffLineKind.Context, ""),
            [' ', ..] => new(DiffLineKind.Context, line[1..]),
            ['-', ..] => new(DiffLineKind.Removed, line[1..]),
            ['+', ..] => new(DiffLineKind.Added, line[1..]),
            _ => throw Wrong("should begin with a blank, '-' or '+'"),
        };
    }

    private static int Count(Group group) => group.Success ? int.Parse(group.ValueSpan) : 1;

    private UserError Wrong(string what) => new($"{_name}: line {_next + 1} {what}.");
}

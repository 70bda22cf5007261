using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// A fault to be put into a copy of the sources: a canary or a re-created bug. The file is a unified
/// diff below a header that says what is wrong with the patched system and which law must notice.
/// </summary>
/// <param name="File">The file name, by which errors and reports call the patch.</param>
/// <param name="Name">A few words for the fault.</param>
/// <param name="Law">The law that is expected to notice.</param>
/// <param name="Why">What the fault does, and why somebody might make it.</param>
/// <param name="Domain">The domain whose laws it is for, in lower case.</param>
/// <param name="Project">The project whose sources it changes.</param>
/// <param name="Files">The changes.</param>
public sealed record Patch(
    string File,
    string Name,
    string Law,
    string Why,
    string Domain,
    string Project,
    IReadOnlyList<FileDiff> Files)
{
    /// <summary>The most lines that a patch adds and removes, so that each is one small mistake.</summary>
    public const int ChangedLinesMax = 10;

    private static readonly string[] Projects = ["Implementation", "Spec"];

    /// <summary>All that is said above the diff, for kinds of patches that say more.</summary>
    public required PatchHeader Header { get; init; }

    /// <summary>How many lines it adds and removes.</summary>
    public int ChangedLines => Files
        .SelectMany(file => file.Hunks)
        .SelectMany(hunk => hunk.Lines)
        .Count(line => line.Kind != DiffLineKind.Context);

    /// <summary>
    /// Every patch of a folder, in the order of file names; with a <paramref name="domain"/> only its
    /// own.
    /// </summary>
    public static IReadOnlyList<Patch> ReadFolder(string folder, string? domain = null)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserError($"There is no folder of patches at {folder}.");
        }

        return
        [
            .. Directory.EnumerateFiles(folder, "*.patch").Order(StringComparer.Ordinal)
                .Select(Read).Where(patch => domain is null || patch.Domain == domain),
        ];
    }

    /// <summary>The patch in the file at <paramref name="path"/>.</summary>
    public static Patch Read(string path)
    {
        try
        {
            return Parse(Path.GetFileName(path), System.IO.File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The patch {path} cannot be read: {error.Message}");
        }
    }

    /// <summary>The patch in <paramref name="text"/>, known as <paramref name="file"/>.</summary>
    public static Patch Parse(string file, string text)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        int first = Array.FindIndex(lines, line => line.StartsWith("--- ", StringComparison.Ordinal));
        if (first < 0)
        {
            throw new UserError($"{file} holds no unified diff.");
        }

        var header = PatchHeader.Read(file, lines.AsSpan(0, first));
        var files = UnifiedDiff.Read(file, lines, first);
        var projects = files.Select(diff => diff.Path.Split('/')[0]).Distinct().ToArray();
        if (projects.Length != 1 || !Projects.Contains(projects[0]))
        {
            throw new UserError($"{file} should change either Implementation or Spec and nothing else.");
        }

        var patch = new Patch(
            file,
            header["Name"],
            header["Law"],
            header["Why"],
            header["Domain"],
            projects[0],
            files)
        {
            Header = header,
        };
        return patch.ChangedLines <= ChangedLinesMax ? patch : throw new UserError(
            $"{file} changes {patch.ChangedLines} lines, and a patch at most {ChangedLinesMax}.");
    }

    /// <summary>The content that a file of the project has after the patch.</summary>
    /// <param name="sources">The sources by path relative to the root of the repository.</param>
    public IReadOnlyDictionary<string, string> ApplyTo(IReadOnlyDictionary<string, string> sources)
    {
        var patched = sources.ToDictionary();
        foreach (var diff in Files)
        {
            patched[diff.Path] = sources.TryGetValue(diff.Path, out string? text)
                ? HunkApplier.Apply(File, diff, text)
                : throw new UserError($"{File} does not apply: there is no file {diff.Path}.");
        }

        return patched;
    }
}

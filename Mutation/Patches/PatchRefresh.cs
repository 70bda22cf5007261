using System.Diagnostics;
using PageProof.Contract;
using Texts = System.Collections.Generic.IReadOnlyDictionary<string, string>;

namespace PageProof.Mutation.Patches;

/// <summary>
/// Re-bases a patch that the sources have left behind: a three-way merge of what it makes of the newest
/// revision that it fits, and of the sources as they are. Needs git, and the history.
/// </summary>
/// <param name="root">The root of the repository.</param>
public sealed class PatchRefresh(string root)
{
    // A patch that fits none of so many changes of its files is better written anew.
    private const int RevisionsMax = 500;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Re-bases the patch at a path, when it has to be; false when it fits as it is.</summary>
    /// <exception cref="UserError">There is nothing to base it on, or the merge has conflicts.</exception>
    public bool Refresh(string path, CancellationToken cancellation = default)
    {
        var patch = Patch.Read(path);
        var now = patch.Files.ToDictionary(file => file.Path, file => ReadNow(patch, file.Path));
        if (Applied(patch, now) is not null)
        {
            return false;
        }

        var before = Base(patch, cancellation);
        string folder = Directory.CreateTempSubdirectory("pageproof-").FullName;
        try
        {
            string diff = string.Concat(patch.Files.Select(file => Diff(
                folder, file.Path, now[file.Path], Merged(patch, folder, file.Path, now, before, cancellation),
                cancellation)));
            string header = File.ReadAllText(path);
            header = header[..(header.StartsWith("--- ", StringComparison.Ordinal)
                ? 0 : header.IndexOf("\n--- ", StringComparison.Ordinal) + 1)];
            var based = diff.Length > 0 ? Patch.Parse(patch.File, header + diff) : throw new UserError(
                $"{patch.File} has nothing left to change: the sources have come to be as it makes them.");
            based.ApplyTo(now);
            File.WriteAllText(path, header + diff);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{patch.File} cannot be re-based: {error.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Texts? Applied(Patch patch, Texts sources)
    {
        try
        {
            return patch.ApplyTo(sources);
        }
        catch (UserError)
        {
            return null;
        }
    }

    private string ReadNow(Patch patch, string file)
    {
        string path = Path.Combine(root, file);
        return File.Exists(path) ? File.ReadAllText(path)
            : throw new UserError($"{patch.File} cannot be re-based: there is no file {file} any more.");
    }

    // The newest revision of its files that the patch fits, and what it makes of it.
    private (Texts Clean, Texts Patched) Base(Patch patch, CancellationToken cancellation)
    {
        string[] paths = [.. patch.Files.Select(file => file.Path)];
        string log = Git(root, cancellation, ["log", $"-{RevisionsMax}", "--format=%H", "--", .. paths])
            ?? throw new UserError("The history of the sources cannot be read: git log failed.");
        foreach (string revision in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var then = paths.ToDictionary(path => path, path => Git(root, cancellation, "show", $"{revision}:{path}"));
            if (then.Values.All(text => text is not null)
                && Applied(patch, then.ToDictionary(file => file.Key, file => file.Value!)) is { } patched)
            {
                return (then.ToDictionary(file => file.Key, file => file.Value!), patched);
            }
        }

        throw new UserError($"{patch.File} fits no revision of {string.Join(" and ", paths)} in the history.");
    }

    private static string Merged(
        Patch patch, string folder, string path, Texts now, (Texts Clean, Texts Patched) before,
        CancellationToken cancellation)
    {
        foreach (var (name, text) in ((string, string)[])
            [("now", now[path]), ("clean", before.Clean[path]), ("patched", before.Patched[path])])
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        return Git(folder, cancellation, "merge-file", "-p", "now", "clean", "patched") ?? throw new UserError(
            $"{patch.File} cannot be re-based: its lines of {path} were changed themselves; it wants a new hand.");
    }

    // The unified diff from one text to the other, with the path that it has in the repository.
    private static string Diff(
        string folder, string path, string before, string after, CancellationToken cancellation)
    {
        if (before == after)
        {
            return "";
        }

        foreach (var (side, text) in ((string, string)[])[("a", before), ("b", after)])
        {
            string file = Path.Combine(folder, side, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        // With --no-index the exit code tells that there is a difference, not that something failed.
        var end = Run(
            folder, cancellation,
            ["diff", "--no-index", "--no-prefix", "--no-color", "--no-ext-diff", $"a/{path}", $"b/{path}"]);
        int first = end.Output.IndexOf("--- ", StringComparison.Ordinal);
        return end.ExitCode == 1 && first >= 0 ? end.Output[first..]
            : throw new UserError($"git diff failed: {end.Output.ReplaceLineEndings(" ")}");
    }

    private static string? Git(string folder, CancellationToken cancellation, params string[] arguments)
    {
        var end = Run(folder, cancellation, arguments);
        return end.ExitCode == 0 ? end.Output : null;
    }

    private static ChildEnd Run(string folder, CancellationToken cancellation, string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new("git", arguments) { WorkingDirectory = folder };
            return ChildProcess.Run(start, Limit, cancellation);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new UserError("A patch is re-based with git, which is not installed.");
        }
    }
}

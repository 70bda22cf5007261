using System.ComponentModel;
using System.Diagnostics;
using PageProof.Contract;
using PageProof.Mutation;

namespace PageProof.Cli.Mutate.Strength;

/// <summary>What git tells of the sources.</summary>
internal static class Revision
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The short name of the last commit.</summary>
    public static string Current(string root, CancellationToken cancellation) =>
        Git(root, cancellation, "rev-parse", "--short", "HEAD")?.Trim() ?? "unknown";

    /// <summary>The files that are not what they were at a revision, relative to the root.</summary>
    /// <exception cref="UserError">There is no such revision.</exception>
    public static IReadOnlySet<string> ChangedSince(string root, string revision, CancellationToken cancellation)
    {
        string told = Git(root, cancellation, "diff", "--name-only", "--end-of-options", revision, "--")
            ?? throw new UserError($"git knows no revision '{revision}'.");
        return told.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
    }

    private static string? Git(string root, CancellationToken cancellation, params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new("git", arguments) { WorkingDirectory = root };
            var end = ChildProcess.Run(start, Limit, cancellation);
            return end.ExitCode == 0 ? end.Output : null;
        }
        catch (Win32Exception)
        {
            throw new UserError("Which files have changed is asked of git, which is not installed.");
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using PageProof.Contract;
using PageProof.Mutation;

namespace PageProof.Cli.Mutate;

/// <summary>
/// One run of Stryker as a process of its own, in the folder of the tests and with the lane of a set.
/// It ends with this process, and afterwards the tests' folder holds the unchanged assemblies again.
/// </summary>
public sealed class StrykerRun(string root, MutationTarget target)
{
    private const string Backup = ".stryker-unchanged";
    private const int AttemptsMax = 2;

    private readonly StringBuilder _log = new();
    private string _line = "";
    private long _done;

    private string Tests => Path.Combine(root, "Tests");

    /// <summary>
    /// Runs all mutants, and reports how many are done and how many there are.
    /// </summary>
    /// <returns>The path of Stryker's report.</returns>
    public string Run(string output, Action<long, long> progress, CancellationToken cancellation) => Try(() =>
    {
        string report = Path.Combine(output, "reports", "mutation-report.json");
        return RunOnce(Start(output, "-r", "json", "-r", "html"), output, cancellation, process =>
        {
            Follow(process.StandardOutput, progress);
            process.WaitForExit();
            return File.Exists(report) ? report : null;
        });
    });

    /// <summary>Has all mutants made, and none of them judged.</summary>
    /// <returns>The path of a report that tells of each that it is still to be judged.</returns>
    public string List(string output, CancellationToken cancellation) => Try(() =>
    {
        // What it would show to a person while it goes on has all mutants before the first is judged.
        using BrowserNobodySees browser = new();
        var start = Start(output, "-r", "html", "--open-report:html");
        start.Environment["PATH"] = browser.Folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        return RunOnce(start, output, cancellation, process => HasAnnounced(process.StandardOutput)
            ? StrykerPage.Extract(Path.Combine(output, "reports")) : null);
    });

    // Its start fails once in a while, when two of its threads log at once.
    private string Try(Func<string> run)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return run();
            }
            catch (UserError) when (attempt < AttemptsMax && _done == 0)
            {
                _log.Clear();
            }
        }
    }

    private string RunOnce(
        ProcessStartInfo start, string output, CancellationToken cancellation, Func<Process, string?> follow)
    {
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        DropBackups();
        try
        {
            return ChildProcess.Run(start, cancellation, process =>
            {
                var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
                string? report = follow(process);
                cancellation.ThrowIfCancellationRequested();
                return report ?? throw new UserError(
                    $"Stryker made no report of {target.Name}: {Complaint(errors.Result)}");
            });
        }
        finally
        {
            RestoreBackups();
        }
    }

    private ProcessStartInfo Start(string output, params string[] reports)
    {
        ProcessStartInfo start = new("dotnet",
        [
            "stryker", "-f", $"../mutation-config/{target.Configuration}.json", "-O", output,
            "-r", "dots", .. reports, "--skip-version-check",
        ])
        {
            WorkingDirectory = Tests,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PAGEPROOF_LANE"] = target.Lane;

        // Nothing that the build starts may outlive it.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";

        // On a busy machine its search for the SDK gives up after four seconds.
        start.Environment["DOTNET_INFO_WAIT_TIME"] = "60000";
        return start;
    }

    // Stryker prints a letter for each mutant after it has said how many there are.
    private void Follow(StreamReader output, Action<long, long> progress)
    {
        long total = 0;
        for (int next = output.Read(); next >= 0; next = output.Read())
        {
            char letter = (char)next;
            _log.Append(letter);
            if (letter == '\n')
            {
                total = TotalOf(_line) ?? total;
                _line = "";
                continue;
            }

            _line += letter;
            if (total > 0 && letter is '.' or 'S' or 'T' or 'E' && _line.All(IsMutant))
            {
                progress(++_done, total);
            }
        }
    }

    private bool HasAnnounced(StreamReader output)
    {
        while (output.ReadLine() is { } line)
        {
            _log.AppendLine(line);
            if (TotalOf(line) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMutant(char letter) => letter is '.' or 'S' or 'T' or 'E' or ' ';

    private static long? TotalOf(string line)
    {
        const string Announcement = "total mutants will be tested";
        int end = line.IndexOf(Announcement, StringComparison.Ordinal);
        return end > 0 && long.TryParse(
            line[..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^1],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long total) ? total : null;
    }

    // The last line that is an error, else the last line.
    private string Complaint(string errors)
    {
        var lines = (_log + "\n" + errors).Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length > 0).ToArray();
        string line = lines.LastOrDefault(line => line.Contains("ERR]", StringComparison.Ordinal)
                || line.Contains("error", StringComparison.OrdinalIgnoreCase))
            ?? lines.LastOrDefault("it said nothing");
        return line.Contains("specified command or file was not found", StringComparison.Ordinal)
            ? "it is not installed; 'dotnet tool restore' does it."
            : line.TrimEnd('.') + ".";
    }

    // A backup of an earlier run may be of an older build, and must not be put back by a later one.
    private void DropBackups()
    {
        foreach (string backup in Backups())
        {
            File.Delete(backup);
        }
    }

    // A run that is cut short leaves the mutated assembly among the tests.
    private void RestoreBackups()
    {
        foreach (string backup in Backups())
        {
            File.Move(backup, backup[..^Backup.Length], overwrite: true);
        }
    }

    private string[] Backups()
    {
        string built = Path.Combine(Tests, "bin");
        return !Directory.Exists(built) ? []
            : Directory.GetFiles(built, "*" + Backup, SearchOption.AllDirectories);
    }
}

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
    public string Run(string output, Action<long, long> progress, CancellationToken cancellation)
    {
        // Its start fails once in a while, when two of its threads log at once.
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return RunOnce(output, progress, cancellation);
            }
            catch (UserError) when (attempt < AttemptsMax && _done == 0)
            {
                _log.Clear();
            }
        }
    }

    private string RunOnce(string output, Action<long, long> progress, CancellationToken cancellation)
    {
        string report = Path.Combine(output, "reports", "mutation-report.json");
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        DropBackups();
        try
        {
            return ChildProcess.Run(Start(output), cancellation, process =>
            {
                var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
                Follow(process.StandardOutput, progress);
                process.WaitForExit();
                cancellation.ThrowIfCancellationRequested();
                return File.Exists(report) ? report : throw new UserError(
                    $"Stryker made no report of {target.Name}: {Complaint(errors.Result)}");
            });
        }
        finally
        {
            RestoreBackups();
        }
    }

    private ProcessStartInfo Start(string output)
    {
        ProcessStartInfo start = new("dotnet",
        [
            "stryker", "-f", $"../mutation-config/{target.Configuration}.json", "-O", output,
            "-r", "dots", "-r", "json", "-r", "html", "--skip-version-check",
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

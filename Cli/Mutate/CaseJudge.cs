using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PageProof.Contract;
using PageProof.Mutation;

namespace PageProof.Cli.Mutate;

/// <summary>
/// Puts a changed assembly to the laws of its domain, on random cases, as the command for that does. It
/// runs in a process of its own: a walker that is changed may read and write anywhere, and may never
/// come to an end.
/// </summary>
public sealed class CaseJudge(string domain, ulong seed)
{
    // What the unchanged assembly does in less than a second.
    private const int Cases = 20_000;
    private const int TimesControl = 10;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ControlTimeout = TimeSpan.FromMinutes(5);

    private TimeSpan _timeout = Timeout;

    /// <summary>
    /// The same of the code without a mutant, which also tells how long a mutant may take: on a machine that
    /// has other things to do, slow is not endless.
    /// </summary>
    public DomainVerdict JudgeControl(string assembly, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        _timeout = ControlTimeout;
        var verdict = Judge(assembly, cancellation);
        _timeout = clock.Elapsed * TimesControl > Timeout ? clock.Elapsed * TimesControl : Timeout;
        return verdict;
    }

    /// <summary>Killed when a case refutes it, and survived when none does.</summary>
    public DomainVerdict Judge(string assembly, CancellationToken cancellation)
    {
        ProcessStartInfo start = new("dotnet",
        [
            "exec", typeof(Program).Assembly.Location, "check", domain, "--system", assembly,
            "--cases", Cases.ToString(CultureInfo.InvariantCulture),
            "--seed", seed.ToString(CultureInfo.InvariantCulture), "--quiet", "--json", "-",
        ])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };

        // A mutant may bring the process down; nobody wants its dump.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        var (exitCode, output) = ChildProcess.Run(start, _timeout, cancellation);
        return exitCode switch
        {
            ExitCode.Held => new(DomainFate.Survived, $"{Cases} random cases do not refute it either."),
            ExitCode.Refuted => new(DomainFate.KilledByCases, StoryIn(output)),
            ExitCode.BadInput => throw new UserError($"The changed assembly is not accepted: {output.Trim()}"),
            null => new(DomainFate.KilledByCases, "Random cases: it comes to no end."),
            _ => new(DomainFate.KilledByCases, "Random cases: it brings the process down."),
        };
    }

    private static string StoryIn(string output)
    {
        using var report = JsonDocument.Parse(output);
        string story = report.RootElement.GetProperty("failures")[0].GetString()!;
        return "Random cases: " + string.Join(' ', story.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length > 0));
    }
}

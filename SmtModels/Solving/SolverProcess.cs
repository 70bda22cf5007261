using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace PageProof.SmtModels.Solving;

/// <summary>How a solver on a pipe ended; no exit code when it was stopped for its time or its chatter.</summary>
internal readonly record struct SolverEnd(int? ExitCode, string Output, string Errors);

/// <summary>
/// Runs a program on an input to its end and no further: it is stopped, with whatever it started, when
/// its time is over, when it says too much, and when this process ends.
/// </summary>
internal static class SolverProcess
{
    private const int OutputMax = 4 * 1024 * 1024;

    // What holds the pipes of a program that has ended is left to itself after this.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static SolverEnd Run(IReadOnlyList<string> command, string input, TimeSpan limit)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        void Stop(object? sender, EventArgs end) => End(process);
        AppDomain.CurrentDomain.ProcessExit += Stop;
        try
        {
            // Each pipe has a thread of its own: those of the pool may all be waiting for solvers.
            var output = OnThread(() => Read(process, process.StandardOutput));
            var errors = OnThread(() => Read(process, process.StandardError));
            var written = OnThread(() => Write(process, input));
            int milliseconds = (int)Math.Clamp(limit.TotalMilliseconds, 1, int.MaxValue);
            bool ended = process.WaitForExit(milliseconds);
            End(process);
            Task.WaitAll([output, errors, written], Grace);
            return new(ended ? process.ExitCode : null, Text(output), Text(errors));
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Stop;
            End(process);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new SolverException(
                $"The solver {start.FileName} cannot be started: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private static Task<string> OnThread(Func<string> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static string Write(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has stopped reading, which its answer explains.
        }

        return input;
    }

    private static string Read(Process process, StreamReader reader)
    {
        var text = new StringBuilder();
        char[] buffer = new char[8192];
        while (reader.Read(buffer) is > 0 and var count)
        {
            text.Append(buffer, 0, count);
            if (text.Length > OutputMax)
            {
                End(process);
                break;
            }
        }

        return text.ToString();
    }

    private static string Text(Task<string> reading) => reading.IsCompletedSuccessfully ? reading.Result : "";

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}

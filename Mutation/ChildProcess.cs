using System.Diagnostics;

namespace PageProof.Mutation;

/// <summary>How a child process ended; no exit code if it was stopped for its time.</summary>
public readonly record struct ChildEnd(int? ExitCode, string Output);

/// <summary>
/// Runs another program to its end and no further: it is stopped, with whatever it started, when its
/// time is over, when the run is cancelled, and when this process ends.
/// </summary>
public static class ChildProcess
{
    // What instruments this process is not meant for its children.
    private static readonly string[] Private = ["DOTNET_STARTUP_HOOKS", "CORECLR_ENABLE_PROFILING"];

    /// <summary>The exit code, and all that the program printed.</summary>
    public static ChildEnd Run(ProcessStartInfo start, TimeSpan timeout, CancellationToken cancellation)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        return Run(start, cancellation, process =>
        {
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            bool ended = process.WaitForExit(timeout);
            End(process);
            string text = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
            return new ChildEnd(ended ? process.ExitCode : null, text);
        });
    }

    /// <summary>Starts the program, and stops it when <paramref name="follow"/> is done with it.</summary>
    public static T Run<T>(ProcessStartInfo start, CancellationToken cancellation, Func<Process, T> follow)
    {
        foreach (string variable in Private)
        {
            start.Environment.Remove(variable);
        }

        cancellation.ThrowIfCancellationRequested();
        using var process = Process.Start(start)!;
        void Stop(object? sender, EventArgs end) => End(process);
        AppDomain.CurrentDomain.ProcessExit += Stop;
        try
        {
            process.StandardInput.Close();
            using (cancellation.Register(() => End(process)))
            {
                var result = follow(process);
                cancellation.ThrowIfCancellationRequested();
                return result;
            }
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Stop;
            End(process);
        }
    }

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

using System.Diagnostics;

namespace PageProof.Mutation;

/// <summary>Why a child process was stopped.</summary>
public enum ChildCut
{
    /// <summary>It was not: it ended by itself.</summary>
    None,
    /// <summary>It had used up its time on processors.</summary>
    ProcessorTime,
    /// <summary>It had not ended when the clock said so, however little of that time was its own.</summary>
    Clock,
}

/// <summary>How a child process ended; no exit code if it was stopped for its time.</summary>
public readonly record struct ChildEnd(int? ExitCode, string Output)
{
    /// <summary>Which of its times was over.</summary>
    public ChildCut Cut { get; init; }
}

/// <summary>How long a child process may go on.</summary>
/// <param name="ProcessorTime">What it may use of processors, of all its threads together.</param>
/// <param name="Clock">When it is stopped even if it was hardly ever let onto a processor.</param>
public readonly record struct ChildLimits(TimeSpan ProcessorTime, TimeSpan Clock);

/// <summary>
/// Runs another program to its end and no further: it is stopped, with whatever it started, when its
/// time is over, when the run is cancelled, and when this process ends.
/// </summary>
public static class ChildProcess
{
    // What instruments this process is not meant for its children.
    private static readonly string[] Private = ["DOTNET_STARTUP_HOOKS", "CORECLR_ENABLE_PROFILING"];

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>The exit code, and all that the program printed.</summary>
    public static ChildEnd Run(ProcessStartInfo start, TimeSpan timeout, CancellationToken cancellation) =>
        Run(start, new ChildLimits(TimeSpan.MaxValue, timeout), cancellation);

    /// <summary>The exit code, or which limit it met, and all that the program printed.</summary>
    public static ChildEnd Run(ProcessStartInfo start, ChildLimits limits, CancellationToken cancellation)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        return Run(start, cancellation, process =>
        {
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var cut = Await(process, limits);
            End(process);
            string text = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
            return new ChildEnd(cut == ChildCut.None ? process.ExitCode : null, text) { Cut = cut };
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

    private static ChildCut Await(Process process, ChildLimits limits)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var left = limits.Clock - clock.Elapsed;
            if (process.WaitForExit(left < LookEvery ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : LookEvery))
            {
                return ChildCut.None;
            }

            if (ProcessorTime(process) > limits.ProcessorTime)
            {
                return ChildCut.ProcessorTime;
            }

            if (clock.Elapsed >= limits.Clock)
            {
                return ChildCut.Clock;
            }
        }
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (Exception ended) when (ended is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has just ended, and the next look sees that.
            return TimeSpan.Zero;
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

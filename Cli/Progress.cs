using System.Diagnostics;
using Spectre.Console;

namespace PageProof.Cli;

/// <summary>
/// Shows how far a long job is: a bar on a terminal, a line now and then in a pipe, nothing when
/// quiet. It writes beside the product of the command, never into it.
/// </summary>
public sealed class Progress(Terminal terminal, bool quiet)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs a job that reports how much of <paramref name="total"/> it has done, from any thread. A
    /// total of zero means that nobody knows it.
    /// </summary>
    public T Run<T>(string what, long total, Func<IProgress<long>, T> job)
    {
        if (quiet)
        {
            return job(new Silence());
        }

        return terminal.ErrorIsTerminal
            ? WithBar(what, total, job)
            : job(new Lines(terminal, what, total));
    }

    private T WithBar<T>(string what, long total, Func<IProgress<long>, T> job) =>
        terminal.Sidelines.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn(),
                new SpinnerColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(what), maxValue: Math.Max(total, 1));
                task.IsIndeterminate = total == 0;
                return job(new Bar(task));
            });

    private sealed class Silence : IProgress<long>
    {
        public void Report(long value)
        {
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }

    private sealed class Lines(Terminal terminal, string what, long total) : IProgress<long>
    {
        private readonly Lock _lock = new();
        private long _last = Stopwatch.GetTimestamp();

        public void Report(long value)
        {
            lock (_lock)
            {
                if (Stopwatch.GetElapsedTime(_last) < LineEvery)
                {
                    return;
                }

                _last = Stopwatch.GetTimestamp();
                terminal.Error.WriteLine(
                    total == 0 ? $"{what}: {value}" : $"{what}: {value} of {total}");
            }
        }
    }
}

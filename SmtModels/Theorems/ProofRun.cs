using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using PageProof.SmtModels.Solving;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// Tries many tasks side by side, each with a solver and a pool of terms of its own, so that what
/// comes of one does not depend on which others run. Results are in the order of the tasks.
/// </summary>
public static class ProofRun
{
    /// <param name="tasks">What to try.</param>
    /// <param name="subject">The code that it is about.</param>
    /// <param name="openSolver">Makes a solver; called once for each task.</param>
    /// <param name="limit">The most time for one question.</param>
    /// <param name="progress">Told how many tasks are done.</param>
    /// <param name="cancellation">Cuts the run: what was not tried is reported as such.</param>
    public static IReadOnlyList<ProofResult> TryAll(
        IReadOnlyList<ProofTask> tasks,
        ProofSubject subject,
        Func<ISolver> openSolver,
        TimeSpan limit,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        var results = new ProofResult[tasks.Count];
        long done = 0;
        try
        {
            // One at a time from the front, so that no worker is left with a run of long ones.
            var places = Partitioner.Create(
                Enumerable.Range(0, tasks.Count), EnumerablePartitionerOptions.NoBuffering);
            ParallelOptions workers = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.ForEach(places, workers, place =>
            {
                results[place] = cancellation.IsCancellationRequested
                    ? ProofResult.NotTried(tasks[place])
                    : TryOne(tasks[place]);
                progress?.Invoke(Interlocked.Increment(ref done));
            });
        }
        catch (AggregateException several)
        {
            // Whatever stops one proof stops them all, and the first says enough.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return results;

        ProofResult TryOne(ProofTask task)
        {
            using var solver = openSolver();
            return new Prover(solver, limit).Try(task, subject, cancellation);
        }
    }
}

using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace PageProof.Cli;

/// <summary>Work on many items, as many at once as there are processors.</summary>
internal static class Workers
{
    /// <summary>
    /// The result of each item, in their order. They are begun one at a time from the front, so that no worker is left
    /// with a run of long ones.
    /// </summary>
    public static TResult[] Each<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> work)
    {
        var results = new TResult[items.Count];
        var places = Partitioner.Create(
            Enumerable.Range(0, items.Count), EnumerablePartitionerOptions.NoBuffering);
        ParallelOptions workers = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.ForEach(places, workers, place => results[place] = work(items[place]));
        }
        catch (AggregateException several)
        {
            // A patch that does not fit is told as it is, and the first says enough.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return results;
    }
}

using PageProof.Contract.Swap.Compressed;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>
/// What is counted of what is stored now: a fold over the slots, beside what has been counted since it began.
/// Source: Linux 6.11, Documentation/admin-guide/mm/zswap.rst, on its statistics, and the comments on them in
/// mm/zswap.c; Documentation/admin-guide/blockdev/zram.rst, on mm_stat, bd_stat and io_stat.
/// </summary>
public static class StatisticsSpec
{
    /// <summary>What zswap counts. Pages of one word are stored, too, but take nothing of the pool.</summary>
    public static ZswapStatistics Zswap(CompressedState state) => state.ZswapSince with
    {
        PoolTotalSize = Memory(state),
        StoredPages = Count(state, StoredPlace.Pool) + Count(state, StoredPlace.Word),
        SameFilledPages = Count(state, StoredPlace.Word),
    };

    /// <summary>
    /// What zram counts. orig_data_size is of all pages, also of those of one word and those written back;
    /// compr_data_size is of what lies in the pool.
    /// </summary>
    public static ZramStatistics Zram(CompressedState state) => state.ZramSince with
    {
        OrigDataSize = (long)state.Slots.Count * SizeClassSpec.PageSize,
        ComprDataSize = state.Pool.Bytes,
        MemUsedTotal = Memory(state),
        MemLimit = (long)state.Settings.LimitPages * SizeClassSpec.PageSize,
        SamePages = Count(state, StoredPlace.Word),
        HugePages = Count(state, StoredPlace.Raw),
        BdCount = Count(state, StoredPlace.Device),
    };

    private static long Memory(CompressedState state) => (long)state.Pool.Pages * SizeClassSpec.PageSize;

    private static int Count(CompressedState state, StoredPlace place) =>
        state.Slots.Values.Count(page => page.Place == place);
}

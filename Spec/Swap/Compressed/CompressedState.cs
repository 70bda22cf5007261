using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>A page that is stored.</summary>
/// <param name="Bytes">What it holds.</param>
/// <param name="Place">Where it lies.</param>
/// <param name="Length">How long it is in the pool; 0 when it is not there.</param>
/// <param name="IsIdle">Zram: whether nobody has asked for it since it was called idle.</param>
public sealed record StoredPage(ImmutableArray<byte> Bytes, StoredPlace Place, int Length, bool IsIdle)
{
    /// <summary>Whether the pool holds it.</summary>
    public bool IsInPool => Place is StoredPlace.Pool or StoredPlace.Raw;
}

/// <summary>A compressed store.</summary>
/// <param name="Settings">How it began, with its limits as they are now.</param>
/// <param name="Slots">The slots that hold a page.</param>
/// <param name="Pool">What is in the pool.</param>
/// <param name="Ages">Zswap: the slots with something in the pool, those first that go first.</param>
/// <param name="IsFull">Zswap: whether the pool has met its limit, and not been at its threshold since.</param>
/// <param name="ReadFailsIn">Which read of the device from now on is made to fail; 0 for none.</param>
/// <param name="WriteFailsIn">Which write to the device from now on is made to fail; 0 for none.</param>
/// <param name="IsReadOnly">Whether the device takes nothing.</param>
/// <param name="ZswapSince">What zswap has counted; of what it is now, nothing.</param>
/// <param name="ZramSince">What zram has counted; of what it is now, nothing.</param>
public sealed record CompressedState(
    CompressedStart Settings,
    ImmutableSortedDictionary<ulong, StoredPage> Slots,
    PoolState Pool,
    ImmutableList<ulong> Ages,
    bool IsFull,
    int ReadFailsIn,
    int WriteFailsIn,
    bool IsReadOnly,
    ZswapStatistics ZswapSince,
    ZramStatistics ZramSince)
{
    /// <summary>Nothing is stored.</summary>
    public static CompressedState Of(CompressedStart start) => new(
        start, ImmutableSortedDictionary<ulong, StoredPage>.Empty, PoolState.Empty, [], false, 0, 0, false,
        default, default);

    /// <summary>Whether the next write to the device fails.</summary>
    public bool FailsToWrite => IsReadOnly || WriteFailsIn == 1;

    /// <summary>After a write to the device.</summary>
    public CompressedState Written => IsReadOnly ? this
        : this with { WriteFailsIn = Math.Max(0, WriteFailsIn - 1) };

    /// <summary>Whether the next read of the device fails.</summary>
    public bool FailsToRead => ReadFailsIn == 1;

    /// <summary>After a read of the device.</summary>
    public CompressedState Read => this with { ReadFailsIn = Math.Max(0, ReadFailsIn - 1) };

    /// <summary>With a page in a slot that holds none.</summary>
    public CompressedState With(ulong slot, StoredPage page) => this with
    {
        Slots = Slots.Add(slot, page),
        Pool = page.IsInPool ? PoolSpec.Store(Pool, page.Length) : Pool,
        Ages = page.IsInPool ? Ages.Add(slot) : Ages,
    };

    /// <summary>
    /// With nothing in a slot, and so many pages in the pool; null when it cannot have so many.
    /// </summary>
    public CompressedState? Without(ulong slot, int pagesAfter)
    {
        if (Slots.GetValueOrDefault(slot) is not { IsInPool: true } page)
        {
            return Pool.Pages == pagesAfter ? this with { Slots = Slots.Remove(slot) } : null;
        }

        return PoolSpec.Free(Pool, page.Length, pagesAfter) is { } pool
            ? this with { Slots = Slots.Remove(slot), Ages = Ages.Remove(slot), Pool = pool } : null;
    }
}

/// <summary>What a system shows after a command.</summary>
/// <param name="WrittenBack">What the command wrote back, or tried to.</param>
/// <param name="Zswap">What zswap counts.</param>
/// <param name="Zram">What zram counts.</param>
public sealed record CompressedShown(
    ImmutableArray<PageWrittenBack> WrittenBack, ZswapStatistics Zswap, ZramStatistics Zram)
{
    /// <summary>How many pages the pool is said to have.</summary>
    public int Pages => (int)((Zswap.PoolTotalSize + Zram.MemUsedTotal) / SizeClassSpec.PageSize);
}

/// <summary>What following an answer comes to: the state after it, or why it is not permitted.</summary>
public readonly record struct CompressedStep(CompressedState? State, string? Refusal)
{
    /// <summary>The answer is not permitted.</summary>
    public static CompressedStep No(string why) => new(null, why);
}

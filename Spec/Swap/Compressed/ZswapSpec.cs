using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>
/// zswap: a page on its way to a swap device stays in memory, shorter, as long as the pool has room. A page of one word
/// is noted without memory of the pool; one that does not become shorter, and any while the pool is full, goes on
/// to the device. A full pool makes room by its oldest pages, and accepts again when it is at its threshold.
/// Source: Linux 6.11, Documentation/admin-guide/mm/zswap.rst (max_pool_percent, accept_threshold_percent, same-value
/// filled pages, invalidation); the comments of zswap_store, zswap_load and zswap_invalidate in mm/zswap.c. There
/// room is made by a worker, while the page goes on; here before the page is looked at.
/// </summary>
public static class ZswapSpec
{
    private const int Percent = 100;

    /// <summary>How many pages the pool may have: at so many it is at its limit.</summary>
    public static int PagesMax(CompressedStart settings) =>
        (int)((long)settings.MemoryPages * settings.MaxPoolPercent / Percent);

    /// <summary>With how many pages a pool that was full accepts again.</summary>
    public static int PagesAccepted(CompressedStart settings) =>
        PagesMax(settings) * settings.AcceptPercent / Percent;

    /// <summary>A page comes.</summary>
    public static CompressedStep Store(
        CompressedState before,
        ulong slot,
        ImmutableArray<byte> page,
        CompressedAnswer answer,
        ImmutableArray<PageWrittenBack> told)
    {
        // What the slot held goes in any case: it must not be written back over the page.
        if (before.Without(slot, answer.PagesMet) is not { } state)
        {
            return CompressedStep.No($"the page cannot have met {answer.PagesMet} pages");
        }

        var (step, isFull) = Accept(state, told);
        if (step.State is not { } ready)
        {
            return step;
        }

        if (isFull)
        {
            return answer.Length != 0 ? CompressedStep.No("a page that is not accepted is not compressed")
                : PassOn(ready, slot, page, answer);
        }

        if (CompressionSpec.WordOf(page) is not null)
        {
            return Is(answer, StoredPlace.Word) && answer.Length == 0
                ? new(ready.With(slot, new(page, StoredPlace.Word, 0, false)), null)
                : CompressedStep.No("a page of one word is noted");
        }

        if (CompressionSpec.Refusal(page, answer.Length) is { } wrong)
        {
            return CompressedStep.No(wrong);
        }

        if (answer.Length == SizeClassSpec.PageSize)
        {
            var counts = ready.ZswapSince;
            counts = counts with { RejectCompressPoor = counts.RejectCompressPoor + 1 };
            return PassOn(ready with { ZswapSince = counts }, slot, page, answer);
        }

        return Is(answer, StoredPlace.Pool)
            ? new(ready.With(slot, new(page, StoredPlace.Pool, answer.Length, false)), null)
            : CompressedStep.No("a page that becomes shorter goes to the pool");
    }

    /// <summary>
    /// A page is wanted. Loaded into the swap cache, the pool gives it up, for there it is marked as changed; loaded
    /// past it, the pool keeps it, as the youngest.
    /// </summary>
    public static CompressedStep Load(
        CompressedState before, ulong slot, ImmutableArray<byte> page, CompressedAnswer answer, CompressedShown shown)
    {
        if (before.Slots.GetValueOrDefault(slot) is not { } stored)
        {
            return answer == new CompressedAnswer { Outcome = CompressedOutcome.Empty }
                ? new(before, null) : CompressedStep.No("there is no page in the slot");
        }

        bool isOnDevice = stored.Place == StoredPlace.Device;
        if (isOnDevice && before.FailsToRead)
        {
            return answer == new CompressedAnswer { Outcome = CompressedOutcome.IoError, Place = StoredPlace.Device }
                ? new(before.Read, null) : CompressedStep.No("the device does not read");
        }

        if (answer != new CompressedAnswer { Outcome = CompressedOutcome.Done, Place = stored.Place })
        {
            return CompressedStep.No($"the page is loaded from {stored.Place}");
        }

        if (!page.AsSpan().SequenceEqual(stored.Bytes.AsSpan()))
        {
            return CompressedStep.No("that is not the page that was stored last");
        }

        return isOnDevice ? new(before.Read, null)
            : !before.Settings.ExclusiveLoads ? new(stored.IsInPool ? Younger(before, slot) : before, null)
            : before.Without(slot, shown.Pages) is { } after ? new(after, null)
            : CompressedStep.No($"the pool cannot have {shown.Pages} pages without it");
    }

    // Whether the pool is full for this page, after room was made if it had to be.
    private static (CompressedStep Step, bool IsFull) Accept(
        CompressedState state, ImmutableArray<PageWrittenBack> told)
    {
        int most = PagesMax(state.Settings), accepted = PagesAccepted(state.Settings), pages = state.Pool.Pages;
        bool isAtLimit = pages >= most;
        var counts = state.ZswapSince;
        if (!isAtLimit && !(state.IsFull && pages > accepted))
        {
            return (told.IsEmpty ? new(state with { IsFull = false }, null)
                : CompressedStep.No("there was room enough"), false);
        }

        counts = counts with { PoolLimitHit = counts.PoolLimitHit + (isAtLimit ? 1 : 0) };
        var step = ShrinkSpec.MakeRoom(state with { ZswapSince = counts }, accepted, told);
        if (step.State is not { } after)
        {
            return (step, false);
        }

        bool isFull = after.Pool.Pages >= most || after.Pool.Pages > accepted;
        return (new(after with { IsFull = isFull }, null), isFull);
    }

    // To the device. When that does not take the page, the slot holds nothing: what it held before is older.
    private static CompressedStep PassOn(
        CompressedState state, ulong slot, ImmutableArray<byte> page, CompressedAnswer answer) =>
        state.FailsToWrite
            ? answer is { Outcome: CompressedOutcome.IoError, Place: StoredPlace.None }
                ? new(state.Written, null) : CompressedStep.No("the device does not take the page")
        : Is(answer, StoredPlace.Device)
            ? new(state.Written.With(slot, new(page, StoredPlace.Device, 0, false)), null)
        : CompressedStep.No("the page goes to the device");

    private static bool Is(CompressedAnswer answer, StoredPlace place) =>
        answer.Outcome == CompressedOutcome.Done && answer.Place == place;

    private static CompressedState Younger(CompressedState state, ulong slot) =>
        state with { Ages = state.Ages.Remove(slot).Add(slot) };
}

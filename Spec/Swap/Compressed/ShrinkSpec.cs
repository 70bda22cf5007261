using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>
/// The oldest pages of zswap go back to the device: when the pool is at its limit, until it is at its threshold.
/// A page that the device does not take stays in the pool, as the youngest, and after so many failures it is
/// given up.
/// Source: Linux 6.11, Documentation/admin-guide/mm/zswap.rst, on eviction on an LRU basis and on
/// accept_threshold_percent; the comments of shrink_memcg_cb and shrink_worker in mm/zswap.c.
/// </summary>
public static class ShrinkSpec
{
    // MAX_RECLAIM_RETRIES.
    private const int FailuresMost = 16;

    /// <summary>Room is made: at least one page goes, and then as many as are needed.</summary>
    public static CompressedStep MakeRoom(
        CompressedState before, int pagesAccepted, ImmutableArray<PageWrittenBack> told)
    {
        int failures = 0;
        return Follow(before, told, (state, done) =>
        {
            failures = told.Take(done).Count(each => each.HasFailed);
            return done == 0 || (state.Pool.Pages > pagesAccepted && failures < FailuresMost);
        });
    }

    /// <summary>So many pages go, because somebody wants it.</summary>
    public static CompressedStep Shrink(
        CompressedState before, int count, CompressedAnswer answer, ImmutableArray<PageWrittenBack> told)
    {
        var outcome = told.Any(each => each.HasFailed) ? CompressedOutcome.IoError : CompressedOutcome.Done;
        return answer == new CompressedAnswer { Outcome = outcome }
            ? Follow(before, told, (_, done) => done < count)
            : CompressedStep.No($"it ends with {outcome}");
    }

    private static CompressedStep Follow(
        CompressedState before, ImmutableArray<PageWrittenBack> told, Func<CompressedState, int, bool> goesOn)
    {
        var state = before;
        for (int done = 0; ; done++)
        {
            bool more = !state.Ages.IsEmpty && goesOn(state, done);
            if (more != done < told.Length)
            {
                return CompressedStep.No(more ? "one more page is written back" : $"{told[done]} is one too many");
            }

            if (!more)
            {
                return new(state, null);
            }

            if (Step(state, told[done]) is not { } after)
            {
                return CompressedStep.No($"{told[done]} is not the oldest page on its way to the device");
            }

            state = after;
        }
    }

    private static CompressedState? Step(CompressedState before, PageWrittenBack told)
    {
        ulong oldest = before.Ages[0];
        bool fails = before.FailsToWrite;
        if (told.Slot.Value != oldest || told.HasFailed != fails || told.PagesBefore != before.Pool.Pages)
        {
            return null;
        }

        var (state, counts) = (before.Written, before.ZswapSince);
        if (fails)
        {
            return told.PagesAfter != told.PagesBefore ? null : state with
            {
                Ages = before.Ages.RemoveAt(0).Add(oldest),
                ZswapSince = counts with { RejectReclaimFail = counts.RejectReclaimFail + 1 },
            };
        }

        var page = before.Slots[oldest] with { Place = StoredPlace.Device, Length = 0 };
        return state.Without(oldest, told.PagesAfter) is { } without ? without.With(oldest, page) with
        {
            ZswapSince = counts with { WrittenBackPages = counts.WrittenBackPages + 1 },
        }
        : null;
    }
}

using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>
/// Pages of zram go to its backing device: uncompressed ones, idle ones, or those that are both, never one of a single
/// word. A page that the device does not take stays in memory and the others are tried; where there is no room left
/// it ends.
/// Source: Linux 6.14, Documentation/admin-guide/blockdev/zram.rst, writeback and bd_stat; the comments of
/// zram_writeback_slots in drivers/block/zram/zram_drv.c.
/// </summary>
public static class ZramWriteBackSpec
{
    /// <summary>Whether what is told is what has to be written back.</summary>
    public static CompressedStep Follow(
        CompressedState before, WriteBackKinds which, CompressedAnswer answer, ImmutableArray<PageWrittenBack> told)
    {
        var (state, outcome, done) = (before, CompressedOutcome.Done, 0);
        foreach (ulong slot in before.Slots.Where(each => IsMeant(each.Value, which)).Select(each => each.Key))
        {
            if (state.Slots.Values.Count(page => page.Place == StoredPlace.Device) == state.Settings.BackingPages)
            {
                outcome = CompressedOutcome.NoSpace;
                break;
            }

            if (done == told.Length || Step(state, slot, told[done]) is not { } after)
            {
                return CompressedStep.No($"slot {slot} is the next to be written back");
            }

            outcome = told[done].HasFailed ? CompressedOutcome.IoError : outcome;
            state = after;
            done++;
        }

        return done < told.Length ? CompressedStep.No($"{told[done]} is one too many")
            : answer != new CompressedAnswer { Outcome = outcome } ? CompressedStep.No($"it ends with {outcome}")
            : new(state, null);
    }

    private static bool IsMeant(StoredPage page, WriteBackKinds which) => page.IsInPool
        && (page.Place == StoredPlace.Raw || !which.HasFlag(WriteBackKinds.Huge))
        && (page.IsIdle || !which.HasFlag(WriteBackKinds.Idle));

    private static CompressedState? Step(CompressedState before, ulong slot, PageWrittenBack told)
    {
        bool fails = before.FailsToWrite;
        if (told.Slot.Value != slot || told.HasFailed != fails || told.PagesBefore != before.Pool.Pages)
        {
            return null;
        }

        var state = before.Written;
        if (fails)
        {
            return told.PagesAfter == told.PagesBefore ? state : null;
        }

        var page = before.Slots[slot] with { Place = StoredPlace.Device, Length = 0, IsIdle = false };
        return state.Without(slot, told.PagesAfter) is { } without ? without.With(slot, page) with
        {
            ZramSince = before.ZramSince with { BdWrites = before.ZramSince.BdWrites + 1 },
        }
        : null;
    }
}

using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>
/// zram: a disk that is memory. A page of one word is noted; one that would have a page of the pool alone anyway lies
/// there as it is; any other is compressed. Beyond mem_limit a write fails, and the slot holds nothing: what it held
/// is given up before the page is written. What was never written, or is released, reads as zeros.
/// Source: Linux 6.14, Documentation/admin-guide/blockdev/zram.rst (mem_limit, mm_stat, bd_stat, io_stat, idle), and
/// the comments of zram_write_page, zram_read_page and zs_huge_class_size in drivers/block/zram/zram_drv.c and
/// mm/zsmalloc.c.
/// </summary>
public static class ZramSpec
{
    /// <summary>A page is written.</summary>
    public static CompressedStep Store(
        CompressedState before, ulong slot, ImmutableArray<byte> page, CompressedAnswer answer)
    {
        if (before.Without(slot, answer.PagesMet) is not { } state)
        {
            return CompressedStep.No($"the page cannot have met {answer.PagesMet} pages");
        }

        if (CompressionSpec.WordOf(page) is not null)
        {
            return Is(answer, StoredPlace.Word) && answer.Length == 0
                ? new(state.With(slot, new(page, StoredPlace.Word, 0, false)), null)
                : CompressedStep.No("a page of one word is noted");
        }

        if (CompressionSpec.Refusal(page, answer.Length) is { } wrong)
        {
            return CompressedStep.No(wrong);
        }

        bool isRaw = SizeClassSpec.IsHuge(answer.Length);
        var place = isRaw ? StoredPlace.Raw : StoredPlace.Pool;
        var stored = state.With(slot, new(page, place, isRaw ? SizeClassSpec.PageSize : answer.Length, false));

        // The memory is taken before it is compared with the limit, and counts as used.
        int pages = stored.Pool.Pages, limit = state.Settings.LimitPages;
        var counts = state.ZramSince;
        counts = counts with { MemUsedMax = Math.Max(counts.MemUsedMax, (long)pages * SizeClassSpec.PageSize) };
        if (limit != 0 && pages > limit)
        {
            counts = counts with { FailedWrites = counts.FailedWrites + 1 };
            return answer is { Outcome: CompressedOutcome.IoError, Place: StoredPlace.None }
                ? new(state with { ZramSince = counts }, null)
                : CompressedStep.No("the page is beyond the limit");
        }

        counts = counts with { HugePagesSince = counts.HugePagesSince + (isRaw ? 1 : 0) };
        return Is(answer, place) ? new(stored with { ZramSince = counts }, null)
            : CompressedStep.No(isRaw ? "the page lies as it is" : "the page is compressed");
    }

    /// <summary>A page is read, and is idle no more.</summary>
    public static CompressedStep Load(
        CompressedState before, ulong slot, ImmutableArray<byte> page, CompressedAnswer answer)
    {
        if (before.Slots.GetValueOrDefault(slot) is not { } stored)
        {
            return answer == new CompressedAnswer { Outcome = CompressedOutcome.Done } && page.All(each => each == 0)
                ? new(before, null) : CompressedStep.No("what was never written reads as zeros");
        }

        var state = before with { Slots = before.Slots.SetItem(slot, stored with { IsIdle = false }) };
        if (stored.Place == StoredPlace.Device)
        {
            var counts = state.ZramSince with { BdReads = state.ZramSince.BdReads + 1 };
            if (before.FailsToRead)
            {
                counts = counts with { FailedReads = counts.FailedReads + 1 };
                return answer == new CompressedAnswer
                {
                    Outcome = CompressedOutcome.IoError,
                    Place = StoredPlace.Device,
                }
                ? new(state.Read with { ZramSince = counts }, null)
                : CompressedStep.No("the backing device does not read");
            }

            state = state.Read with { ZramSince = counts };
        }

        return !Is(answer, stored.Place) || answer.Length + answer.PagesMet != 0
                ? CompressedStep.No($"the page is read from {stored.Place}")
            : page.AsSpan().SequenceEqual(stored.Bytes.AsSpan()) ? new(state, null)
            : CompressedStep.No("that is not the page that was written last");
    }

    private static bool Is(CompressedAnswer answer, StoredPlace place) =>
        answer.Outcome == CompressedOutcome.Done && answer.Place == place;
}

using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;
using PageProof.Spec.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>What may not be told of pages on their way back, nor of anything else, put to the Spec alone.</summary>
[InLane("zswap", SpecAlone = true)]
public sealed class WriteBackSpecTests
{
    // Of a page of this length a zspage has one page, and one object.
    private const int Page = 4096, Length = 4000;
    private static readonly ImmutableArray<byte> Zeros = [.. new byte[Page]];
    private static readonly ImmutableArray<byte> Text =
        [.. Enumerable.Range(0, Page).Select(at => (byte)(at * at / 7))];
    private static readonly CompressedAnswer Done = new() { Outcome = CompressedOutcome.Done };
    private static readonly CompressedAnswer Failed = new() { Outcome = CompressedOutcome.IoError };

    private static CompressedState Zswap => With(StoredPlace.Pool, CompressedState.Of(
        new(CompressedKind.Zswap, CompressorKind.Lz4, 1, 8)
        {
            MemoryPages = 5,
            MaxPoolPercent = 80,
            AcceptPercent = 50,
        }));

    private static CompressedState Zram => With(StoredPlace.Raw, CompressedState.Of(
        new(CompressedKind.Zram, CompressorKind.Lz4, 1, 8) { BackingPages = 2 }));

    [Fact]
    public void The_oldest_go_one_after_the_other_and_as_many_as_are_wanted()
    {
        var one = Back(1, 3, 2);
        var after = Permits(Shrink(2, Done, one, Back(2, 2, 1)));
        Assert.Equal((1, 2), (after.Pool.Pages, after.ZswapSince.WrittenBackPages));
        Assert.Equal(StoredPlace.Device, after.Slots[1].Place);
        Permits(Shrink(9, Done, one, Back(2, 2, 1), Back(3, 1, 0)));
        Refuses("one more page is written back", Shrink(2, Done, one));
        Refuses("slot 2 written back, 2 -> 1 pages is one too many", Shrink(1, Done, one, Back(2, 2, 1)));
        Refuses("slot 1 written back, 3 -> 2 pages is one too many", Shrink(0, Done, one));
        foreach (var told in (PageWrittenBack[])[
            Back(2, 3, 2), Back(1, 2, 2), Back(1, 3, 3), Back(1, 3, 1), one with { HasFailed = true }])
        {
            Refuses(
                $"{told} is not the oldest page on its way to the device",
                Shrink(1, told.HasFailed ? Failed : Done, told));
        }

        Refuses("it ends with Done", Shrink(1, Failed, one));
        Refuses("it ends with Done", Shrink(1, Done with { Length = 1 }, one));
    }

    [Fact]
    public void What_the_device_does_not_take_stays_as_the_youngest()
    {
        var broken = Zswap with { WriteFailsIn = 1 };
        var told = Back(1, 3, 3) with { HasFailed = true };
        Refuses("it ends with IoError", ShrinkSpec.Shrink(broken, 1, Done, [told]));
        Refuses(
            "slot 1 not written back, 3 -> 2 pages is not the oldest page on its way to the device",
            ShrinkSpec.Shrink(broken, 1, Failed, [told with { PagesAfter = 2 }]));
        var after = Permits(ShrinkSpec.Shrink(broken, 1, Failed, [told]));
        Assert.Equal<ulong>([2, 3, 1], after.Ages);
        Assert.Equal((1, 0), (after.ZswapSince.RejectReclaimFail, after.ZswapSince.WrittenBackPages));
        Permits(ShrinkSpec.Shrink(broken, 2, Failed, [told, Back(2, 3, 2)]));
        Permits(ShrinkSpec.Shrink(broken with { IsReadOnly = true, WriteFailsIn = 2 }, 1, Failed, [told]));
    }

    [Fact]
    public void Room_is_made_until_the_pool_is_at_its_threshold()
    {
        var full = Zswap.With(4, Stored(StoredPlace.Pool));
        var word = Done with { Place = StoredPlace.Word, PagesMet = 4 };
        ImmutableArray<PageWrittenBack> two = [Back(1, 4, 3), Back(2, 3, 2)];
        Refuses("there was room enough", ZswapSpec.Store(Zswap, 5, Zeros, word with { PagesMet = 3 }, [Back(1, 3, 2)]));
        Refuses("one more page is written back", ZswapSpec.Store(full, 5, Zeros, word, []));
        Refuses("one more page is written back", ZswapSpec.Store(full, 5, Zeros, word, [two[0]]));
        Refuses(
            "slot 3 written back, 2 -> 1 pages is one too many",
            ZswapSpec.Store(full, 5, Zeros, word, [.. two, Back(3, 2, 1)]));
        var after = Permits(ZswapSpec.Store(full, 5, Zeros, word, two));
        Assert.Equal((1, false), (after.ZswapSince.PoolLimitHit, after.IsFull));

        // Once full, it accepts nothing above the threshold, though it is below its limit.
        var wasFull = Zswap with { IsFull = true };
        word = word with { PagesMet = 3 };
        Refuses("one more page is written back", ZswapSpec.Store(wasFull, 5, Zeros, word, []));
        after = Permits(ZswapSpec.Store(wasFull, 5, Zeros, word, [Back(1, 3, 2)]));
        Assert.Equal((0, false), (after.ZswapSince.PoolLimitHit, after.IsFull));
    }

    [Fact]
    public void After_sixteen_failures_room_is_made_no_more_and_the_page_goes_on()
    {
        var broken = Zswap.With(4, Stored(StoredPlace.Pool)) with { IsReadOnly = true };
        ImmutableArray<PageWrittenBack> told =
            [.. Enumerable.Range(0, 16).Select(at => Back((ulong)((at % 4) + 1), 4, 4) with { HasFailed = true })];
        var failed = Failed with { PagesMet = 4 };
        var after = Permits(ZswapSpec.Store(broken, 5, Zeros, failed, told));
        Assert.Equal((true, 16), (after.IsFull, after.ZswapSince.RejectReclaimFail));
        Refuses("one more page is written back", ZswapSpec.Store(broken, 5, Zeros, failed, told[..15]));
        Refuses(
            "slot 1 not written back, 4 -> 4 pages is one too many",
            ZswapSpec.Store(broken, 5, Zeros, failed, told.Add(told[0])));
        Refuses(
            "a page that is not accepted is not compressed",
            ZswapSpec.Store(broken, 5, Zeros, failed with { Length = 1 }, told));
    }

    [Theory]
    [InlineData(10, 33, 3)]
    [InlineData(10, 39, 3)]
    [InlineData(10, 100, 10)]
    [InlineData(1_000_000_000, 50, 500_000_000)]
    public void A_pool_has_its_part_of_the_memory(int memory, int percent, int most) => Assert.Equal(
        most,
        ZswapSpec.PagesMax(Zswap.Settings with { MemoryPages = memory, MaxPoolPercent = percent }));

    [Fact]
    public void Zram_writes_back_what_is_meant_in_the_order_of_slots_as_long_as_there_is_room()
    {
        PageWrittenBack one = Back(1, 3, 2), two = Back(2, 2, 1);
        var full = new CompressedAnswer { Outcome = CompressedOutcome.NoSpace };
        var after = Permits(WriteBack(Zram, full, one, two));
        Assert.Equal((2, 1), (after.ZramSince.BdWrites, after.Pool.Pages));
        Assert.Equal(new(Text, StoredPlace.Device, 0, false), after.Slots[2]);
        Refuses("it ends with NoSpace", WriteBack(Zram, Done, one, two));
        Refuses("slot 2 is the next to be written back", WriteBack(Zram, full, one));
        Refuses("slot 1 is the next to be written back", WriteBack(Zram, full));
        Refuses("slot 3 written back, 1 -> 0 pages is one too many", WriteBack(Zram, full, one, two, Back(3, 1, 0)));
        foreach (var told in (PageWrittenBack[])[
            Back(2, 3, 2), Back(1, 2, 2), Back(1, 3, 3), Back(1, 3, 1), one with { HasFailed = true }])
        {
            Refuses("slot 1 is the next to be written back", WriteBack(Zram, full, told, two));
        }

        var broken = Zram with { WriteFailsIn = 1 };
        PageWrittenBack failed = Back(1, 3, 3) with { HasFailed = true }, second = Back(2, 3, 2);
        Refuses("it ends with IoError", WriteBack(broken, Done, failed, second, Back(3, 2, 1)));
        Refuses("slot 1 is the next to be written back", WriteBack(broken, Failed, failed with { PagesAfter = 2 }));
        Assert.Equal(2, Permits(WriteBack(broken, Failed, failed, second, Back(3, 2, 1))).ZramSince.BdWrites);
    }

    [Fact]
    public void Huge_ones_and_idle_ones_are_meant_when_they_are_asked_for_and_words_never()
    {
        var mixed = CompressedState.Of(Zram.Settings with { BackingPages = 8 })
            .With(1, Stored(StoredPlace.Raw)).With(2, Stored(StoredPlace.Raw) with { IsIdle = true })
            .With(3, Stored(StoredPlace.Pool) with { IsIdle = true }).With(4, Stored(StoredPlace.Pool))
            .With(5, new(Zeros, StoredPlace.Word, 0, true));
        PageWrittenBack[] Of(params ulong[] slots) =>
            [.. slots.Select((slot, done) => Back(slot, 4 - done, 3 - done))];
        Permits(ZramWriteBackSpec.Follow(mixed, WriteBackKinds.Huge, Done, [.. Of(1, 2)]));
        Permits(ZramWriteBackSpec.Follow(mixed, WriteBackKinds.Idle, Done, [.. Of(2, 3)]));
        Permits(ZramWriteBackSpec.Follow(mixed, WriteBackKinds.Huge | WriteBackKinds.Idle, Done, [.. Of(2)]));
    }

    [Fact]
    public void What_is_carried_out_has_nothing_to_tell_and_counts_are_as_they_are()
    {
        var shown = new CompressedShown([], StatisticsSpec.Zswap(Zswap), default);
        foreach (var kind in (CompressedCommandKind[])[
            CompressedCommandKind.Limit, CompressedCommandKind.Threshold, CompressedCommandKind.Idle,
            CompressedCommandKind.Compact, CompressedCommandKind.FailRead, CompressedCommandKind.ReadOnly])
        {
            Permits(Follow(Zswap, kind, Done, shown));
            Refuses("it is carried out, and there is nothing to be told", Follow(Zswap, kind, Failed, shown));
        }

        var counts = shown.Zswap;
        Refuses(
            $"it counts {counts}, and {counts with { StoredPages = 4 }} is shown",
            Follow(Zswap, CompressedCommandKind.Limit, Done, shown with { Zswap = counts with { StoredPages = 4 } }));
        Refuses(
            $"it counts {default(ZramStatistics)}, and {new ZramStatistics { BdCount = 1 }} is shown",
            Follow(Zswap, CompressedCommandKind.Limit, Done, shown with { Zram = new() { BdCount = 1 } }));
    }

    [Fact]
    public void A_slot_that_is_released_takes_its_memory_along()
    {
        CompressedShown Shown(int pages) =>
            new([], new() { PoolTotalSize = pages * Page, StoredPages = 2 }, default);
        Permits(Follow(Zswap, CompressedCommandKind.Release, Done, Shown(2)));
        Refuses(
            "the pool cannot have 3 pages without what the slot held",
            Follow(Zswap, CompressedCommandKind.Release, Done, Shown(3)));
        Refuses(
            "it is carried out, and there is nothing to be told",
            Follow(Zswap, CompressedCommandKind.Release, Failed, Shown(2)));
    }

    private static PageWrittenBack Back(ulong slot, int before, int after) => new(new(slot), before, after, false);

    private static StoredPage Stored(StoredPlace place) => new(Text, place, Length, false);

    private static CompressedState With(StoredPlace place, CompressedState empty) =>
        empty.With(1, Stored(place)).With(2, Stored(place)).With(3, Stored(place));

    private static CompressedStep Shrink(
        int count, CompressedAnswer answer, params ImmutableArray<PageWrittenBack> told) =>
        ShrinkSpec.Shrink(Zswap, count, answer, told);

    private static CompressedStep WriteBack(
        CompressedState before, CompressedAnswer answer, params ImmutableArray<PageWrittenBack> told) =>
        ZramWriteBackSpec.Follow(before, WriteBackKinds.Huge, answer, told);

    private static CompressedStep Follow(
        CompressedState before, CompressedCommandKind kind, CompressedAnswer answer, CompressedShown shown) =>
        CompressedSpec.Follow(
            before, new() { Kind = kind, Slot = new(1), Value = 1 }, [], answer, shown);

    private static void Refuses(string why, CompressedStep step) =>
        Assert.Equal((null, why), (step.State, step.Refusal));

    private static CompressedState Permits(CompressedStep step)
    {
        Assert.Null(step.Refusal);
        return step.State!;
    }
}

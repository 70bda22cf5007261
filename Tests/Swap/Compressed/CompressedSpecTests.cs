using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;
using PageProof.Spec.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>What a compressed store may not say, and why, put to the Spec alone.</summary>
[InLane("zswap", SpecAlone = true)]
public sealed class CompressedSpecTests
{
    private const int Page = 4096, Length = 2000;
    private static readonly ImmutableArray<byte> Zeros = [.. new byte[Page]];
    private static readonly ImmutableArray<byte> Text =
        [.. Enumerable.Range(0, Page).Select(at => (byte)(at * at / 7))];
    private static readonly ImmutableArray<byte> Other = [.. Text.Select(each => (byte)(each + 1))];
    private static readonly CompressedAnswer Done = new() { Outcome = CompressedOutcome.Done };
    private static readonly CompressedAnswer Failed = new() { Outcome = CompressedOutcome.IoError };

    // Of the class of these objects a zspage has so many pages.
    private static readonly int Row = SizeClassSpec.ClassOf(Length).Pages;

    private static readonly CompressedState Zswap = CompressedState.Of(
        new(CompressedKind.Zswap, CompressorKind.Lz4, 1, 8) { MemoryPages = 100, MaxPoolPercent = 50 });

    private static readonly CompressedState Zram = CompressedState.Of(
        new(CompressedKind.Zram, CompressorKind.Lz4, 1, 8) { BackingPages = 2 });

    private static CompressedAnswer InPool => Done with { Place = StoredPlace.Pool, Length = Length };

    private static CompressedAnswer IsWord => Done with { Place = StoredPlace.Word };

    private static CompressedAnswer OnDevice => Done with { Place = StoredPlace.Device };

    [Fact]
    public void A_page_meets_the_pages_that_there_are()
    {
        foreach (var (empty, store) in (IEnumerable<(CompressedState, Storing)>)[(Zswap, Into), (Zram, IntoZram)])
        {
            Refuses("the page cannot have met 1 pages", store(empty, 3, Zeros, IsWord with { PagesMet = 1 }));
            var one = Permits(store(empty, 3, Text, InPool));
            Assert.Equal(Row, one.Pool.Pages);
            Refuses("the page cannot have met 0 pages", store(one, 4, Zeros, IsWord));
            Permits(store(one, 4, Zeros, IsWord with { PagesMet = Row }));

            // What the slot held is gone before it comes, and its zspage with it.
            Permits(store(one, 3, Zeros, IsWord));
            Refuses($"the page cannot have met {Row} pages", store(one, 3, Zeros, IsWord with { PagesMet = Row }));
        }
    }

    [Fact]
    public void A_page_goes_where_its_content_says()
    {
        foreach (var (empty, store) in (IEnumerable<(CompressedState, Storing)>)[(Zswap, Into), (Zram, IntoZram)])
        {
            Refuses("a page of one word is noted", store(empty, 3, Zeros, IsWord with { Place = StoredPlace.Pool }));
            Refuses("a page of one word is noted", store(empty, 3, Zeros, IsWord with { Length = 1 }));
            Refuses("a page of one word is noted", store(empty, 3, Zeros, Failed with { Place = StoredPlace.Word }));
            foreach (int length in (int[])[-1, 0, Page + 1])
            {
                Refuses(
                    "a compressed page is between one byte and a page long",
                    store(empty, 3, Text, InPool with { Length = length }));
            }
        }

        Permits(Into(Zswap, 3, Text, InPool with { Length = 1 }));
        Permits(Into(Zswap, 3, Text, InPool with { Length = Page - 1 }));
        Permits(Into(Zswap, 3, Text, OnDevice with { Length = Page }));
        Refuses("the page goes to the device", Into(Zswap, 3, Text, InPool with { Length = Page }));
        Refuses(
            "a page that becomes shorter goes to the pool", Into(Zswap, 3, Text, OnDevice with { Length = Length }));
        Refuses(
            "a page that becomes shorter goes to the pool",
            Into(Zswap, 3, Text, Failed with { Place = StoredPlace.Pool, Length = Length }));
        Refuses("the page is compressed", IntoZram(Zram, 3, Text, InPool with { Place = StoredPlace.Raw }));
        Permits(IntoZram(Zram, 3, Text, InPool with { Length = 3624 }));
        Refuses("the page lies as it is", IntoZram(Zram, 3, Text, InPool with { Length = 3625 }));
        Permits(IntoZram(Zram, 3, Text, InPool with { Length = 3625, Place = StoredPlace.Raw }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(511)]
    public void One_word_but_for_once_becomes_an_eighth_at_most(int at)
    {
        var page = Zeros.SetItem((8 * at) + 7, 1);
        Assert.Null(CompressionSpec.WordOf(page));
        Assert.Null(CompressionSpec.Refusal(page, Page / 8));
        Assert.Equal(
            "what repeats one word, but for once, becomes an eighth at most",
            CompressionSpec.Refusal(page, (Page / 8) + 1));
        Assert.Null(CompressionSpec.Refusal(page.SetItem(8 * 100, 2), Page));
        Assert.Null(CompressionSpec.Refusal(Text, Page));
    }

    [Fact]
    public void A_page_is_one_word_when_all_of_its_words_are()
    {
        Assert.Equal(0UL, CompressionSpec.WordOf(Zeros));
        ImmutableArray<byte> counted = [.. Enumerable.Range(0, Page).Select(at => (byte)(at % 8 + 1))];
        Assert.Equal(0x0807_0605_0403_0201UL, CompressionSpec.WordOf(counted));
        Assert.Null(CompressionSpec.WordOf(Text));
    }

    [Fact]
    public void Zram_fails_to_store_beyond_its_limit_and_keeps_the_memory_that_it_needed_in_mind()
    {
        var limited = Zram with { Settings = Zram.Settings with { LimitPages = Row } };
        var one = Permits(IntoZram(limited, 3, Text, InPool));
        Assert.Equal((Row * Page, 0), (one.ZramSince.MemUsedMax, one.ZramSince.FailedWrites));
        var raw = InPool with { Length = Page, PagesMet = Row };
        var none = raw with { Outcome = CompressedOutcome.IoError };
        Refuses("the page is beyond the limit", IntoZram(one, 4, Text, raw with { Place = StoredPlace.Raw }));
        Refuses("the page is beyond the limit", IntoZram(one, 4, Text, none with { Place = StoredPlace.Raw }));
        var after = Permits(IntoZram(one, 4, Text, none with { Place = StoredPlace.None }));
        Assert.Equal(((Row + 1) * Page, 1), (after.ZramSince.MemUsedMax, after.ZramSince.FailedWrites));
        Assert.Equal((1, Row, 0), (after.Slots.Count, after.Pool.Pages, after.ZramSince.HugePagesSince));
        after = Permits(IntoZram(
            one with { Settings = Zram.Settings }, 4, Text, raw with { Place = StoredPlace.Raw }));
        Assert.Equal((2, Row + 1, 1), (after.Slots.Count, after.Pool.Pages, after.ZramSince.HugePagesSince));
    }

    [Fact]
    public void A_page_is_loaded_from_where_it_lies_as_it_was_stored()
    {
        var (one, zram) = (Permits(Into(Zswap, 3, Text, InPool)), Permits(IntoZram(Zram, 3, Text, InPool)));
        var fromPool = InPool with { Length = 0 };
        Permits(ZswapSpec.Load(one, 3, Text, fromPool, Shown(Row)));
        Permits(ZramSpec.Load(zram, 3, Text, fromPool));
        Refuses("the page is loaded from Pool", ZswapSpec.Load(one, 3, Text, OnDevice, Shown(Row)));
        Refuses("the page is loaded from Pool", ZswapSpec.Load(one, 3, Text, InPool, Shown(Row)));
        Refuses("the page is read from Pool", ZramSpec.Load(zram, 3, Text, OnDevice));
        Refuses("the page is read from Pool", ZramSpec.Load(zram, 3, Text, InPool));
        Refuses("the page is read from Pool", ZramSpec.Load(zram, 3, Text, fromPool with { PagesMet = 1 }));
        Refuses("the page is read from Pool", ZramSpec.Load(zram, 3, Text, fromPool with { PagesMet = 1, Length = 1 }));
        Refuses(
            "the page is read from Pool",
            ZramSpec.Load(zram, 3, Text, fromPool with { Outcome = CompressedOutcome.IoError }));
        Refuses("that is not the page that was stored last", ZswapSpec.Load(one, 3, Other, fromPool, Shown(Row)));
        Refuses("that is not the page that was written last", ZramSpec.Load(zram, 3, Other, fromPool));
        Refuses("there is no page in the slot", ZswapSpec.Load(one, 4, Zeros, Done, Shown(Row)));
        Permits(ZswapSpec.Load(one, 4, Zeros, new() { Outcome = CompressedOutcome.Empty }, Shown(Row)));
        Permits(ZramSpec.Load(zram, 4, Zeros, Done));
        Refuses("what was never written reads as zeros", ZramSpec.Load(zram, 4, Text, Done));
        Refuses("what was never written reads as zeros", ZramSpec.Load(zram, 4, Zeros, IsWord));
    }

    [Fact]
    public void What_is_loaded_to_be_changed_leaves_the_pool()
    {
        var one = Permits(Into(
            Zswap with { Settings = Zswap.Settings with { ExclusiveLoads = true } }, 3, Text, InPool));
        var fromPool = InPool with { Length = 0 };
        Refuses($"the pool cannot have {Row} pages without it", ZswapSpec.Load(one, 3, Text, fromPool, Shown(Row)));
        Assert.Empty(Permits(ZswapSpec.Load(one, 3, Text, fromPool, Shown(0))).Slots);
    }

    [Fact]
    public void What_a_device_does_not_read_or_take_is_told()
    {
        var fails = OnDevice with { Outcome = CompressedOutcome.IoError };
        var one = Permits(Into(Zswap, 3, Text, OnDevice with { Length = Page })) with { ReadFailsIn = 1 };
        Refuses("the device does not read", ZswapSpec.Load(one, 3, Text, OnDevice, Shown(0)));
        Refuses("the device does not read", ZswapSpec.Load(one, 3, Text, Failed, Shown(0)));
        var after = Permits(ZswapSpec.Load(one, 3, Text, fails, Shown(0)));
        Permits(ZswapSpec.Load(after, 3, Text, OnDevice, Shown(0)));
        Refuses("the page is loaded from Device", ZswapSpec.Load(after, 3, Text, fails, Shown(0)));

        var zram = Zram.With(3, new(Text, StoredPlace.Device, 0, true)) with { ReadFailsIn = 2 };
        after = Permits(ZramSpec.Load(zram, 3, Text, OnDevice));
        Assert.Equal((1, 0, false), (after.ZramSince.BdReads, after.ZramSince.FailedReads, after.Slots[3].IsIdle));
        Refuses("the backing device does not read", ZramSpec.Load(after, 3, Text, OnDevice));
        Refuses("the backing device does not read", ZramSpec.Load(after, 3, Text, Failed));
        after = Permits(ZramSpec.Load(after, 3, Text, fails));
        Assert.Equal((2, 1), (after.ZramSince.BdReads, after.ZramSince.FailedReads));

        var broken = Zswap with { WriteFailsIn = 1 };
        Refuses("the device does not take the page", Into(broken, 3, Text, OnDevice with { Length = Page }));
        Refuses("the device does not take the page", Into(broken, 3, Text, fails with { Length = Page }));
        Refuses("the device does not take the page", Into(broken, 3, Text, Done with { Length = Page }));
        Assert.Empty(Permits(Into(broken, 3, Text, Failed with { Length = Page })).Slots);
    }

    private static void Refuses(string why, CompressedStep step) =>
        Assert.Equal((null, why), (step.State, step.Refusal));

    private static CompressedState Permits(CompressedStep step)
    {
        Assert.Null(step.Refusal);
        return step.State!;
    }

    private static CompressedStep Into(
        CompressedState before, ulong slot, ImmutableArray<byte> page, CompressedAnswer answer) =>
        ZswapSpec.Store(before, slot, page, answer, []);

    private static CompressedStep IntoZram(
        CompressedState before, ulong slot, ImmutableArray<byte> page, CompressedAnswer answer) =>
        ZramSpec.Store(before, slot, page, answer);

    private static CompressedShown Shown(int pages) =>
        new([], new() { PoolTotalSize = (long)pages * Page }, default);

    private delegate CompressedStep Storing(
        CompressedState before, ulong slot, ImmutableArray<byte> page, CompressedAnswer answer);
}

using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;

namespace PageProof.Tests.Swap;

/// <summary>The pages that have a slot and a frame at once, found by either.</summary>
[InLane("swap")]
public sealed class SwapCacheTests
{
    private readonly SwapCache _cache = new(4);

    [Fact]
    public void A_page_is_found_by_its_slot_and_by_its_frame_until_it_goes()
    {
        SwapPlace one = new(new(2), new(7)), other = new(new(3), new(7)), third = new(new(2), new(8));
        Assert.Equal((0, SwapCache.None), (_cache.Count, _cache.Find(one)));
        _cache.Add(0, one);
        _cache.Add(3, other);
        Assert.Equal((2, SwapCache.None), (_cache.Count, _cache.Find(third)));
        Assert.Equal((0, 3), (_cache.Find(one), _cache.Find(other)));
        Assert.Equal([true, false, false, true], Enumerable.Range(0, 4).Select(_cache.Has));
        Assert.Equal((one, other), (_cache.PlaceOf(0), _cache.PlaceOf(3)));
        _cache.Remove(0);
        Assert.Equal((1, SwapCache.None, 3), (_cache.Count, _cache.Find(one), _cache.Find(other)));
        Assert.Equal((false, true), (_cache.Has(0), _cache.Has(3)));
    }

    [Fact]
    public void Nothing_is_left_of_pages_that_were_there_before()
    {
        _cache.Clear();
        _cache.Add(1, new(new(2), new(7)));
        _cache.Clear();
        Assert.Equal((0, SwapCache.None, false), (_cache.Count, _cache.Find(new(new(2), new(7))), _cache.Has(1)));
        _cache.Add(1, new(new(2), new(9)));
        Assert.Equal((SwapCache.None, 1), (_cache.Find(new(new(2), new(7))), _cache.Find(_cache.PlaceOf(1))));
    }
}

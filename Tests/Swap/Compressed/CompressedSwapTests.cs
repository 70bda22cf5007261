using PageProof.Contract.Swap.Compressed;
using PageProof.Implementation.Swap;
using PageProof.Implementation.Swap.Compressed;
using PageProof.Properties.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>Zswap and zram where swap areas keep their pages.</summary>
[InLane("zswap")]
public sealed class CompressedSwapTests : IDisposable
{
    private const int Page = 4096;

    private static readonly PageMaterial Material = new();

    private readonly byte[] _read = new byte[Page];
    private readonly Lz4Library _library;

    public CompressedSwapTests()
    {
        Libraries.MustBeThere();
        _library = new();
    }

    private Lz4 Lz4 => new(_library, 1);

    public void Dispose() => _library.Dispose();

    [Fact]
    public void Areas_behind_one_cache_share_its_pool_and_nothing_else()
    {
        Zswap<Lz4> cache = new(Lz4, 100);
        SimulatedDisk first = new(8), second = new(8);
        ISwapStorage one = cache.Attach(Whole(first)), other = cache.Attach(Whole(second));
        Assert.True(one.TryWrite(3, Text(1)));
        Assert.True(other.TryWrite(3, Text(2)));
        Assert.Equal((2L, 0L, 0L), (cache.Statistics.StoredPages, first.Writes, second.Writes));
        Assert.True(cache.Shrink(1));
        Assert.Equal((1L, 1L, 0L), (cache.Statistics.StoredPages, first.Writes, second.Writes));
        Reads(one, 3, Text(1));
        Reads(other, 3, Text(2));
        Assert.Equal((1L, 0L), (first.Reads, second.Reads));
        other.Forget(3);
        Assert.False(other.TryRead(3, _read));
        Reads(one, 3, Text(1));
        Assert.Equal((0L, 0L), (cache.Statistics.StoredPages, cache.Statistics.PoolTotalSize));
    }

    [Fact]
    public void What_a_device_held_before_it_was_attached_is_read_through()
    {
        SimulatedDisk disk = new(2);
        disk.TryWrite(1, Text(5));
        Reads(new Zswap<Lz4>(Lz4, 100).Attach(Whole(disk)), 1, Text(5));
    }

    [Fact]
    public void A_slot_that_is_free_again_leaves_nothing_in_the_cache()
    {
        Zswap<Lz4> cache = new(Lz4, 100);
        SwapSpace space = new();
        Assert.True(space.TryAdd(cache.Attach(Whole(new(8))), null, out _));
        Assert.True(space.TryAllocate(out var place));
        Assert.True(space.TryWrite(place, Text(1)));
        Assert.True(space.Duplicate(place));
        Assert.False(space.Release(place));
        Assert.Equal(1, cache.Statistics.StoredPages);
        Assert.True(space.TryRead(place, _read));
        Assert.True(Text(1).SequenceEqual(_read));
        Assert.True(space.Release(place));
        Assert.Equal(0, cache.Statistics.StoredPages);
    }

    [Fact]
    public void Zram_is_an_area_before_the_disk_and_what_it_does_not_take_is_not_lost()
    {
        Zram<Lz4> zram = new(Lz4, 4, null) { LimitPages = 1 };
        SwapSpace space = new();
        Assert.True(space.TryAdd(zram, 10, out var fast));
        Assert.True(space.TryAdd(Whole(new(8)), 1, out _));
        Assert.True(space.TryAllocate(out var place));
        Assert.Equal(fast, place.Area);
        Assert.True(space.TryWrite(place, Random(1)));
        Assert.True(space.TryAllocate(out var next));
        Assert.False(space.TryWrite(next, Random(2)));
        Assert.Equal(1, zram.Statistics.FailedWrites);
        Assert.True(space.TryRead(place, _read));
        Assert.True(Random(1).SequenceEqual(_read));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_page_that_is_stored_loaded_and_released()
    {
        Zswap<Lz4> cache = new(Lz4, 20);
        ISwapStorage front = cache.Attach(Whole(new(16)));
        Zram<Lz4> zram = new(Lz4, 16, null);
        Round(front);
        Round(zram);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round(front);
        Round(zram);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(cache.Statistics.WrittenBackPages > 0);

        void Round(ISwapStorage storage)
        {
            for (int slot = 0; slot < 16; slot++)
            {
                storage.TryWrite(slot, Text((ulong)slot));
            }

            for (int slot = 0; slot < 16; slot++)
            {
                storage.TryRead(slot, _read);
                storage.Forget(slot);
            }
        }
    }

    private static DiskStorage Whole(SimulatedDisk disk) => new(disk, new SwapExtent(0, 0, disk.Blocks));

    private static ReadOnlySpan<byte> Text(ulong seed) => Material[new(PageShape.Text, seed, 0)].AsSpan();

    private static ReadOnlySpan<byte> Random(ulong seed) => Material[new(PageShape.Random, seed, 0)].AsSpan();

    private void Reads(ISwapStorage storage, int slot, ReadOnlySpan<byte> page)
    {
        Assert.True(storage.TryRead(slot, _read));
        Assert.True(page.SequenceEqual(_read));
    }
}

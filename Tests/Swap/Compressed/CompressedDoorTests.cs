using PageProof.Contract.Swap.Compressed;
using PageProof.Implementation.Swap;
using PageProof.Implementation.Swap.Compressed;
using PageProof.Properties.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>What the laws of compressed stores do not ask: before the first sequence and after the last.</summary>
[InLane("zswap")]
public sealed class CompressedDoorTests : IDisposable
{
    private const int Page = 4096;

    private static readonly PageMaterial Material = new();

    private readonly byte[] _read = new byte[Page];
    private readonly byte[] _room = new byte[Page];
    private readonly Lz4Library _library;

    public CompressedDoorTests()
    {
        Libraries.MustBeThere();
        _library = new();
    }

    private static ReadOnlySpan<byte> Text => Material[new(PageShape.Text, 1, 0)].AsSpan();

    private static ReadOnlySpan<byte> Random => Material[new(PageShape.Random, 1, 0)].AsSpan();

    public void Dispose() => _library.Dispose();

    [Fact]
    public void Before_anything_has_begun_there_is_nothing()
    {
        using CompressedStoreMachine machine = new();
        Assert.Equal((default, default), (machine.Zswap, machine.Zram));
        Assert.True(machine.WrittenBack.IsEmpty);
        var refusal = Assert.Throws<InvalidOperationException>(() => machine.Do(default, _read));
        Assert.Equal("Nothing has begun.", refusal.Message);
    }

    /// <summary>What is asked for compresses: the lengths are those of the compressors by themselves.</summary>
    [Theory]
    [InlineData(CompressedKind.Zswap)]
    [InlineData(CompressedKind.Zram)]
    public void Each_compressor_is_the_one_that_was_asked_for_at_its_level(CompressedKind kind)
    {
        using CompressedStoreMachine machine = new();
        using ZstdLibrary zstd = new();
        foreach (int level in (int[])[1, 19])
        {
            int lz4 = new Lz4(_library, level).Compress(Text, _room);
            int shorter = new Zstd(zstd, level).Compress(Text, _room);
            Assert.NotEqual(lz4, shorter);
            Assert.Equal(lz4, Stored(new(kind, CompressorKind.Lz4, level, 4)));
            Assert.Equal(shorter, Stored(new(kind, CompressorKind.Zstd, level, 4)));
        }

        int Stored(CompressedStart start)
        {
            machine.Reset(start with { MemoryPages = 100 });
            Text.CopyTo(_read);
            return machine.Do(new() { Kind = CompressedCommandKind.Store }, _read).Length;
        }
    }

    [Fact]
    public void A_library_that_is_given_up_compresses_nothing_more()
    {
        Lz4Library lz4 = new();
        ZstdLibrary zstd = new();
        lz4.Dispose();
        zstd.Dispose();
        lz4.Dispose();
        zstd.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new Lz4(lz4, 1).Compress(Text, _room));
        Assert.Throws<ObjectDisposedException>(() => new Zstd(zstd, 1).Compress(Text, _room));
        Assert.Throws<ObjectDisposedException>(() => new Zstd(zstd, 1).TryDecompress(Text, _room));
    }

    [Fact]
    public void A_machine_that_is_given_up_compresses_nothing_more()
    {
        foreach (var compressor in Enum.GetValues<CompressorKind>())
        {
            CompressedStoreMachine machine = new();
            machine.Reset(new(CompressedKind.Zram, compressor, 1, 4));
            machine.Dispose();
            Text.CopyTo(_read);
            Assert.Throws<ObjectDisposedException>(
                () => machine.Do(new() { Kind = CompressedCommandKind.Store }, _read));
        }
    }

    [Fact]
    public void A_cache_that_is_switched_off_takes_nothing_and_gives_back_what_it_has()
    {
        Zswap<Lz4> cache = new(new(_library, 1), 100);
        SimulatedDisk disk = new(8);
        var front = cache.Attach(new DiskStorage(disk, new SwapExtent(0, 0, 8)));
        Assert.Equal(8, front.Slots);
        Assert.True(front.TryWrite(1, Text));
        cache.IsEnabled = false;
        Assert.True(front.TryWrite(2, Text));
        Assert.Equal((1, 1), (disk.Writes, cache.Statistics.StoredPages));
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(front.Holds));
        Assert.True(front.TryRead(1, _read));
        Assert.True(Text.SequenceEqual(_read));
        Assert.Equal(0, disk.Reads);
    }

    [Fact]
    public void To_look_at_a_page_leaves_its_age_and_to_take_it_leaves_nothing()
    {
        Zswap<Lz4> cache = new(new(_library, 1), 100);
        SimulatedDisk disk = new(8);
        var front = cache.Attach(new DiskStorage(disk, new SwapExtent(0, 0, 8)));
        Assert.True(front.TryWrite(1, Text));
        Assert.True(front.TryWrite(2, Text));
        Assert.True(front.TryLook(1, _read));
        Assert.True(Text.SequenceEqual(_read));
        Assert.True(cache.Shrink(1));
        Assert.Equal((false, true), (front.Holds(1), front.Holds(2)));
        front.Take(2);
        Assert.Equal((false, 0, 0), (front.Holds(2), cache.Statistics.StoredPages, cache.Statistics.PoolTotalSize));
        Assert.False(front.TryRead(2, _read));
        Assert.Equal((1, 0), (disk.Writes, disk.Reads));
        Assert.True(cache.Shrink(5));
    }

    [Fact]
    public void What_either_compressor_has_made_shorter_comes_back_whichever_compresses_now()
    {
        using CompressorChoice choice = new();
        EitherCompressor either = new(choice);
        int lz4 = either.Compress(Text, _room);
        Assert.Equal(new Lz4(_library, 1).Compress(Text, new byte[Page]) + 1, lz4);
        var first = _room[..lz4];
        choice.ByZstd = true;
        Assert.True(either.TryDecompress(first, _read));
        Assert.True(Text.SequenceEqual(_read));
        int zstd = either.Compress(Text, _room);
        Assert.InRange(zstd, 1, lz4 - 1);
        var second = _room[..zstd];
        choice.ByZstd = false;
        _read.AsSpan().Clear();
        Assert.True(either.TryDecompress(second, _read));
        Assert.True(Text.SequenceEqual(_read));
        second[^1] = 3;
        Assert.False(either.TryDecompress(second, _read));

        // Given up, the libraries are opened anew when they are asked for.
        choice.Dispose();
        Assert.True(either.TryDecompress(first, _read));
    }

    [Fact]
    public void What_becomes_shorter_by_no_byte_beside_its_mark_is_no_shorter()
    {
        using CompressorChoice choice = new();
        EitherCompressor either = new(choice);
        foreach (bool byZstd in (bool[])[false, true])
        {
            choice.ByZstd = byZstd;
            Assert.Equal(Page, either.Compress(Random, _room));
        }
    }
}

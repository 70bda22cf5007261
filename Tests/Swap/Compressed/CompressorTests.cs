using PageProof.Contract;
using PageProof.Contract.Swap.Compressed;
using PageProof.Implementation.Swap.Compressed;
using PageProof.Properties.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>The compressors of the system, page by page.</summary>
[InLane("zswap")]
public sealed class CompressorTests : IDisposable
{
    private const int Page = 4096;
    private const int Rounds = 200;

    private static readonly PageMaterial Material = new();

    private readonly byte[] _room = new byte[Page];
    private readonly byte[] _page = new byte[Page];
    private readonly Lz4Library _lz4;
    private readonly ZstdLibrary _zstd;

    public CompressorTests()
    {
        Libraries.MustBeThere();
        (_lz4, _zstd) = (new(), new());
    }

    public static TheoryData<string> Pages =>
    [
        "fill 0x0", "fill 0xffffffffffffffff", "except 0x0 511", "except 0x5 0", "part 0x1 8", "part 0x1 448",
        "part 0x1 511", "text 0x1", "random 0x1",
    ];

    public void Dispose()
    {
        _lz4.Dispose();
        _zstd.Dispose();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_comes_back_from_each_at_each_level(string described)
    {
        var page = Read(described);
        foreach (int level in (int[])[1, 3, 9, 19])
        {
            ComesBack(new Lz4(_lz4, level), page);
            ComesBack(new Zstd(_zstd, level), page);
        }
    }

    [Fact]
    public void What_was_never_compressed_does_not_come_back()
    {
        var random = Read("random 0x2");
        Assert.False(new Lz4(_lz4, 1).TryDecompress(random, _page));
        Assert.False(new Zstd(_zstd, 1).TryDecompress(random, _page));

        // What comes back is a whole page.
        int length = new Lz4(_lz4, 1).Compress(Read("text 0x1")[..(Page / 2)], _room);
        Assert.False(new Lz4(_lz4, 1).TryDecompress(_room.AsSpan(0, length), _page));
        length = new Zstd(_zstd, 1).Compress(Read("text 0x1")[..(Page / 2)], _room);
        Assert.False(new Zstd(_zstd, 1).TryDecompress(_room.AsSpan(0, length), _page));
    }

    /// <summary>Texts become half as long or less, and Zstandard is the shorter.</summary>
    [Fact]
    public void Levels_and_compressors_differ()
    {
        var text = Read("text 0x3");
        int quick = new Lz4(_lz4, 1).Compress(text, _room), quicker = new Lz4(_lz4, 19).Compress(text, _room);
        int shorter = new Zstd(_zstd, 1).Compress(text, _room), shortest = new Zstd(_zstd, 19).Compress(text, _room);
        Assert.InRange(quick, Page / 4, Page);
        Assert.True(quick < quicker);
        Assert.True(shorter < quick);
        Assert.True(shortest < shorter);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_page()
    {
        var text = Read("text 0x3");
        Lz4 lz4 = new(_lz4, 1);
        Zstd zstd = new(_zstd, 3);
        Round(lz4, text);
        Round(zstd, text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            Round(lz4, text);
            Round(zstd, text);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_library_that_is_missing_is_named()
    {
        var refusal = Assert.Throws<UserError>(() => new Lz4Library("libnone.so.7"));
        Assert.Equal("Pages are to be compressed by LZ4, and libnone.so.7 is not installed.", refusal.Message);
        refusal = Assert.Throws<UserError>(() => new ZstdLibrary("libnone.so.7"));
        Assert.Equal("Pages are to be compressed by Zstandard, and libnone.so.7 is not installed.", refusal.Message);
    }

    private static ReadOnlySpan<byte> Read(string described)
    {
        string text = $"zram lz4 level=1 slots=1 limit=0 backing=0\nstore 0 {described}";
        Assert.True(CompressedText.TryParse(text, out var sequence, out string? reason), reason);
        return Material[sequence.Commands[0].Page].AsSpan();
    }

    private void Round<TCompressor>(TCompressor compressor, ReadOnlySpan<byte> page)
        where TCompressor : struct, IPageCompressor
    {
        int length = compressor.Compress(page, _room);
        Assert.True(compressor.TryDecompress(_room.AsSpan(0, length), _page));
    }

    private void ComesBack<TCompressor>(TCompressor compressor, ReadOnlySpan<byte> page)
        where TCompressor : struct, IPageCompressor
    {
        int length = compressor.Compress(page, _room);
        Assert.Equal(length, compressor.Compress(page, _room));
        Assert.InRange(length, 1, Page);
        if (length < Page)
        {
            Assert.True(compressor.TryDecompress(_room.AsSpan(0, length), _page));
            Assert.True(page.SequenceEqual(_page));
        }
        else
        {
            Assert.True(page.SequenceEqual(Read("random 0x1")) || page.SequenceEqual(Read("part 0x1 511")));
        }
    }
}

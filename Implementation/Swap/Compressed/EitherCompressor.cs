namespace PageProof.Implementation.Swap.Compressed;

/// <summary>
/// The two libraries, of which one compresses now. Each is opened when it is first asked for, and stays.
/// </summary>
public sealed class CompressorChoice : IDisposable
{
    private const int Level = 1;

    private Lz4Library? _lz4;
    private ZstdLibrary? _zstd;

    /// <summary>Whether Zstandard compresses from now on, or LZ4.</summary>
    public bool ByZstd { get; set; }

    public Lz4 Lz4 => new(_lz4 ??= new(), Level);

    public Zstd Zstd => new(_zstd ??= new(), Level);

    public void Dispose()
    {
        _lz4?.Dispose();
        _zstd?.Dispose();
        (_lz4, _zstd) = (null, null);
    }
}

/// <summary>
/// Either compressor. The last byte of what is compressed says by which, since there may be another one when it is
/// brought back.
/// </summary>
public readonly struct EitherCompressor(CompressorChoice choice) : IPageCompressor
{
    private const byte ByLz4 = 1;
    private const byte ByZstd = 2;

    public int Compress(ReadOnlySpan<byte> page, Span<byte> room)
    {
        var most = room[..^1];
        int length = choice.ByZstd ? choice.Zstd.Compress(page, most) : choice.Lz4.Compress(page, most);
        if (length >= most.Length)
        {
            return page.Length;
        }

        room[length] = choice.ByZstd ? ByZstd : ByLz4;
        return length + 1;
    }

    public bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> page) => compressed[^1] switch
    {
        ByLz4 => choice.Lz4.TryDecompress(compressed[..^1], page),
        ByZstd => choice.Zstd.TryDecompress(compressed[..^1], page),
        _ => false,
    };
}

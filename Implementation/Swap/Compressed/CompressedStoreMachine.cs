using System.Runtime.InteropServices;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>
/// Zswap and zram behind their door, each with a simulated disk that can be made to fail. The libraries are opened
/// when they are first asked for, and stay.
/// </summary>
public sealed class CompressedStoreMachine : ICompressedStore
{
    private Lz4Library? _lz4;
    private ZstdLibrary? _zstd;
    private CompressedSession? _session;

    public CompressedCapabilities Capabilities { get; } = new()
    {
        Lz4 = Lz4Library.IsInstalled(Lz4Library.Name),
        Zstd = ZstdLibrary.IsInstalled(ZstdLibrary.Name),
    };

    public ReadOnlySpan<PageWrittenBack> WrittenBack => CollectionsMarshal.AsSpan(_session?.Log);

    public ZswapStatistics Zswap => _session?.Zswap ?? default;

    public ZramStatistics Zram => _session?.Zram ?? default;

    public void Reset(CompressedStart start) => _session = start.Compressor == CompressorKind.Lz4
        ? Open(start, new Lz4(_lz4 ??= new(), start.Level))
        : Open(start, new Zstd(_zstd ??= new(), start.Level));

    public CompressedAnswer Do(in CompressedCommand command, Span<byte> page)
    {
        var session = _session ?? throw new InvalidOperationException("Nothing has begun.");
        session.Log.Clear();
        return session.Do(command, page);
    }

    public void Dispose()
    {
        _lz4?.Dispose();
        _zstd?.Dispose();
    }

    private static CompressedSession Open<TCompressor>(CompressedStart start, TCompressor compressor)
        where TCompressor : struct, IPageCompressor => start.Kind == CompressedKind.Zswap
            ? new ZswapSession<TCompressor>(start, compressor)
            : new ZramSession<TCompressor>(start, compressor);
}

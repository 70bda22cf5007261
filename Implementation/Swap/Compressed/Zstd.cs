using System.Runtime.InteropServices;
using PageProof.Contract;
using static PageProof.Implementation.Swap.Compressed.ZstdFunctions;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>
/// The library of Zstandard, with what it needs to compress and to decompress; one does it at a time.
/// </summary>
public sealed unsafe class ZstdLibrary : IDisposable
{
    private nint _compression;
    private nint _decompression;

    /// <exception cref="UserError">The library is not installed.</exception>
    public ZstdLibrary()
        : this(Name)
    {
    }

    /// <summary>The same, with the library under another name.</summary>
    public ZstdLibrary(string library)
    {
        if (!IsInstalled(library))
        {
            throw new UserError($"Pages are to be compressed by Zstandard, and {library} is not installed.");
        }

        (_compression, _decompression) = (ZSTD_createCCtx(), ZSTD_createDCtx());
    }

    ~ZstdLibrary() => Free();

    /// <summary>The name under which the system has the library.</summary>
    public static string Name => ZstdFunctions.Library;

    /// <summary>Whether the library of a name is there.</summary>
    public static bool IsInstalled(string library) => NativeLibrary.TryLoad(library, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        // Survivor: to free nothing once more changes nothing.
        GC.SuppressFinalize(this);
    }

    // Below 0 when there is not enough room.
    internal int Compress(ReadOnlySpan<byte> content, Span<byte> room, int level)
    {
        ObjectDisposedException.ThrowIf(_compression == 0, this);
        fixed (byte* from = content, to = room)
        {
            return Length(ZSTD_compressCCtx(
                _compression, to, (nuint)room.Length, from, (nuint)content.Length, level));
        }
    }

    // How many bytes it has become; below 0 when it is nothing compressed.
    internal int Decompress(ReadOnlySpan<byte> compressed, Span<byte> room)
    {
        ObjectDisposedException.ThrowIf(_decompression == 0, this);
        fixed (byte* from = compressed, to = room)
        {
            return Length(ZSTD_decompressDCtx(
                _decompression, to, (nuint)room.Length, from, (nuint)compressed.Length));
        }
    }

    private static int Length(nuint answer) => ZSTD_isError(answer) == 0 ? (int)answer : -1;

    private void Free()
    {
        _ = ZSTD_freeCCtx(_compression);
        _ = ZSTD_freeDCtx(_decompression);
        (_compression, _decompression) = (0, 0);
    }
}

/// <summary>Zstandard: shorter than LZ4, and slower.</summary>
/// <param name="library">The library.</param>
/// <param name="level">How hard it tries, from 1 on.</param>
public readonly struct Zstd(ZstdLibrary library, int level) : IPageCompressor
{
    /// <inheritdoc/>
    public int Compress(ReadOnlySpan<byte> page, Span<byte> room) =>
        library.Compress(page, room, level) is > 0 and var length ? length : page.Length;

    /// <inheritdoc/>
    public bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> page) =>
        library.Decompress(compressed, page) == page.Length;
}

using System.Runtime.InteropServices;
using PageProof.Contract;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>The library of LZ4, with the memory that it needs to compress; one compresses at a time.</summary>
public sealed unsafe class Lz4Library : IDisposable
{
    private const string Library = "liblz4.so.1";

    private void* _state;

    /// <exception cref="UserError">The library is not installed.</exception>
    public Lz4Library()
        : this(Library)
    {
    }

    /// <summary>The same, with the library under another name.</summary>
    public Lz4Library(string library)
    {
        if (!IsInstalled(library))
        {
            throw new UserError($"Pages are to be compressed by LZ4, and {library} is not installed.");
        }

        _state = NativeMemory.Alloc((nuint)LZ4_sizeofState());
    }

    ~Lz4Library() => Free();

    /// <summary>The name under which the system has the library.</summary>
    public static string Name => Library;

    /// <summary>Whether the library of a name is there.</summary>
    public static bool IsInstalled(string library) => NativeLibrary.TryLoad(library, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        // Survivor: to free nothing once more changes nothing.
        GC.SuppressFinalize(this);
    }

    // 0 when there is not enough room.
    internal int Compress(ReadOnlySpan<byte> content, Span<byte> room, int acceleration)
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        fixed (byte* from = content, to = room)
        {
            return LZ4_compress_fast_extState(_state, from, to, content.Length, room.Length, acceleration);
        }
    }

    // How many bytes it has become; below 0 when it is nothing compressed.
    internal static int Decompress(ReadOnlySpan<byte> compressed, Span<byte> room)
    {
        fixed (byte* from = compressed, to = room)
        {
            return LZ4_decompress_safe(from, to, compressed.Length, room.Length);
        }
    }

    private void Free()
    {
        NativeMemory.Free(_state);
        _state = null;
    }

    [DllImport(Library)]
    private static extern int LZ4_sizeofState();

    [DllImport(Library)]
    private static extern int LZ4_compress_fast_extState(
        void* state, byte* from, byte* to, int length, int room, int acceleration);

    [DllImport(Library)]
    private static extern int LZ4_decompress_safe(byte* from, byte* to, int length, int room);
}

/// <summary>LZ4: quick, and not very short.</summary>
/// <param name="library">The library.</param>
/// <param name="acceleration">How much is passed over unseen, from 1 on.</param>
public readonly struct Lz4(Lz4Library library, int acceleration) : IPageCompressor
{
    /// <inheritdoc/>
    public int Compress(ReadOnlySpan<byte> page, Span<byte> room) =>
        library.Compress(page, room, acceleration) is > 0 and var length ? length : page.Length;

    /// <inheritdoc/>
    public bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> page) =>
        Lz4Library.Decompress(compressed, page) == page.Length;
}

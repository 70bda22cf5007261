using System.Runtime.InteropServices;
using PageProof.Contract;
using PageProof.Implementation.Swap.Compressed;
using static PageProof.Implementation.Swap.Compressed.ZstdFunctions;

namespace PageProof.Cli.Replay;

/// <summary>
/// Reads what zstd compressed, piece by piece, through the library of the system. Several frames one after the other
/// are read as one, as the tool writes them.
/// </summary>
public sealed class ZstdStream : Stream
{
    private const int InputSize = 1 << 17;

    private readonly Stream _compressed;
    private readonly byte[] _input = GC.AllocateArray<byte>(InputSize, pinned: true);
    private readonly byte[] _output = GC.AllocateArray<byte>(InputSize, pinned: true);
    private nint _context;
    private ZstdBuffer _in;
    private int _ready;
    private int _taken;
    private bool _isWithinFrame;

    /// <exception cref="UserError">The library is not installed.</exception>
    public ZstdStream(Stream compressed, string name)
        : this(compressed, name, Library)
    {
    }

    /// <summary>The same, with the library under another name.</summary>
    public ZstdStream(Stream compressed, string name, string library)
    {
        if (!NativeLibrary.TryLoad(library, out _))
        {
            throw new UserError($"{name} is compressed with zstd, and {library} is not installed.");
        }

        _compressed = compressed;
        _context = ZSTD_createDStream();
        _in = new() { Data = Marshal.UnsafeAddrOfPinnedArrayElement(_input, 0) };
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_taken == _ready)
        {
            if (!Decompress())
            {
                return 0;
            }
        }

        int given = Math.Min(count, _ready - _taken);
        _output.AsSpan(_taken, given).CopyTo(buffer.AsSpan(offset));
        _taken += given;
        return given;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
        {
            ZSTD_freeDStream(_context);
            _context = 0;
        }

        if (disposing)
        {
            _compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    // False at the end.
    private bool Decompress()
    {
        if (_in.Position == _in.Size)
        {
            _in.Size = (nuint)_compressed.Read(_input);
            _in.Position = 0;
            if (_in.Size == 0)
            {
                return _isWithinFrame ? throw new InvalidDataException("it ends within a frame") : false;
            }
        }

        ZstdBuffer output = new() { Data = Marshal.UnsafeAddrOfPinnedArrayElement(_output, 0), Size = InputSize };
        nuint left = ZSTD_decompressStream(_context, ref output, ref _in);
        if (ZSTD_isError(left) != 0)
        {
            throw new InvalidDataException(Marshal.PtrToStringUTF8(ZSTD_getErrorName(left)));
        }

        (_isWithinFrame, _taken, _ready) = (left != 0, 0, (int)output.Position);
        return true;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using PageProof.Contract;

namespace PageProof.Cli.Replay;

/// <summary>What a trace is written in.</summary>
public enum TraceFormat
{
    /// <summary>What the file itself says.</summary>
    Auto,
    /// <summary>The text of valgrind's lackey.</summary>
    Lackey,
    /// <summary>Lines of addresses or pages.</summary>
    Csv,
    /// <summary>The binary oracleGeneral of libCacheSim.</summary>
    Oracle,
    /// <summary>The compact VMTR.</summary>
    Vmtr,
}

/// <summary>
/// The bytes of a trace, decompressed as they are read: what compressed them is seen in the first bytes.
/// </summary>
public sealed class TraceFile : IDisposable
{
    private const int HeadSize = 1 << 12;

    private readonly FileStream? _file;
    private readonly Stream _bytes;
    private readonly byte[] _head = new byte[HeadSize];
    private readonly int _headSize;
    private int _headTaken;
    private long _total;

    private TraceFile(string path, FileStream file)
    {
        (Path, _file) = (path, file);
        Span<byte> magic = stackalloc byte[4];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read == 0)
        {
            file.Dispose();
            throw new UserError($"{path} is empty.");
        }

        _bytes = magic switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(file, CompressionMode.Decompress),
            [0x28, 0xB5, 0x2F, 0xFD] => new ZstdStream(file, path),
            _ => file,
        };
        IsCompressed = _bytes != file;
        _headSize = Fill(_head);
    }

    private TraceFile(string name, Stream pipe) => (Path, _bytes) = (name, pipe);

    /// <summary>Its name.</summary>
    public string Path { get; }

    /// <summary>Whether the size of the file says nothing about what it holds.</summary>
    public bool IsCompressed { get; }

    /// <summary>The size of the file.</summary>
    public long Size => _file?.Length ?? 0;

    /// <summary>How far the file has been read.</summary>
    public long Done => _file?.Position ?? 0;

    /// <summary>The first bytes of what it holds.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headSize);

    /// <exception cref="UserError">There is no such file.</exception>
    public static TraceFile Open(string path)
    {
        FileStream file = new(InputFile.Open(path, "trace"), FileAccess.Read, 1 << 16);
        try
        {
            return new(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A trace that another program writes meanwhile.</summary>
    public static TraceFile OfPipe(string name, Stream pipe) => new(name, pipe);

    /// <summary>Fills a buffer; less only at the end.</summary>
    public int Read(Span<byte> buffer)
    {
        int given = Math.Min(buffer.Length, _headSize - _headTaken);
        _head.AsSpan(_headTaken, given).CopyTo(buffer);
        _headTaken += given;
        return given + Fill(buffer[given..]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _file?.Dispose();
    }

    // The stream takes the end of the file for the end of the data; the last four bytes tell how much there was.
    private bool IsWhole
    {
        get
        {
            if (_bytes is not GZipStream || _file is null)
            {
                return true;
            }

            Span<byte> size = stackalloc byte[sizeof(uint)];
            RandomAccess.Read(_file.SafeFileHandle, size, Math.Max(0, _file.Length - size.Length));
            return BinaryPrimitives.ReadUInt32LittleEndian(size) == (uint)_total;
        }
    }

    private int Fill(Span<byte> buffer)
    {
        try
        {
            int read = _bytes.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            _total += read;
            return read == buffer.Length || IsWhole ? read
                : throw new InvalidDataException("it was cut off, or is several put together");
        }
        catch (InvalidDataException damage)
        {
            throw new UserError($"{Path} cannot be decompressed at byte {Done}: {InputFile.Reason(damage)}.");
        }
    }
}

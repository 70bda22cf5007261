using System.Globalization;
using System.Runtime.InteropServices;
using PageProof.Implementation.Reclaim;

namespace PageProof.Cli.Replay;

/// <summary>
/// Keeps records until all are known, so that the next use of each can be found from the end on. What is more than
/// fits into memory goes to two files, which are announced and vanish at the end.
/// </summary>
public sealed class FutureStore(long recordsInMemory, Action<string> announce) : IDisposable
{
    /// <summary>How many records a piece has; the last may have less.</summary>
    public const int PieceSize = 1 << 16;

    /// <summary>How many records are kept in memory: 128 MiB, with their distances.</summary>
    public const long InMemoryDefault = 1 << 24;

    private readonly List<uint[]> _records = [];
    private readonly List<uint[]> _distances = [];
    private readonly uint[] _piece = new uint[PieceSize];
    private readonly uint[] _ahead = new uint[PieceSize];
    private FileStream? _recordFile;
    private FileStream? _distanceFile;
    private long _count;

    /// <summary>How many pieces there are.</summary>
    public int Pieces => (int)((_count + PieceSize - 1) / PieceSize);

    /// <summary>Adds a whole piece, or the last.</summary>
    public void Add(ReadOnlySpan<uint> records)
    {
        if (_recordFile is null && _count + records.Length > recordsInMemory)
        {
            Spill();
        }

        if (_recordFile is { } file)
        {
            file.Write(MemoryMarshal.AsBytes(records));
        }
        else
        {
            _records.Add(records.ToArray());
        }

        _count += records.Length;
    }

    /// <summary>Finds all distances, from the end on; progress is told as the number of records done.</summary>
    public void LookAhead(int pages, Action<long> progress)
    {
        NextUses uses = new();
        for (int piece = Pieces - 1; piece >= 0; piece--)
        {
            var records = Records(piece);
            var distances = _ahead.AsSpan(0, records.Length);
            uses.Find(records, (ulong)piece * PieceSize, pages, distances);
            if (_distanceFile is { } file)
            {
                file.Position = (long)piece * PieceSize * sizeof(uint);
                file.Write(MemoryMarshal.AsBytes(distances));
            }
            else
            {
                _distances.Add(distances.ToArray());
            }

            progress(_count - (long)piece * PieceSize);
        }
    }

    /// <summary>The records of a piece, valid until the next one is asked for.</summary>
    public ReadOnlySpan<uint> Records(int piece) =>
        _recordFile is { } file ? Read(file, piece, _piece).Span : _records[piece];

    /// <summary>How far away the next uses of a piece are, valid until the next one is asked for.</summary>
    public ReadOnlyMemory<uint> Distances(int piece) =>
        _distanceFile is { } file ? Read(file, piece, _ahead) : _distances[Pieces - 1 - piece];

    public void Dispose()
    {
        _recordFile?.Dispose();
        _distanceFile?.Dispose();
    }

    private static FileStream Temporary(string name) => new(name, FileMode.CreateNew, FileAccess.ReadWrite,
        FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    private Memory<uint> Read(FileStream file, int piece, uint[] buffer)
    {
        long first = (long)piece * PieceSize;
        var records = buffer.AsMemory(0, (int)Math.Min(PieceSize, _count - first));
        file.Position = first * sizeof(uint);
        file.ReadExactly(MemoryMarshal.AsBytes(records.Span));
        return records;
    }

    private void Spill()
    {
        string name = Path.Combine(Path.GetTempPath(), $"pageproof-{Environment.ProcessId}-future");
        string limit = recordsInMemory.ToString("#,0", CultureInfo.InvariantCulture);
        announce($"More than {limit} records: what OPT looks ahead goes to {name}-records and {name}-uses, "
            + "8 bytes a record, until the end.");
        _recordFile = Temporary($"{name}-records");
        _distanceFile = Temporary($"{name}-uses");
        foreach (uint[] piece in _records)
        {
            _recordFile.Write(MemoryMarshal.AsBytes<uint>(piece));
        }

        _records.Clear();
    }
}

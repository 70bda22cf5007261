using System.Buffers.Binary;

namespace PageProof.Cli.Replay;

/// <summary>
/// Reads the oracleGeneral traces of libCacheSim: records of 24 bytes, little-endian: a time of 32 bits, an object
/// of 64, a size of 32 and the next access of 64. Every object is taken for a page, and every record for a read.
/// Records of size zero are left out, as libCacheSim does.
/// </summary>
internal sealed class OracleReader(TraceFile file) : TraceReader(file)
{
    private const int RecordSize = 24;
    private const long NextMost = 1L << 48;
    private const int RecordsAtOnce = 1 << 12;

    private readonly byte[] _buffer = new byte[RecordSize * RecordsAtOnce];
    private long _number;
    private long _references;

    public override long References => _references;

    public override string? Note => "every object counts as one page";

    public override int Read(Span<TraceRecord> records)
    {
        int count = 0;
        while (count == 0)
        {
            int bytes = File.Read(_buffer.AsSpan(0, RecordSize * Math.Min(records.Length, RecordsAtOnce)));
            if (bytes == 0)
            {
                break;
            }

            for (int at = 0; at < bytes; at += RecordSize)
            {
                _number++;
                if (bytes - at < RecordSize)
                {
                    throw Wrong("record", _number, $"it ends after {bytes - at} of {RecordSize} bytes");
                }

                var record = _buffer.AsSpan(at, RecordSize);
                long next = BinaryPrimitives.ReadInt64LittleEndian(record[16..]);
                if (next is < -2 or > NextMost && next != long.MaxValue)
                {
                    throw Wrong("record", _number,
                        "its next access is out of range, so this is no oracleGeneral, or of the other byte order");
                }

                if (BinaryPrimitives.ReadUInt32LittleEndian(record[12..]) != 0)
                {
                    records[count++] = new(BinaryPrimitives.ReadUInt64LittleEndian(record[4..]), 2);
                }
            }
        }

        _references += count;
        return count;
    }
}

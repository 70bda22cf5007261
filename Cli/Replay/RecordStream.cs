using PageProof.Contract;
using PageProof.Implementation.Reclaim;

namespace PageProof.Cli.Replay;

/// <summary>
/// The records of a trace as policies take them: pages numbered as they are first seen, and references to one page
/// in a row made one.
/// </summary>
public sealed class RecordStream(TraceReader reader) : IDisposable
{
    private const int PagesMost = 1 << (32 - ReplacementMemory.MaskBits);

    private readonly TraceRecord[] _read = new TraceRecord[1 << 14];
    private readonly PageNumbering _numbers = new();
    private int _from;
    private int _until;
    private TraceRecord? _pending;

    /// <summary>How many pages were seen.</summary>
    public int Pages => _numbers.Count;

    /// <summary>How many records were given.</summary>
    public long Records { get; private set; }

    /// <summary>The trace.</summary>
    public TraceReader Reader => reader;

    /// <summary>The page of a record.</summary>
    public ulong PageOf(uint record) => PageAt((int)(record >> ReplacementMemory.MaskBits));

    /// <summary>The page of a number.</summary>
    public ulong PageAt(int number) => _numbers[number];

    /// <summary>Fills a buffer; less only at the end.</summary>
    public int Read(Span<uint> records)
    {
        int count = 0;
        while (count < records.Length && (_from < _until || Refill()))
        {
            var next = _read[_from++];
            if (_pending is { } pending && pending.Page == next.Page)
            {
                _pending = pending with { Mask = pending.Mask | next.Mask };
                continue;
            }

            if (_pending is { } done)
            {
                records[count++] = Numbered(done);
            }

            _pending = next;
        }

        if (count < records.Length && _pending is { } last)
        {
            records[count++] = Numbered(last);
            _pending = null;
        }

        Records += count;
        return count;
    }

    public void Dispose() => reader.Dispose();

    private bool Refill()
    {
        (_from, _until) = (0, reader.Read(_read));
        return _until > 0;
    }

    private uint Numbered(TraceRecord record)
    {
        int number = _numbers.NumberOf(record.Page);
        return number < PagesMost ? (uint)number << ReplacementMemory.MaskBits | record.Mask
            : throw new UserError($"{reader.File.Path} has more than {PagesMost} pages.");
    }
}

using System.Buffers.Binary;
using PageProof.Contract;

namespace PageProof.Cli.Replay;

/// <summary>
/// Reads VMTR traces; docs/replay.md draws them. What the head promises is believed only as far as the file goes.
/// </summary>
internal sealed class VmtrReader : TraceReader
{
    public const int HeadSize = 40;
    public const uint Version = 1;
    public const int MaskBits = 3;
    public const int PagesMost = 1 << 29;

    private const int PageShiftLeast = 12;
    private const int PageShiftMost = 30;
    private const int BufferSize = 1 << 16;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly List<ulong> _pages = [];
    private readonly ulong _records;
    private readonly ulong _references;
    private readonly uint _depth;
    private ulong _done;

    public VmtrReader(TraceFile file, int? pageShift)
        : base(file)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        int read = file.Read(head);
        if (read < HeadSize)
        {
            throw new UserError($"{file.Path} ends after {read} of the {HeadSize} bytes of its head.");
        }

        uint version = Word(head, 1), shift = Word(head, 2), pages = Word(head, 4);
        (_depth, _records) = (Word(head, 3), BinaryPrimitives.ReadUInt64LittleEndian(head[24..]));
        _references = BinaryPrimitives.ReadUInt64LittleEndian(head[32..]);
        string? wrong = !head.StartsWith(Magic) ? "it does not begin as a VMTR trace does"
            : version == BinaryPrimitives.ReverseEndianness(Version) ? "its version is of the other byte order"
            : version != Version ? $"its version is {version}, and only {Version} is known"
            : shift is < PageShiftLeast or > PageShiftMost ? $"it has pages of 2^{shift} bytes"
            : pages > PagesMost ? $"{pages} pages are more than {PagesMost}"
            : _depth == 0 || Word(head, 5) != 0 ? "its head holds what it may not"
            : _references < _records ? $"{_records} records cannot stand for {_references} references"
            : _records == 0 ? "it holds no reference"
            : pageShift < shift ? $"its pages are of 2^{shift} bytes, and cannot be cut into smaller ones" : null;
        if (wrong is not null)
        {
            throw new UserError($"{file.Path}: {wrong}.");
        }

        CheckSize(pages);
        ReadPages(pages, (int)shift, pageShift ?? (int)shift);
    }

    public static ReadOnlySpan<byte> Magic => "VMTR"u8;

    public static ReadOnlySpan<byte> MagicReversed => "RTMV"u8;

    // What the records so far stand for is not told one by one.
    public override long References => _done == _records ? (long)_references : (long)_done;

    public override string? Note => _depth == 1 ? null
        : $"the trace leaves out what hits in {_depth} recent pages, so the figures are not exact";

    public override int Read(Span<TraceRecord> records)
    {
        int wanted = (int)Math.Min((ulong)Math.Min(records.Length, BufferSize / 4), _records - _done);
        int bytes = File.Read(_buffer.AsSpan(0, wanted * 4));
        if (bytes < wanted * 4)
        {
            throw Wrong(
                "record", (long)_done + (bytes / 4) + 1, $"the trace ends here, and promises {_records} records");
        }

        for (int place = 0; place < wanted; place++)
        {
            uint record = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(place * 4));
            uint page = record >> MaskBits, mask = record & ((1 << MaskBits) - 1);
            if (page >= _pages.Count || mask == 0)
            {
                throw Wrong("record", (long)_done + place + 1, mask == 0
                    ? "it neither fetches, reads nor writes" : $"it names page {page} of {_pages.Count}");
            }

            records[place] = new(_pages[(int)page], mask);
        }

        _done += (ulong)wanted;
        if (wanted == 0 && File.Read(_buffer.AsSpan(0, 1)) > 0)
        {
            throw new UserError($"{File.Path} goes on after its last record.");
        }

        return wanted;
    }

    private static uint Word(ReadOnlySpan<byte> head, int place) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[(place * 4)..]);

    private void CheckSize(uint pages)
    {
        ulong rest = (ulong)File.Size - HeadSize;
        bool fits = _records <= ulong.MaxValue / 8 && (pages * 8UL) + (_records * 4) == rest;
        if (!File.IsCompressed && !fits)
        {
            throw new UserError(
                $"{File.Path} has {File.Size} bytes, which are not its {pages} pages and {_records} records.");
        }
    }

    private void ReadPages(uint pages, int shift, int pageShift)
    {
        while (_pages.Count < pages)
        {
            int wanted = Math.Min(BufferSize / 8, (int)pages - _pages.Count);
            int bytes = File.Read(_buffer.AsSpan(0, wanted * 8));
            if (bytes < wanted * 8)
            {
                throw Wrong("page", _pages.Count + (bytes / 8) + 1, $"the trace ends here, and promises {pages} pages");
            }

            for (int place = 0; place < wanted; place++)
            {
                ulong page = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(place * 8));
                if (page >> (64 - shift) != 0)
                {
                    throw Wrong("page", _pages.Count + 1, $"0x{page:x} is no number of a page of 64-bit addresses");
                }

                _pages.Add(page >> (pageShift - shift));
            }
        }
    }
}

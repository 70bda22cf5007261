using System.Buffers.Text;
using System.Text;

namespace PageProof.Cli.Replay;

/// <summary>
/// Reads what valgrind --tool=lackey --trace-mem=yes prints: a letter, an address without 0x, and a size. A reference
/// across the end of a page counts as two.
/// </summary>
internal sealed class LackeyReader(TraceFile file, int pageShift) : TraceReader(file)
{
    private const ulong SizeMost = 4096;
    private const int ShownMost = 40;

    private readonly TextLines _lines = new(file);
    private TraceRecord? _second;
    private long _references;

    public override long References => _references;

    /// <summary>Whether a text is of this kind.</summary>
    public static bool IsFirstOf(ReadOnlySpan<byte> head) => head.StartsWith("=="u8) || head.StartsWith("--"u8)
        || head.StartsWith("I  "u8) || head.StartsWith(" L "u8) || head.StartsWith(" S "u8) || head.StartsWith(" M "u8);

    public override int Read(Span<TraceRecord> records)
    {
        int count = 0;
        while (count < records.Length)
        {
            if (_second is { } second)
            {
                records[count++] = second;
                _second = null;
            }
            else if (!_lines.TryRead(out var line))
            {
                break;
            }
            else if (!line.IsEmpty && !line.StartsWith("=="u8) && !line.StartsWith("--"u8))
            {
                records[count++] = Parse(line);
            }
        }

        _references += count;
        return count;
    }

    private TraceRecord Parse(ReadOnlySpan<byte> line)
    {
        uint mask = line.Length < 4 || line[2] != ' ' ? 0 : (line[0], line[1]) switch
        {
            ((byte)'I', (byte)' ') => 1u,
            ((byte)' ', (byte)'L') => 2u,
            ((byte)' ', (byte)'S') => 4u,
            ((byte)' ', (byte)'M') => 6u,
            _ => 0u,
        };
        var text = mask == 0 ? default : line[3..];
        bool good = Utf8Parser.TryParse(text, out ulong address, out int digits, 'x') && digits + 1 < text.Length
            && text[digits] == ',' && Utf8Parser.TryParse(text[(digits + 1)..], out ulong size, out int more)
            && digits + 1 + more == text.Length && size is > 0 and <= SizeMost
            && address + (size - 1) >= address && Split(address, size, mask);
        return good ? new(address >> pageShift, mask) : throw Wrong(
            "line", _lines.Number,
            $"'{Encoding.ASCII.GetString(line[..Math.Min(ShownMost, line.Length)])}' is no line of lackey");
    }

    private bool Split(ulong address, ulong size, uint mask)
    {
        ulong last = address + (size - 1) >> pageShift;
        _second = last == address >> pageShift ? null : new(last, mask);
        return true;
    }
}

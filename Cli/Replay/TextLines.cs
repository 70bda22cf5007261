using System.Buffers;
using PageProof.Contract;

namespace PageProof.Cli.Replay;

/// <summary>The lines of a trace that is text.</summary>
internal sealed class TextLines(TraceFile file)
{
    private const int BufferSize = 1 << 16;
    private const int LineMost = 1 << 12;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _from;
    private int _until;
    private bool _isEnd;

    /// <summary>What a text is made of.</summary>
    public static SearchValues<byte> Letters { get; } =
        SearchValues.Create([9, 10, 13, .. Enumerable.Range(32, 95).Select(each => (byte)each)]);

    /// <summary>The number of the line that was read last.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line; false at the end. It is valid until the next one is read.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        for (; ; )
        {
            var rest = _buffer.AsSpan(_from, _until - _from);
            int length = rest.IndexOf((byte)'\n');
            if (length >= 0 || (_isEnd && rest.Length > 0))
            {
                line = length >= 0 ? rest[..length] : rest;
                _from += length >= 0 ? length + 1 : rest.Length;
                Number++;
                line = line.EndsWith("\r"u8) ? line[..^1] : line;
                return true;
            }

            if (_isEnd)
            {
                line = default;
                return false;
            }

            if (rest.Length > LineMost)
            {
                throw new UserError($"{file.Path}, line {Number + 1}: it is too long for a line of a trace.");
            }

            rest.CopyTo(_buffer);
            (_from, _until) = (0, rest.Length);
            int read = file.Read(_buffer.AsSpan(_until));
            _isEnd = read < _buffer.Length - _until;
            _until += read;
        }
    }
}

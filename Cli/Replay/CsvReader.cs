using System.Text;

namespace PageProof.Cli.Replay;

/// <summary>
/// Reads lines of values between commas, semicolons or tabs. A first line of names says what they are: address or
/// page, and kind; without it they are an address and a kind. A line without a kind reads.
/// </summary>
internal sealed class CsvReader : TraceReader
{
    private const int ShownMost = 40;
    private static readonly string[] PageNames = ["page", "vpn", "obj_id", "id", "key"];
    private static readonly string[] AddressNames = ["address", "addr"];
    private static readonly string[] KindNames = ["kind", "op", "access", "type"];

    private readonly TextLines _lines;
    private readonly int _pageShift;
    private readonly char _comma;
    private int _place;
    private int _kind = 1;
    private long _references;
    private bool _isFirst = true;

    public CsvReader(TraceFile file, int pageShift)
        : base(file)
    {
        (_lines, _pageShift) = (new(file), pageShift);
        var head = file.Head;
        int end = head.IndexOf((byte)'\n');
        _comma = (char)((end < 0 ? head : head[..end]).IndexOfAny(",;\t"u8) is >= 0 and var at ? head[at] : (byte)',');
    }

    public override long References => _references;

    public override int Read(Span<TraceRecord> records)
    {
        int count = 0;
        while (count < records.Length && _lines.TryRead(out var line))
        {
            string text = Encoding.ASCII.GetString(line).Trim();
            bool isFirst = _isFirst;
            _isFirst = _isFirst && text.Length == 0;
            if (text.Length > 0 && text[0] != '#' && !(isFirst && TryReadNames(text)))
            {
                records[count++] = Parse(text);
            }
        }

        _references += count;
        return count;
    }

    private bool TryReadNames(string line)
    {
        var names = line.Split(_comma).Select(name => name.Trim().Trim('"').ToLowerInvariant()).ToList();
        int page = names.FindIndex(PageNames.Contains), address = names.FindIndex(AddressNames.Contains);
        if (page < 0 && address < 0)
        {
            return char.IsAsciiDigit(line[0]) ? false
                : throw Wrong("line", _lines.Number, "none of the names is address or page");
        }

        (_place, _kind) = (address < 0 ? page : address, names.FindIndex(KindNames.Contains));
        IsOfPages = address < 0;
        return true;
    }

    private bool IsOfPages { get; set; }

    private TraceRecord Parse(string line)
    {
        var values = line.Split(_comma);
        string kind = _kind >= 0 && _kind < values.Length ? values[_kind].Trim().Trim('"').ToLowerInvariant() : "r";
        uint mask = kind switch
        {
            "f" or "fetch" or "i" or "x" or "execute" => 1,
            "r" or "read" or "l" or "load" or "get" => 2,
            "w" or "write" or "s" or "store" or "set" => 4,
            "m" or "modify" or "rw" => 6,
            _ => 0,
        };
        if (mask == 0)
        {
            throw Wrong("line", _lines.Number, $"'{Shown(kind)}' is no kind of reference, such as r, w or f");
        }

        string value = _place < values.Length ? values[_place].Trim().Trim('"') : "";
        return Numbers.TryParse(value, out ulong number)
            ? new(IsOfPages ? number : number >> _pageShift, mask)
            : throw Wrong("line", _lines.Number,
                $"'{Shown(value)}' is no {(IsOfPages ? "page" : "address")} of 64 bits");
    }

    private static string Shown(string text) => text.Length > ShownMost ? text[..ShownMost] : text;
}

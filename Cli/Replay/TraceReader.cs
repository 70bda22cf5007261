using System.Globalization;
using PageProof.Contract;

namespace PageProof.Cli.Replay;

/// <summary>One reference of a trace, or several to the same page in a row.</summary>
/// <param name="Page">The number of the page.</param>
/// <param name="Mask">How it is touched: 1 fetched, 2 read, 4 written.</param>
public readonly record struct TraceRecord(ulong Page, uint Mask);

/// <summary>Reads the records of a trace, whatever it is written in, piece by piece.</summary>
public abstract class TraceReader(TraceFile file) : IDisposable
{
    /// <summary>The log of the size of a page, unless the trace is asked for another.</summary>
    public const int PageShiftDefault = 12;

    /// <summary>The trace.</summary>
    public TraceFile File { get; } = file;

    /// <summary>How many references the records so far stand for.</summary>
    public abstract long References { get; }

    /// <summary>What has to be known of the trace to take its figures for what they are; null for nothing.</summary>
    public virtual string? Note => null;

    /// <summary>Reads the next records; how many there were, 0 at the end.</summary>
    public abstract int Read(Span<TraceRecord> records);

    /// <summary>Opens a trace.</summary>
    /// <exception cref="UserError">There is no such trace, or it is none that is known.</exception>
    public static TraceReader Open(string path, TraceFormat format, int? pageShift)
    {
        var file = TraceFile.Open(path);
        try
        {
            return (format == TraceFormat.Auto ? FormatOf(file) : format) switch
            {
                TraceFormat.Lackey => new LackeyReader(file, pageShift ?? PageShiftDefault),
                TraceFormat.Csv => new CsvReader(file, pageShift ?? PageShiftDefault),
                TraceFormat.Oracle => new OracleReader(file),
                _ => new VmtrReader(file, pageShift),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What is wrong, and where.</summary>
    protected UserError Wrong(string place, long number, string reason) =>
        new($"{File.Path}, {place} {number.ToString("#,0", CultureInfo.InvariantCulture)}: {reason}.");

    private static TraceFormat FormatOf(TraceFile file)
    {
        var head = file.Head;
        if (head.StartsWith(VmtrReader.Magic))
        {
            return TraceFormat.Vmtr;
        }

        if (head.StartsWith(VmtrReader.MagicReversed))
        {
            throw new UserError($"{file.Path} is a VMTR trace of the other byte order; it has to be little-endian.");
        }

        if (head.IndexOfAnyExcept(TextLines.Letters) < 0)
        {
            return LackeyReader.IsFirstOf(head) ? TraceFormat.Lackey : TraceFormat.Csv;
        }

        return Path.GetFileName(file.Path).Contains("oracleGeneral", StringComparison.OrdinalIgnoreCase)
            ? TraceFormat.Oracle
            : throw new UserError($"{file.Path} is no trace that replay knows: it begins with "
                + $"{Convert.ToHexStringLower(head[..Math.Min(8, head.Length)])} (oracleGeneral has no mark of its "
                + "own: say --format oracle).");
    }
}

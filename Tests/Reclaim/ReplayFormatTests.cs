using PageProof.Cli.Replay;
using PageProof.Contract;
using PageProof.Contract.Reclaim;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Reclaim;

/// <summary>A trace gives the same figures whatever it is written in, and however compressed.</summary>
public sealed class ReplayFormatTests
{
    public static TheoryData<string, string> Formats => new(
        from format in (string[])["lackey", "csv", "pages.csv", "oracleGeneral", "vmtr"]
        from compressed in (string[])["", ".gz", ".zst"]
        select (format, compressed));

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_trace_says_the_same_in_every_format(string format, string compressed)
    {
        byte[] content = format switch
        {
            "lackey" => TraceFiles.Lackey(TraceFiles.Records),
            "csv" => TraceFiles.Csv(TraceFiles.Records, pages: false),
            "pages.csv" => TraceFiles.Csv(TraceFiles.Records, pages: true),
            "oracleGeneral" => TraceFiles.Oracle(TraceFiles.Records),
            _ => TraceFiles.Vmtr(TraceFiles.Records),
        };
        content = compressed switch
        {
            ".gz" => TraceFiles.Gzip(content),
            ".zst" => TraceFiles.Zstd(content),
            _ => content,
        };
        using TemporaryFolder folder = new();
        using var reader = TraceReader.Open(folder.Write($"t.{format}{compressed}", content), TraceFormat.Auto, null);
        var records = new TraceRecord[100];
        int count = 0;
        for (int read; (read = reader.Read(records.AsSpan(count, 7))) > 0; count += read)
        {
        }

        // An oracle says nothing of how an object is used.
        var said = TraceFiles.Records.Select(each => format == "oracleGeneral" ? each with { Mask = 2 } : each);
        Assert.Equal(said, records.Take(count));
        Assert.Equal(count, reader.References);
    }

    [Fact]
    public void References_to_one_page_in_a_row_are_one_record_of_all_their_kinds()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("t", TraceFiles.Lackey([new(1, 1), new(1, 2), new(1, 4), new(2, 2), new(1, 2)]));
        using RecordStream stream = new(TraceReader.Open(path, TraceFormat.Auto, null));
        var records = new uint[10];
        Assert.Equal(3, stream.Read(records));
        Assert.Equal([0u << 3 | 7, 1u << 3 | 2, 0u << 3 | 2], records.Take(3));
        Assert.Equal((5, 3, 2), (stream.Reader.References, stream.Records, stream.Pages));
    }

    [Fact]
    public void A_reference_across_the_end_of_a_page_counts_as_two()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("t", " S 00001ffc,8\n L 00002ff8,8"u8);
        using var reader = TraceReader.Open(path, TraceFormat.Auto, null);
        var records = new TraceRecord[10];
        Assert.Equal(3, reader.Read(records));
        Assert.Equal([new(1, 4), new(2, 4), new(2, 2)], records.Take(3));
    }

    [Fact]
    public void Larger_pages_are_put_together()
    {
        using TemporaryFolder folder = new();
        foreach (var content in (byte[][])[TraceFiles.Vmtr(TraceFiles.Records), TraceFiles.Lackey(TraceFiles.Records)])
        {
            using RecordStream stream = new(TraceReader.Open(folder.Write("t", content), TraceFormat.Auto, 13));
            stream.Read(new uint[100]);
            Assert.Equal(4, stream.Pages);
        }
    }

    /// <summary>What does not fit into memory goes to files, and comes to the same.</summary>
    [Fact]
    public void What_opt_looks_ahead_is_announced_and_comes_back_from_files()
    {
        using TemporaryFolder folder = new();
        Random random = new(3);
        var records = Enumerable.Range(0, 3 * FutureStore.PieceSize + 77)
            .Select(_ => new TraceRecord((ulong)random.Next(1 + random.Next(500)), random.Next(4) == 0 ? 4u : 2u));
        string path = folder.Write("t.vmtr", TraceFiles.Vmtr([.. records]));
        List<string> announced = [];
        var figures = new[] { long.MaxValue, FutureStore.PieceSize }.Select(limit =>
        {
            using RecordStream stream = new(TraceReader.Open(path, TraceFormat.Auto, null));
            using FutureStore future = new(limit, announced.Add);
            return ReplayRun.Run(stream, [new(ReplacementKind.Opt, 40, 1, 0, 0)], future, _ => { }).Rows.Single();
        }).ToList();
        Assert.Equal(figures[0], figures[1]);
        Assert.True(figures[0].Misses > 1000);
        string sentence = Assert.Single(announced);
        string file = sentence.Split(' ').First(word => word.EndsWith("-records", StringComparison.Ordinal));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_missing_library_is_named()
    {
        using MemoryStream nothing = new();
        var refusal = Assert.Throws<UserError>(() => new ZstdStream(nothing, "a.zst", "libnone.so.7"));
        Assert.Equal("a.zst is compressed with zstd, and libnone.so.7 is not installed.", refusal.Message);
    }
}

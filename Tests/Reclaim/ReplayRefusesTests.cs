using System.Text;
using PageProof.Cli.Replay;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Reclaim;

/// <summary>A trace may be anything: one sentence names the file and the place, and nothing is written.</summary>
public sealed class ReplayRefusesTests
{
    private static readonly byte[] Vmtr = TraceFiles.Vmtr(TraceFiles.Records);
    private static readonly byte[] Zipped = TraceFiles.Gzip(TraceFiles.Lackey(Many()));
    private static readonly byte[] Packed = TraceFiles.Zstd(TraceFiles.Lackey(TraceFiles.Records));

    // The records of Vmtr begin here: six pages behind the head.
    private const int FirstRecord = 40 + 6 * 8;

    private static readonly Dictionary<string, (byte[] Content, string Reason)> Bad = new()
    {
        ["empty"] = ([], "is empty"),
        ["blank.gz"] = (TraceFiles.Gzip([10, 10]), "holds no reference"),
        ["head"] = (Vmtr[..20], "ends after 20 of the 40 bytes"),
        ["version"] = (Vmtr.With(4, 2), "its version is 2"),
        ["mixed"] = (Vmtr.With(4, 0x0100_0000), "of the other byte order"),
        ["big"] = ([.. "RTMV"u8, .. Vmtr[4..]], "of the other byte order"),
        ["shift"] = (Vmtr.With(8, 3), "pages of 2^3 bytes"),
        ["depth"] = (Vmtr.With(12, 0), "its head holds what it may not"),
        ["pages"] = (Vmtr.With(16, 1 << 28), "which are not its 268435456 pages"),
        ["pages.gz"] = (TraceFiles.Gzip(Vmtr.With(16, 1 << 28)), "page 11: the trace ends here"),
        ["most"] = (Vmtr.With(16, uint.MaxValue), "4294967295 pages are more than"),
        ["none"] = (Vmtr.With(24, 0), "it holds no reference"),
        ["counts"] = (Vmtr.With(24, 10), "10 records cannot stand for 9 references"),
        ["absurd"] = (Vmtr.With(28, 0x7FFF_FFFF).With(36, 0x7FFF_FFFF), "which are not its 6 pages and"),
        ["short"] = (Vmtr[..^3], "which are not its 6 pages and 9 records"),
        ["short.gz"] = (TraceFiles.Gzip(Vmtr[..^3]), "record 9: the trace ends here, and promises 9 records"),
        ["long"] = ([.. Vmtr, 1, 2, 3, 4], "which are not its 6 pages and 9 records"),
        ["long.gz"] = (TraceFiles.Gzip([.. Vmtr, 1]), "goes on after its last record"),
        ["number"] = (Vmtr.With(FirstRecord + 4, 7 << 3 | 2), "record 2: it names page 7 of 6"),
        ["untouched"] = (Vmtr.With(FirstRecord + 8, 2 << 3), "record 3: it neither fetches, reads nor writes"),
        ["address"] = (Vmtr.With(44, 0xFFFF_FFFF), "page 1: 0xffffffff00000001 is no number of a page"),
        ["cut.gz"] = (Zipped[..(Zipped.Length / 2)], "cannot be decompressed at byte"),
        ["damaged.gz"] = (Damaged(Zipped), "cannot be decompressed at byte"),
        ["cut.zst"] = (Packed[..^5], "it ends within a frame"),
        ["damaged.zst"] = (Packed.With(4, 0xFFFF_FFFF), "cannot be decompressed at byte"),
        ["lackey"] = (" L 00001000,8\n S 00002000,8\n Q 00003000,8\n"u8.ToArray(), "line 3: ' Q 00003000,8' is no"),
        ["lackey-cut"] = (" L 00001000,8\n S 0000"u8.ToArray(), "line 2: ' S 0000' is no line of lackey"),
        ["lackey-size"] = (" L 00001000,0\n"u8.ToArray(), "line 1"),
        ["lackey-wide"] = (" L 11112222333344445,8\n"u8.ToArray(), "line 1"),
        ["lackey-end"] = (" L ffffffffffffffff,2\n"u8.ToArray(), "line 1"),
        ["talk"] = ("==1== Lackey\n==1== \n"u8.ToArray(), "holds no reference"),
        ["kind.csv"] = ("0x1000,r\n0x2000,q\n"u8.ToArray(), "line 2: 'q' is no kind of reference"),
        ["hex.csv"] = ("0x1000,r\n0xyz,r\n"u8.ToArray(), "line 2: '0xyz' is no address"),
        ["wide.csv"] = ("page\n18446744073709551616\n"u8.ToArray(), "line 2: '18446744073709551616' is no page"),
        ["names.csv"] = ("time,size\n1,2\n"u8.ToArray(), "line 1: none of the names is address or page"),
        ["column.csv"] = ("kind,page\nr\n"u8.ToArray(), "line 2: '' is no page"),
        ["line.csv"] = (Encoding.ASCII.GetBytes(new string('1', 1 << 17)), "line 1: it is too long"),
        ["t.oracleGeneral"] = (TraceFiles.Oracle(TraceFiles.Records)[..29], "record 2: it ends after 5 of 24 bytes"),
        ["u.oracleGeneral"] = (TraceFiles.Oracle(TraceFiles.Records).With(44, 0x0500_0000), "record 2: its next"),
        ["program"] = ([0x7F, 0x45, 0x4C, 0x46, 1, 2, 3, 4, 5], "it begins with 7f454c4601020304"),
    };

    public static TheoryData<string> Names => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_trace_is_refused_in_a_sentence(string name)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(name, Bad[name].Content);
        string sentence = ToolRun.Of(
            "replay", path, "--frames", "2", "--csv", folder.File("o.csv"), "--svg", folder.File("o.svg")).MustRefuse();
        Assert.Contains(path, sentence);
        Assert.Contains(Bad[name].Reason, sentence);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("--policy best", "There is no policy 'best'")]
    [InlineData("--policy lru,", "There is no policy ''")]
    [InlineData("--frames 0", "--frames takes")]
    [InlineData("--frames 8..4", "--frames takes")]
    [InlineData("--frames 1..2..3", "--frames takes")]
    [InlineData("--frames 99999999", "--frames takes")]
    [InlineData("--page 3K", "--page takes")]
    [InlineData("--page 2K", "--page takes")]
    [InlineData("--format tape", "There is no format 'tape'")]
    [InlineData("--format 2", "There is no format '2'")]
    [InlineData("--tick 0", "--tick takes")]
    [InlineData("--csv /none/of/this", "The CSV cannot be written to /none/of/this: there is no folder")]
    [InlineData("--svg /", "The plot cannot be written to '/'")]
    [InlineData("--format lackey", "line 1")]
    [InlineData("--format oracle", "record")]
    public void A_bad_option_is_refused_in_a_sentence(string options, string reason)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("t", TraceFiles.Csv(TraceFiles.Records, pages: false));
        Assert.Contains(reason, ToolRun.Of(["replay", path, .. options.Split(' ')]).MustRefuse());
    }

    [Fact]
    public void A_trace_that_is_not_there_is_refused()
    {
        Assert.Contains("There is no trace /none", ToolRun.Of("replay", "/none").MustRefuse());
        Assert.Contains("is a directory", ToolRun.Of("replay", "/").MustRefuse());
        Assert.Contains("Which trace?", ToolRun.Of("replay").MustRefuse());
    }

    private static byte[] Damaged(byte[] content)
    {
        byte[] changed = [.. content];
        // The checksum behind the data.
        changed.AsSpan(changed.Length - 8, 4).Fill(0xFF);
        return changed;
    }

    private static IEnumerable<TraceRecord> Many() =>
        Enumerable.Range(0, 5_000).Select(each => new TraceRecord((ulong)(each * 7_919 % 10_007), 2));
}

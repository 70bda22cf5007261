using System.Text.Json;
using System.Xml.Linq;
using PageProof.Contract.Reclaim;
using PageProof.Tests.Cli;
using PageProof.Tests.House;

namespace PageProof.Tests.Reclaim;

/// <summary>What replay shows of a real trace.</summary>
public sealed class ReplayTests
{
    private static readonly string Trace = Path.Combine(Repository.Root, "Tests/Reclaim/Traces/ls_lR.vmtr.gz");

    /// <summary>The figures are those of this trace on every machine.</summary>
    [Fact]
    public void A_real_trace_gives_a_table_values_a_plot_and_json()
    {
        using TemporaryFolder folder = new();
        string csv = folder.File("o.csv"), svg = folder.File("o.svg"), json = folder.File("o.json");
        string output = ToolRun.Of(
            "replay", Trace, "--policy", "opt,fifo,lru,aging", "--frames", "64,128", "--csv", csv, "--svg", svg,
            "--json", json, "--quiet").MustHold();
        Assert.Contains("10,520,916 references to 329 pages, in 5,720,720 records", output);
        Assert.Contains("Time is counted in records: a tick of nru and aging is 1,000.", output);
        var lines = File.ReadAllLines(csv);
        Assert.Equal("policy,frames,misses,write_backs,records,references", lines[0]);
        Assert.Contains("opt,64,7378,334,5720720,10520916", lines);
        Assert.Contains("fifo,64,53541,7436,5720720,10520916", lines);
        Assert.Contains("lru,64,31814,2140,5720720,10520916", lines);
        Assert.Contains("lru,128,684,91,5720720,10520916", lines);
        using var read = JsonDocument.Parse(File.ReadAllText(json));
        var figures = read.RootElement.GetProperty("figures");
        Assert.Equal(10_520_916, figures.GetProperty("references").GetInt64());
        Assert.Equal(7378, figures.GetProperty("misses_opt_64").GetInt64());
        Assert.Equal(2140, figures.GetProperty("write_backs_lru_64").GetInt64());
        IsGoodPicture(File.ReadAllText(svg), ["opt", "fifo", "lru", "aging"]);
    }

    [Fact]
    public void The_spec_agrees_on_a_trace_and_says_on_how_much()
    {
        using TemporaryFolder folder = new();
        Random random = new(5);
        string path = folder.Write("t.csv", TraceFiles.Csv(
            Enumerable.Range(0, 20_000).Select(_ => new PageProof.Cli.Replay.TraceRecord(
                (ulong)random.Next(1 + random.Next(60)), random.Next(3) == 0 ? 4u : 2u)), pages: true));
        string output = ToolRun.Of("replay", path, "--frames", "4..32", "--verify", "--quiet").MustHold();
        int policies = ReplacementText.Policies.Count;
        Assert.Equal(3 * policies, output.Split("Spec and Implementation agree on").Length - 1);
        Assert.Contains("two-list in 16 frames: Spec and Implementation agree on", output);
    }

    [Fact]
    public void A_memory_for_all_pages_misses_each_once_and_writes_nothing_back()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("t.vmtr", TraceFiles.Vmtr(TraceFiles.Records)), svg = folder.File("o.svg");
        string output = ToolRun.Of("replay", path, "--frames", "1,4096", "--svg", svg, "--json", "-").MustHold();
        using var read = JsonDocument.Parse(output);
        var figures = read.RootElement.GetProperty("figures");
        foreach (string policy in ReplacementText.Policies.Select(name => name.Replace('-', '_')))
        {
            Assert.Equal(6, figures.GetProperty($"misses_{policy}_4096").GetInt64());
            Assert.Equal(0, figures.GetProperty($"write_backs_{policy}_4096").GetInt64());
            Assert.Equal(TraceFiles.Records.Length, figures.GetProperty($"misses_{policy}_1").GetInt64());
        }

        IsGoodPicture(File.ReadAllText(svg), ReplacementText.Policies);
    }

    // Well-formed, with words for who cannot see it, colours for light and dark, and a name at every line.
    private static void IsGoodPicture(string text, IEnumerable<string> policies)
    {
        var root = XDocument.Parse(text).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal("img", (string?)root.Attribute("role"));
        foreach (string named in ((string)root.Attribute("aria-labelledby")!).Split(' '))
        {
            Assert.NotEmpty(root.Descendants().Single(each => (string?)each.Attribute("id") == named).Value);
        }

        Assert.Contains("prefers-color-scheme: dark", root.Element(svg + "style")!.Value);
        var labels = root.Descendants(svg + "text").Select(each => each.Value).ToList();
        Assert.All(policies, policy => Assert.Equal(2, labels.Count(each => each == policy)));
        Assert.DoesNotContain("NaN", text);
        Assert.DoesNotContain("∞", text);
    }
}

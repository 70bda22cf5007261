using System.Text;
using System.Text.Json.Nodes;
using PageProof.Tests.Cli;
using PageProof.Tests.House;

namespace PageProof.Tests.Tlb;

/// <summary>The tool's view of TLBs: what it shows, and what it refuses.</summary>
public sealed class TlbViewTests : IDisposable
{
    private const string Start = "cpus 2\ncontrol wp nxe pge pcide cr3=0x1001 memory=0x10000\nword 0x1000=0x2007\n"
        + "word 0x2000=0x3007\nword 0x3000=0x4007\nword 0x4000=0x5007\nword 0x4008=0x6007\nword 0x4010=0x7107\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The example of the README is what the tool prints.</summary>
    [Fact]
    public void The_example_of_the_readme_is_what_is_printed()
    {
        var lines = Repository.Lines("README.md");
        int at = Array.FindIndex(lines, line => line.StartsWith("$ ./pageproof tlb ", StringComparison.Ordinal));
        var words = lines[at].Split(' ')[2..];
        string file = words[1];
        words[1] = Path.Combine(Repository.Root, file);
        string shown = ToolRun.Of(words).MustHold().Replace(words[1], file, StringComparison.Ordinal);
        Assert.Equal(
            lines[(at + 1)..].TakeWhile(line => line != "```"),
            shown.TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void Each_step_tells_where_its_answer_came_from()
    {
        var steps = Steps("r0 r0 r4096 w0 r4096 x0 invlpg r0", "--geometry", "front=4");
        Assert.Equal(
            ["walk", "front", "walk", "walk", "front", "second_level", null, "walk"],
            steps.Select(step => (string?)step!["source"]));
        Assert.Equal([4, 0, 1, 1, 0, 0, 0, 4], steps.Select(step => (int)step!["walk_reads"]!));
        Assert.All(steps, step => Assert.Null(step!["refusal"]));
    }

    [Theory]
    // Of one entry everywhere the second page evicts the first, but not what leads to both.
    [InlineData("r0 r4096", 1, "L1 data L2", "")]
    // A write reads anew what has no D, which is no eviction.
    [InlineData("r0 w0", 1, "", "L1 data L2")]
    [InlineData("r0 invlpg", 1, "", "L1 data L2 PDE cache PDPTE cache PML4E cache")]
    [InlineData("r0 r0", 1, "", "")]
    // A fault takes out what led to it.
    [InlineData("r0 r12288", 1, "", "PDE cache PDPTE cache PML4E cache")]
    public void What_goes_is_told_with_its_reason(string steps, int step, string evicted, string invalidated)
    {
        var shown = Steps(steps, "--geometry", "smallest")[step]!;
        Assert.Equal(evicted, Arrays(shown["evicted"]));
        Assert.Equal(invalidated, Arrays(shown["invalidated"]));
    }

    [Theory]
    [InlineData("r0 r8192", "front=2", "front, user read")]
    [InlineData("r0 r4096", "front=2", "")]
    [InlineData("r0 r4096", "front=1", "front, user read")]
    [InlineData("r0 x4096", "front=1", "")]
    public void A_slot_of_the_front_is_taken_by_a_page_that_shares_it(string steps, string front, string evicted) =>
        Assert.Equal(evicted, Arrays(Steps(steps, "--geometry", front)[1]!["evicted"]));

    [Fact]
    public void The_end_tells_entries_and_counters()
    {
        var cpu = Json("r0 w0 x8192 r0", "--cpu", "0")["cpus"]!.AsArray().Single()!;
        Assert.Equal(
            [2, 1, 1, 0, 1, 1, 0, 3, 6],
            cpu["counters"]!.AsObject().Select(counter => (int)counter.Value!));
        var entries = cpu["entries"]!.AsArray();
        var global = entries.Single(entry => (string?)entry!["array"] == "L1 fetch")!;
        Assert.Equal(("0x0000000000002000", "0x7000", true), (
            (string?)global["page"], (string?)global["target"], global["pcid"] is null));
        var data = entries.Single(entry => (string?)entry!["array"] == "L1 data")!;
        Assert.Equal((1, "rwx user", true), ((int)data["pcid"]!, (string?)data["rights"], (bool)data["dirty"]!));
    }

    [Fact]
    public void One_CPU_can_be_shown_alone()
    {
        string file = Written(Start + Line(0, "r0") + Line(1, "r4096"));
        string shown = ToolRun.Of("tlb", file, "--cpu", "1").MustHold();
        Assert.DoesNotContain("cpu 0:", shown, StringComparison.Ordinal);
        Assert.Contains("2. cpu 1:", shown, StringComparison.Ordinal);
        string quiet = ToolRun.Of("tlb", file, "--quiet").MustHold();
        Assert.Equal(2, quiet.TrimEnd().Split('\n').Length);
        ToolRun.Of("tlb", file, "--cpu", "2").MustRefuse();
    }

    [Theory]
    [InlineData("front=3")]
    [InlineData("front=8192")]
    [InlineData("front=-1")]
    [InlineData("data=3x4")]
    [InlineData("data=0x4")]
    [InlineData("data=16x65")]
    [InlineData("data=16x0")]
    [InlineData("data=16")]
    [InlineData("data=16x4x2")]
    [InlineData("l3=16x4")]
    [InlineData("haswell")]
    [InlineData("")]
    public void Sizes_that_cannot_be_are_refused(string geometry)
    {
        string file = Written(Start);
        ToolRun.Of("tlb", file, "--geometry", geometry).MustRefuse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("cpus 1\ncontrol memory=0x10000\ncpu 1: invlpg 0x0\n")]
    [InlineData("cpus 1\ncontrol memory=0x10000000\n")]
    [InlineData("control memory=0x10000\naccess Read address=0x0 cpl=0\n")]
    public void A_file_that_is_no_sequence_is_refused(string text)
    {
        string file = Written(text);
        ToolRun.Of("tlb", file).MustRefuse();
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        ToolRun.Of("tlb").MustRefuse();
        ToolRun.Of("tlb", "missing.tlb").MustRefuse();
        ToolRun.Of("tlb", _folder.Path).MustRefuse();
    }

    private string Written(string text) => _folder.Write("sequence", Encoding.UTF8.GetBytes(text));

    private static string Arrays(JsonNode? entries) =>
        string.Join(' ', entries!.AsArray().Select(entry => (string?)entry!["array"]));

    private static string Line(int cpu, string step) => $"cpu {cpu}: " + step switch
    {
        "invlpg" => "invlpg 0x0\n",
        _ => $"access {Kind(step[0])} address=0x{int.Parse(step[1..]):x} cpl=3\n",
    };

    private static string Kind(char letter) => letter switch { 'w' => "Write", 'x' => "Fetch", _ => "Read" };

    private JsonArray Steps(string steps, params string[] options) => Json(steps, options)["steps"]!.AsArray();

    private JsonNode Json(string steps, params string[] options)
    {
        string file = Written(Start + string.Concat(steps.Split(' ').Select(step => Line(0, step))));
        return JsonNode.Parse(ToolRun.Of(["tlb", file, .. options, "--json", "-"]).MustHold())!;
    }
}

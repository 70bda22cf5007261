using System.Text;
using System.Text.Json.Nodes;
using PageProof.Tests.House;

namespace PageProof.Tests.Cli;

/// <summary>Scripts of processes: what is shown, what is compared, and what is refused.</summary>
public sealed class RunTests : IDisposable
{
    private const string Page = "0: mmap at=0x1000000000 length=0x2000 protection=read,write "
        + "flags=private,fixed,anonymous\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The example of the README is what the tool prints.</summary>
    [Fact]
    public void The_example_of_the_readme_is_what_is_printed()
    {
        var lines = Repository.Lines("README.md");
        int at = Array.FindIndex(lines, line => line.StartsWith("$ ./pageproof run ", StringComparison.Ordinal));
        string file = lines[at].Split(' ')[3], path = Path.Combine(Repository.Root, file);
        string shown = ToolRun.Of("run", path).MustHold().Replace(path, file, StringComparison.Ordinal);
        Assert.Equal(
            lines[(at + 1)..].TakeWhile(line => line != "```"),
            shown.TrimEnd().Split('\n').Select(line => line.TrimEnd()));
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, PageProof.Cli.Terminal.WidthMax));
    }

    [Theory]
    [InlineData("docs/fork.run")]
    [InlineData("docs/file.run")]
    public void Linux_answers_the_examples_alike(string example)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("There is no Linux here.");
        }

        string path = Path.Combine(Repository.Root, example);
        string shown = ToolRun.Of("run", path, "--compare").MustHold();
        Assert.Contains("answer alike", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("They differ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_is_made_by_the_first_store_after_a_fork()
    {
        var steps = Steps("processes 2\n" + Page + """
            0: store at=0x1000000000 length=8 value=1
            0: fork child=1
            show tables
            1: store at=0x1000000000 length=8 value=2
            show tables
            """);
        var (shared, apart) = (Leaves(steps[3]!), Leaves(steps[5]!));
        Assert.Equal(shared[0].Frame, shared[1].Frame);
        Assert.All(shared, leaf => Assert.Equal(("P-UADX", 2), (leaf.Bits, leaf.Mappings)));
        Assert.NotEqual(apart[0].Frame, apart[1].Frame);
        Assert.Equal("PWUADX", apart[1].Bits);
    }

    [Fact]
    public void What_is_shown_is_what_was_asked_for()
    {
        const string Commands = "0: fork child=1\n0: store at=0x1000000000 length=1\nshow faults 0\n";
        var steps = Steps("processes 2\n" + Page + Commands, "--show", "maps");
        var faults = Assert.Single(steps[3]!["processes"]!.AsArray())!;
        Assert.Equal(1, (int)faults["minor_faults"]!);
        Assert.Null(faults["maps"]);
        var maps = steps[4]!["processes"]!.AsArray();
        Assert.Equal((0, 2), ((int)steps[4]!["line"]!, maps.Count));
        Assert.All(maps, process => Assert.Equal("1000000000-1000002000 rw-p", (string?)process!["maps"]![0]));
        Assert.Null(maps[0]!["tables"]);
    }

    [Fact]
    public void Hidden_pages_and_shared_memory_have_names_in_the_picture()
    {
        string file = Written("processes 1\n" + Page + """
            0: store at=0x1000000000 length=8 value=1
            0: mprotect at=0x1000000000 length=0x1000
            0: mmap at=0x1000004000 length=0x1000 protection=read,write flags=shared,fixed,anonymous
            0: store at=0x1000004000 length=8 value=1
            show tables
            """);
        string shown = ToolRun.Of("run", file).MustHold();
        Assert.Contains("0x1000000000  -WUADX", shown, StringComparison.Ordinal);
        Assert.Contains("page 0 of shared memory", shown, StringComparison.Ordinal);
        string quiet = ToolRun.Of("run", file, "--quiet").MustHold();
        Assert.StartsWith("2. 0: mmap", quiet, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_systems_differ_is_told_with_the_line()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("There is no Linux here.");
        }

        string file = Written("processes 1\n" + Page
            + "0: mmap length=0x1000 flags=private,anonymous\n0: load at=0x1000000000 length=1\n");
        string shown = ToolRun.Of("run", file, "--compare", "--quiet").MustHold();
        Assert.Contains("3. 0: mmap", shown, StringComparison.Ordinal);
        Assert.Contains("the Spec permits both", shown, StringComparison.Ordinal);
        Assert.Contains("First difference: line 3", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("4. 0: load", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "how many processes")]
    [InlineData("processes 1\n\n# x\n0: steal\n", "line 4 ", "'steal' is no command", "mremap")]
    [InlineData("processes 1\n0:\n", "line 2 ", "no command")]
    [InlineData("processes 1\n0: load colour=1\n", "line 2 ", "'colour' is none of at")]
    [InlineData("processes 1\n0: load at\n", "line 2 ", "no value after an equals sign")]
    [InlineData("processes 1\n0: load at=x\n", "line 2 ", "'x' is no value of 'at'")]
    [InlineData("processes 1\n0: load at=1 at=2\n", "line 2 ", "'at' is told twice")]
    [InlineData("processes 1\n1: maps\n", "line 2 ", "no more than 1 processes")]
    [InlineData("processes 1\n0: maps cpu=1\n", "line 2 ", "no more than 1 CPUs")]
    [InlineData("0: maps\n", "line 1 ", "no line before it")]
    [InlineData("processes 9\n", "line 1 ", "from 1 to 8")]
    [InlineData("processes 1\nprocesses 1\n", "line 2 ", "told twice")]
    [InlineData("processes 1\nfile 1 x\n", "line 2 ", "r, w, rw or closed")]
    [InlineData("processes 1\n0: maps\ncpus 1\n", "line 3 ", "stands before all commands")]
    [InlineData("processes 1\nfork 1\n", "line 2 ", "'fork' is neither")]
    [InlineData("processes 1\nshow\n", "line 2 ", "maps, faults or tables")]
    [InlineData("processes 1\nshow frames\n", "line 2 ", "maps, faults or tables")]
    [InlineData("processes 1\nshow maps 1\n", "line 2 ", "no more than 1 processes")]
    [InlineData("processes 1\nshow maps 0 0\n", "line 2 ", "one process")]
    [InlineData("processes 1\n\n0: load at=0x1000000000 length=3\n", "Line 3 ", "1, 2, 4 or 8 bytes")]
    [InlineData("processes 1\n0: load at=0x500000000000 length=8\n", "Line 2 ", "0x0000001000000000")]
    [InlineData("\0\0\0", "line 1 ")]
    public void What_is_no_script_is_refused_with_its_line(string text, params string[] said)
    {
        string sentence = ToolRun.Of("run", Written(text)).MustRefuse();
        Assert.All(said, words => Assert.Contains(words, sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_run_is_refused()
    {
        ToolRun.Of("run").MustRefuse();
        ToolRun.Of("run", "missing.run").MustRefuse();
        string file = Written("processes 1\nshow tables\n");
        ToolRun.Of("run", file, "--show", "stack").MustRefuse();
        ToolRun.Of("run", file, "--system", "qemu").MustRefuse();
        Assert.Contains("Line 2", ToolRun.Of("run", file, "--system", "linux").MustRefuse(), StringComparison.Ordinal);
        ToolRun.Of("run", file, "--system", "linux", "--compare").MustRefuse();
    }

    private static List<(int Frame, string Bits, int Mappings)> Leaves(JsonNode step) =>
    [
        .. from process in step["processes"]!.AsArray()
           from entry in process!["tables"]!.AsArray()
           where (int)entry!["level"]! == 1
           select ((int)entry["frame"]!, (string)entry["bits"]!, (int)entry["mappings"]!),
    ];

    private JsonArray Steps(string text, params string[] options) => JsonNode.Parse(
        ToolRun.Of(["run", Written(text), .. options, "--json", "-"]).MustHold())!["systems"]![0]!["steps"]!.AsArray();

    private string Written(string text) => _folder.Write("script", Encoding.UTF8.GetBytes(text));
}

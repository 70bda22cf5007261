using PageProof.Cli.Replay;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Reclaim;

/// <summary>Traces of programs that run.</summary>
public sealed class RecordTests
{
    [Fact]
    public void A_program_is_recorded_and_its_trace_can_be_replayed()
    {
        Assert.SkipUnless(RecordCommand.Find("valgrind", Environment.GetEnvironmentVariable("PATH")) is not null,
            "valgrind is not installed");
        using TemporaryFolder folder = new();
        string trace = folder.File("t.vmtr.gz");
        string output = ToolRun.Of("record", "--output", trace, "--quiet", "--", "/bin/true").MustHold();
        Assert.Contains(" references to ", output);
        Assert.Equal([trace], Directory.GetFiles(folder.Path));
        string said = output[(trace.Length + 2)..].TrimEnd();
        Assert.Contains(said, ToolRun.Of("replay", trace, "--policy", "lru", "--frames", "16", "--quiet").MustHold());
    }

    [Theory]
    [InlineData("record", "Which program?")]
    [InlineData("record -- /none/such", "There is no program /none/such.")]
    [InlineData("record -- no-such-program", "There is no program no-such-program.")]
    [InlineData("record --output /none/t -- /bin/true", "there is no folder /none")]
    public void What_cannot_be_recorded_is_said_in_a_sentence(string line, string reason)
    {
        Assert.SkipUnless(RecordCommand.Find("valgrind", Environment.GetEnvironmentVariable("PATH")) is not null,
            "valgrind is not installed");
        Assert.Contains(reason, ToolRun.Of(line.Split(' ')).MustRefuse());
    }

    [Fact]
    public void A_program_is_found_where_it_is_and_nowhere_else()
    {
        Assert.Equal("/bin/sh", RecordCommand.Find("sh", "/none::/bin"));
        Assert.Null(RecordCommand.Find("valgrind", "/none:/proc"));
        Assert.Null(RecordCommand.Find("valgrind", null));
    }
}

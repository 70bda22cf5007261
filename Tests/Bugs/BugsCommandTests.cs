using System.Text.Json;
using PageProof.Cli;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Bugs;

/// <summary>The command that re-creates bugs: what it shows, its figures, and its refusals.</summary>
public sealed class BugsCommandTests
{
    // Found within a few cases, and one that has no patch.
    private static readonly string[] Chosen = ["bugs", "37", "59", "--seeds", "2", "--quiet"];

    [Fact]
    public void The_figures_tell_what_was_found()
    {
        var run = ToolRun.Of([.. Chosen, "--json", "-"]);
        Assert.Equal(ExitCode.Held, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        var figures = json.RootElement.GetProperty("figures");
        Assert.Equal(1, figures.GetProperty("bugs").GetInt32());
        Assert.Equal(1, figures.GetProperty("found").GetInt32());
        Assert.Equal(1, figures.GetProperty("waiting").GetInt32());
        Assert.Equal(0, figures.GetProperty("control_failures").GetInt32());
        Assert.Equal(2, figures.GetProperty("bug_37_found").GetInt32());
        Assert.Equal(1, figures.GetProperty("bug_37_length").GetInt32());
    }

    [Fact]
    public void The_table_tells_what_noticed_a_bug_and_what_another_waits_for()
    {
        string said = ToolRun.Of(Chosen).MustHold();
        Assert.Contains("2 of 2", said);
        Assert.Contains("59 TLB of a device not flushed (CVE-2022-0330, CVE-2021-4139), 2022, waits for TLBs", said);
        Assert.Contains("1 of 1 bugs were found, 1 wait; without a bug 0 of 2 runs were refuted.", said);
    }

    [Fact]
    public void A_bug_that_is_not_found_fails_the_run()
    {
        // In a millisecond no law comes as far as the erratum.
        var run = ToolRun.Of("bugs", "53", "--seeds", "1", "--budget", "1ms", "--quiet");
        Assert.Equal(ExitCode.Refuted, run.ExitCode);
        Assert.Contains("0 of 1 bugs were found", run.Output);
    }

    [Fact]
    public void A_patch_that_fits_is_left_as_it_is()
    {
        string said = ToolRun.Of("bugs", "37", "--refresh").MustHold();
        Assert.Contains("0 of 1 patches were re-based, 0 could not be, the rest still fit.", said);
    }

    [Theory]
    [InlineData("bugs", "999")]
    [InlineData("bugs", "meltdown")]
    [InlineData("bugs", "53", "--seeds", "0")]
    [InlineData("bugs", "53", "--budget", "soon")]
    [InlineData("bugs", "--unknown")]
    public void What_cannot_be_used_is_refused_in_one_sentence(params string[] arguments) =>
        ToolRun.Of([.. arguments, "--quiet"]).MustRefuse();
}

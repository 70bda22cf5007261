using System.Text.Json;
using PageProof.Cli;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Cli;

/// <summary>The commands that put laws to systems: their ends, their figures, and their refusals.</summary>
public sealed class CheckTests
{
    [Fact]
    public void A_system_that_obeys_holds_and_the_figures_are_told()
    {
        var run = ToolRun.Of("check", "paging", "--cases", "20000", "--quiet", "--json", "-");
        Assert.Equal(ExitCode.Held, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        var figures = json.RootElement.GetProperty("figures");
        Assert.Equal(20_000 + 4 * 2_500, figures.GetProperty("cases").GetInt64());
        Assert.Equal(0, figures.GetProperty("failures").GetInt64());
    }

    [Fact]
    public void A_broken_system_is_refuted_and_its_counterexample_can_be_run_again()
    {
        string folder = Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries");
        var patch = Patch.ReadFolder(folder, "paging").Single(patch => patch.File.Contains("rw-by-or"));
        string broken = PatchCompiler.OfRepository().Compile(patch);
        var run = ToolRun.Of("check", "paging", "--system", broken, "--cases", "50000", "--quiet");
        Assert.Equal(ExitCode.Refuted, run.ExitCode);
        Assert.Contains("they differ in", run.Output);
        string kept = run.Output.Split("--replay ")[1].Split('\n')[0].Trim();
        try
        {
            var again = ToolRun.Of("check", "paging", "--system", broken, "--replay", kept);
            Assert.Equal(ExitCode.Refuted, again.ExitCode);
            Assert.Equal(ExitCode.Held, ToolRun.Of("check", "paging", "--replay", kept).ExitCode);
            Assert.Equal(ExitCode.Held, ToolRun.Of("walk", "--case", kept).ExitCode);
        }
        finally
        {
            File.Delete(kept);
        }
    }

    [Fact]
    public void Recorded_reality_holds()
    {
        string said = ToolRun.Of("reality", "recorded", "--quiet").Output;
        Assert.Contains("holds", said);
        Assert.DoesNotContain("REFUTED", said);
    }

    [Fact]
    public void A_long_run_of_commands_tells_how_memory_fares()
    {
        var run = ToolRun.Of("check", "kernel", "--memory", "tiny", "--commands", "20000", "--quiet");
        Assert.Equal(ExitCode.Held, run.ExitCode);
        var told = run.Output.Split('\n').Where(line => line.Contains("MiB alive")).ToList();
        Assert.InRange(told.Count, 3, 10);
        Assert.InRange(int.Parse(told[^1].Split(" commands")[0].Replace(",", "")), 20_000, 40_000);
    }

    [Theory]
    [InlineData("check", "kernel", "--commands", "5")]
    [InlineData("check", "kernel", "--memory", "tiny", "--commands", "5", "--cases", "5")]
    [InlineData("check", "tlbs")]
    [InlineData("check", "--system", "vax")]
    [InlineData("check", "--system", "missing.dll")]
    [InlineData("check", "--cases", "0")]
    [InlineData("check", "--cases", "many")]
    [InlineData("check", "--budget", "soon")]
    [InlineData("check", "--seed", "-1")]
    [InlineData("check", "--replay", "missing.case")]
    [InlineData("check", "--replay", "/")]
    [InlineData("check", "--unknown")]
    [InlineData("reality")]
    [InlineData("reality", "vax")]
    [InlineData("verify", "more")]
    public void What_cannot_be_used_is_refused_in_one_sentence(params string[] arguments) =>
        ToolRun.Of(arguments).MustRefuse();
}

using System.Text.Json;
using PageProof.Cli;
using PageProof.Mutation.Patches;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Tlb;

/// <summary>The tool on the domain of TLBs: its figures, its counterexamples, and its refusals.</summary>
public sealed class TlbCheckTests
{
    [Fact]
    public void A_system_that_obeys_holds_and_the_figures_are_told()
    {
        var run = ToolRun.Of("check", "tlb", "--cases", "2000", "--quiet", "--json", "-");
        Assert.Equal(ExitCode.Held, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        var figures = json.RootElement.GetProperty("figures");
        Assert.Equal(2_000 + 250 + 500, figures.GetProperty("cases").GetInt64());
        Assert.True(figures.GetProperty("commands").GetInt64() > 20_000);
        Assert.True(figures.GetProperty("commands_per_second").GetInt64() > 0);
        Assert.Equal(0, figures.GetProperty("failures").GetInt64());
    }

    [Fact]
    public void A_broken_system_is_refuted_and_its_counterexample_can_be_run_again()
    {
        string folder = Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries");
        var patch = Patch.ReadFolder(folder, "tlb").Single(patch => patch.File.Contains("second-level-not"));
        string broken = PatchCompiler.OfRepository().Compile(patch);
        var run = ToolRun.Of("check", "tlb", "--system", broken, "--cases", "20000", "--quiet");
        Assert.Equal(ExitCode.Refuted, run.ExitCode);
        Assert.Contains("That is not permitted", run.Output);
        string kept = run.Output.Split("--replay ")[1].Split('\n')[0].Trim();
        try
        {
            var again = ToolRun.Of("check", "tlb", "--system", broken, "--replay", kept);
            Assert.Equal(ExitCode.Refuted, again.ExitCode);
            Assert.Equal(ExitCode.Held, ToolRun.Of("check", "tlb", "--replay", kept).ExitCode);
            ToolRun.Of("check", "paging", "--replay", kept).MustRefuse();
        }
        finally
        {
            File.Delete(kept);
        }
    }

    [Fact]
    public void The_laws_of_a_TLB_that_software_fills_hold_and_a_sequence_of_either_kind_can_be_run()
    {
        var run = ToolRun.Of("check", "softtlb", "--cases", "2000", "--quiet", "--json", "-");
        Assert.Equal(ExitCode.Held, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(2_000 + 1_000, json.RootElement.GetProperty("figures").GetProperty("cases").GetInt64());
        Assert.Equal(ExitCode.Held, Replay("entries 4\ntlbp\naccess Read 0x0 User\n").ExitCode);
        const string Kernel = "kernel entries=4 wired=1 asids=2 processes=1\nmap process=0 page=1 frame=5\n";
        Assert.Equal(ExitCode.Held, Replay(Kernel + "access Read page=1\n").ExitCode);
        Replay("cpus 1\n").MustRefuse();

        static ToolRun Replay(string text)
        {
            string path = Path.GetTempFileName();
            try
            {
                File.WriteAllText(path, text);
                return ToolRun.Of("check", "softtlb", "--replay", path);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void Broken_shootdowns_are_refuted_and_the_schedule_can_be_run_again()
    {
        string folder = Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries");
        var patch = Patch.ReadFolder(folder, "shootdown").Single(patch => patch.File.Contains("no-wait"));
        string broken = PatchCompiler.OfRepository().Compile(patch);
        var run = ToolRun.Of("check", "tlb", "--schedule", "priority", "--system", broken, "--cases", "256", "--quiet");
        Assert.Equal(ExitCode.Refuted, run.ExitCode);
        Assert.Contains("owes a flush", run.Output);
        string kept = run.Output.Split("--replay ")[1].Split('\n')[0].Trim();
        try
        {
            Assert.Equal(
                ExitCode.Refuted, ToolRun.Of("check", "tlb", "--system", broken, "--replay", kept).ExitCode);
            Assert.Equal(ExitCode.Held, ToolRun.Of("check", "tlb", "--replay", kept).ExitCode);
        }
        finally
        {
            File.Delete(kept);
        }
    }

    [Theory]
    [InlineData("check", "tlb", "--exhaustive")]
    [InlineData("check", "tlb", "--replay", "missing.case")]
    [InlineData("check", "tlb", "--schedule", "sideways")]
    [InlineData("check", "paging", "--schedule", "random")]
    [InlineData("check", "tlb", "--schedule", "random", "--system", "recorded")]
    public void What_cannot_be_used_is_refused_in_one_sentence(params string[] arguments) =>
        ToolRun.Of(arguments).MustRefuse();

    /// <summary>A sequence that a machine of this memory cannot hold is refused before it is tried.</summary>
    [Theory]
    [InlineData("cpus 1\ncontrol memory=0x10000000\n")]
    [InlineData("cpus 1\ncontrol memory=0x1000\nword 0x2000=0x0\n")]
    [InlineData("cpus 9\n")]
    [InlineData("\0\0\0")]
    public void A_file_that_is_no_sequence_is_refused(string text)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            ToolRun.Of("check", "tlb", "--replay", path).MustRefuse();
        }
        finally
        {
            File.Delete(path);
        }
    }
}

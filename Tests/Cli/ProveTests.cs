using System.Text.Json;
using PageProof.Cli;
using PageProof.Mutation.Patches;
using PageProof.SmtModels;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.Mutation;

namespace PageProof.Tests.Cli;

/// <summary>The command that proves: what it shows, its figures, and its refusals.</summary>
public sealed class ProveTests
{
    [Fact]
    public void The_list_tells_what_there_is_to_prove()
    {
        string said = ToolRun.Of("prove", "--list").MustHold();
        Assert.Contains($"{TheoremList.All.OfType<Theorem>().Count()} theorems", said);
        Assert.Contains("A canonical address is made of", said);
        string domain = ToolRun.Of("prove", "paging", "--list").MustHold();
        Assert.Contains("22 theorems", domain);
        string one = ToolRun.Of("prove", "b2", "--list").MustHold();
        Assert.Contains("1 theorems, 1 witnesses", one);
    }

    [Fact]
    public void A_group_is_proved_and_the_figures_are_told()
    {
        var run = ToolRun.Of("prove", "A2", "A3", "--quiet", "--json", "-");
        Assert.Equal(ExitCode.Held, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        var figures = json.RootElement.GetProperty("figures");
        Assert.Equal(2, figures.GetProperty("theorems").GetInt32());
        Assert.Equal(2, figures.GetProperty("proved").GetInt32());
        Assert.Equal(1, figures.GetProperty("witnesses").GetInt32());
        Assert.Equal(1, figures.GetProperty("witnesses_found").GetInt32());
        Assert.Equal(0, figures.GetProperty("timeouts").GetInt32());
    }

    [Fact]
    public void A_witness_is_shown_as_a_case_that_walk_reads()
    {
        string said = ToolRun.Of("prove", "A2'", "--quiet").MustHold();
        Assert.Contains("found", said);
        Assert.Contains("0x0000800000000000", said);
        string kept = said.Split("--case ")[1].Split('\n')[0].Trim();
        Assert.Contains("not canonical", ToolRun.Of("walk", "--case", kept).MustHold());
        File.Delete(kept);
    }

    [Fact]
    public void A_broken_walker_is_refuted_and_its_case_can_be_run_again()
    {
        string folder = Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries");
        var patch = Patch.ReadFolder(folder, "paging").Single(patch => patch.File.Contains("rw-by-or"));
        string broken = PatchCompiler.OfRepository().Compile(patch);
        var run = ToolRun.Of("prove", "B1", "--assembly", broken, "--quiet");
        Assert.Equal(ExitCode.Refuted, run.ExitCode);
        Assert.Contains("REFUTED", run.Output);
        Assert.Contains("the Implementation says", run.Output);

        // One depth was refuted, and only its walk is shown.
        Assert.Single(run.Output.Split("as a case:")[1..]);
        string kept = run.Output.Split("--case ")[1].Split('\n')[0].Trim();
        var again = ToolRun.Of("check", "paging", "--system", broken, "--replay", kept);
        Assert.Equal(ExitCode.Refuted, again.ExitCode);
        Assert.Equal(ExitCode.Held, ToolRun.Of("check", "paging", "--replay", kept).ExitCode);
        Assert.Equal(ExitCode.Held, ToolRun.Of("walk", "--case", kept).ExitCode);
        File.Delete(kept);
    }

    [Fact]
    public void Every_question_is_a_file_that_states_its_answer()
    {
        using var folder = new TemporaryFolder();
        ToolRun.Of("prove", "A2", "--quiet", "--smt2", folder.File("out")).MustHold();
        var files = Directory.GetFiles(folder.File("out"));
        Assert.Contains(files, file => Path.GetFileName(file) == "A2.canonical.four.smt2");
        Assert.Contains(files, file => Path.GetFileName(file) == "A2-witness.canonical.smt2");
        Assert.All(files, file =>
        {
            Assert.EndsWith(".smt2", file, StringComparison.Ordinal);
            string text = File.ReadAllText(file);
            Assert.Contains("(set-info :status ", text);
            Assert.Contains("(check-sat)", text);
        });
    }

    [Theory]
    [InlineData("prove", "Z9")]
    [InlineData("prove", "B1", "nothing")]
    [InlineData("prove", "A2", "--limit", "0")]
    [InlineData("prove", "A2", "--limit", "soon")]
    [InlineData("prove", "A2", "--solver", "")]
    [InlineData("prove", "A2", "--solver", "no-such-solver --lang smt2")]
    [InlineData("prove", "A2", "--solver", "cat")]
    [InlineData("prove", "A2", "--solver", "false")]
    [InlineData("prove", "A2", "--assembly", "missing.dll")]
    [InlineData("prove", "A2", "--assembly", "/")]
    [InlineData("prove", "A2", "--smt2", "")]
    [InlineData("prove", "A2", "--smt2", "/dev/null/out")]
    [InlineData("prove", "--unknown")]
    public void What_cannot_be_used_is_refused_in_one_sentence(params string[] arguments) =>
        ToolRun.Of([.. arguments, "--quiet"]).MustRefuse();

    [Fact]
    public void An_assembly_that_is_none_is_refused()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("text.dll", "not an assembly"u8);
        ToolRun.Of("prove", "A2", "--assembly", text, "--quiet").MustRefuse();
    }

    [Fact]
    public void An_assembly_without_the_methods_is_refused()
    {
        // It has a system, but nothing of it is marked for lifting.
        using SampleSystem sample = new();
        string said = ToolRun.Of("prove", "B1", "--assembly", sample.Assembly, "--quiet").MustRefuse();
        Assert.Contains("paging.walk.four", said);
    }
}

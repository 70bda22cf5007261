using System.Text;
using System.Text.Json;
using PageProof.Cli.Mutate;
using PageProof.Contract;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Mutation;

/// <summary>A report of Stryker is counted as it was meant, and the controls as they must be.</summary>
public sealed class MutationResultTests
{
    private const string Source = """
        class Sample
        {
            // Survivor: nobody asks
            // for the rest.
            int A(int x) => x > 0 ? x : 0;

            int B(int x) => x + 1;
        }
        """;

    private static readonly MutationTarget Target = MutationTarget.Of("paging", "implementation")[0];

    [Fact]
    public void Every_fate_is_counted_where_it_belongs()
    {
        var result = Read(
            [
                At(5, 21, 26, "x < 0", "Killed"),
                At(5, 21, 26, "x >= 0", "Survived"),
                At(7, 21, 26, "x - 1", "NoCoverage"),
                At(7, 21, 26, "x * 1", "Timeout"),
                At(7, 21, 26, "x / 1", "RuntimeError"),
                At(7, 21, 26, "x % 1", "CompileError"),
                At(7, 21, 26, "x | 1", "Ignored", "Removed by mutate filter"),
                At(7, 21, 26, "x ^ 1", "Ignored", "x is even here"),
            ]);
        Assert.Equal((5, 3, 60.0, false), (result.Counted, result.Killed, result.Score, result.Passes));
        Assert.Equal(
            [
                ("Implementation/Paging/Sample.cs", 5, "x > 0 → x >= 0", "nobody asks for the rest."),
                ("Implementation/Paging/Sample.cs", 7, "x + 1 → x - 1", ""),
            ],
            result.Mutants.Where(mutant => mutant.Fate == MutantFate.Survived)
                .Select(mutant => (mutant.File, mutant.Line, mutant.Mutation, mutant.Reason)));
        Assert.Equal(Source.Replace("x > 0", "x < 0"), result.Mutants[0].Text);
        Assert.Equal(1, result.Of(MutantFate.NotCompiling));
        Assert.Equal("x is even here", result.Mutants.Single(mutant => mutant.Fate == MutantFate.Argued).Reason);
    }

    [Fact]
    public void What_only_the_clock_stopped_counts_and_is_not_noticed()
    {
        var result = Read([At(5, 21, 26, "x < 0", "Killed"), At(5, 21, 26, "x >= 0", "Survived")]);
        var stopped = result with
        {
            Mutants = [.. result.Mutants.Select(mutant =>
                mutant.Fate == MutantFate.Survived ? mutant with { Fate = MutantFate.OutOfClock } : mutant)],
        };
        Assert.Equal((2, 1, 50.0), (stopped.Counted, stopped.Killed, stopped.Score));
    }

    [Fact]
    public void Only_what_was_recorded_can_be_asked_alone()
    {
        Assert.Equal(75, Assert.Single(MutationTarget.Of("kernel", "recorded")).ScoreMin);
        Assert.Contains(
            "Nothing of 'frames' has been recorded",
            ToolRun.Of("mutate", "frames", "--of", "recorded").MustRefuse(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_controls_demand_that_the_equivalent_live_and_the_others_die()
    {
        Assert.True(Controls("Killed", "Survived").Holds);
        Assert.Equal("x > 0 → x < 0", Assert.Single(Controls("Survived", "Survived").Wrong).Mutation);
        Assert.Equal("x > 0 → x >= 0", Assert.Single(Controls("Killed", "Killed").Wrong).Mutation);
        Assert.False(new ControlResult(Read([At(5, 21, 26, "x < 0", "Killed")])).Holds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"files": {"ROOT/Implementation/Paging/A.cs": {"source": 1}}}""")]
    public void A_report_that_is_none_is_refused(string text) =>
        Assert.Contains("cannot be read", Refused(text));

    [Fact]
    public void A_report_of_other_sources_is_refused()
    {
        string text = JsonSerializer.Serialize(new { files = Files([At(5, 21, 26, "x < 0", "Killed")]) });
        var error = Assert.Throws<UserError>(() => Read(text, Source + "\n"));
        Assert.Contains("Implementation/Paging/Sample.cs is not what", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_without_mutants_of_the_set_is_refused() =>
        Assert.Contains("made no mutant of Implementation/Paging", Refused("""{"files": {}}"""));

    [Fact]
    public void An_unknown_domain_or_set_is_named()
    {
        Assert.Contains("'tea'", ToolRun.Of("mutate", "tea").MustRefuse(), StringComparison.Ordinal);
        Assert.Contains("'tea'", ToolRun.Of("mutate", "paging", "--of", "tea").MustRefuse(), StringComparison.Ordinal);
    }

    private static ControlResult Controls(string turned, string equal) =>
        new(Read([At(5, 21, 26, "x < 0", turned), At(5, 21, 26, "x >= 0", equal)]));

    private static object At(
        int line, int from, int to, string replacement, string status, string? reason = null) => new
        {
            replacement,
            status,
            statusReason = reason,
            location = new
            {
                start = new { line, column = from },
                end = new { line, column = to },
            },
        };

    private static MutationResult Read(object[] mutants) =>
        Read(JsonSerializer.Serialize(new { files = Files(mutants) }));

    private static Dictionary<string, object> Files(object[] mutants) => new()
    {
        ["ROOT/Implementation/Paging/Sample.cs"] = new { source = Source, mutants },
        ["ROOT/Implementation/Other/Sample.cs"] = new { source = Source, mutants },
    };

    private static MutationResult Read(string text, string current = Source)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("Implementation/Paging"));
        string path = folder.Write(
            "report.json", Encoding.UTF8.GetBytes(text.Replace("ROOT", folder.Path, StringComparison.Ordinal)));
        folder.Write("Implementation/Paging/Sample.cs", Encoding.UTF8.GetBytes(current));
        return MutationResult.Read(Target, folder.Path, path);
    }

    private static string Refused(string text) => Assert.Throws<UserError>(() => Read(text)).Message;
}

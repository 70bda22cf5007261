using PageProof.Cli.Mutate;
using PageProof.Cli.Mutate.Strength;
using PageProof.Contract;
using PageProof.Mutation.Patches;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Mutation;

/// <summary>Which mutants are drawn, and what is kept of them.</summary>
public sealed class StrengthTests
{
    private const int Count = 90;

    private static readonly MutationTarget Target = MutationTarget.Of("swap", "spec")[0];

    private static readonly MutationResult Listed = new(
        Target,
        [
            .. Enumerable.Range(0, Count).Select(line => Mutant(line, MutantFate.Survived)),
            Mutant(Count, MutantFate.NotCompiling), Mutant(Count + 1, MutantFate.Argued),
        ]);

    [Fact]
    public void A_draw_depends_on_the_seed_alone_and_takes_no_mutant_twice()
    {
        var drawn = Draw(seed: 1, sample: 20).Of(Listed);
        Assert.Equal(20, drawn.Distinct().Count());
        Assert.Equal(drawn, Draw(seed: 1, sample: 20).Of(Listed));
        Assert.NotEqual(drawn, Draw(seed: 2, sample: 20).Of(Listed));
        Assert.Equal(InOrder(drawn), drawn);
    }

    [Fact]
    public void Every_mutant_that_is_a_program_can_be_drawn()
    {
        Assert.Equal(Count, Draw(seed: 1, sample: null).Of(Listed).Count);
        var seen = Enumerable.Range(0, 100).SelectMany(seed => Draw((ulong)seed, 10).Of(Listed));
        Assert.Equal(Count, seen.Distinct().Count());
    }

    [Fact]
    public void Shards_are_apart_and_together_the_whole()
    {
        var shards = Enumerable.Range(1, 4)
            .Select(part => (Draw(1, 50) with { Shard = new(part, 4) }).Of(Listed)).ToList();
        Assert.All(shards, shard => Assert.InRange(shard.Count, 12, 13));
        Assert.Equal(Draw(1, 50).Of(Listed), InOrder(shards.SelectMany(shard => shard)));
    }

    [Fact]
    public void Only_what_has_changed_is_drawn()
    {
        var draw = Draw(1, null) with { Changed = new HashSet<string> { "Spec/Swap/File3.cs" } };
        Assert.All(draw.Of(Listed), mutant => Assert.Equal("Spec/Swap/File3.cs", mutant.File));
        Assert.Equal(Count / 10, draw.Of(Listed).Count);
    }

    [Theory]
    [InlineData("mutate", "--sample", "0", "--sample takes a number from 1, not '0'")]
    [InlineData("mutate", "--shard", "3/2", "--shard takes a part and how many there are, such as 1/6, not '3/2'")]
    [InlineData("mutate", "--shard", "two", "--shard takes a part and how many there are, such as 1/6, not 'two'")]
    [InlineData("mutate", "--since", "no-such-revision", "git knows no revision 'no-such-revision'")]
    [InlineData("mutate", "paging", "tlb", "Several domains go with --sample, --shard or --since")]
    [InlineData("mutate", "paging", "--keep", "--keep goes with --sample")]
    [InlineData("mutate", "--sample=3", "--canaries", "judges mutants of sources, and does not go with --canaries")]
    public void A_slip_is_one_sentence(string command, string first, string second, string sentence) => Assert.Contains(
        sentence, ToolRun.Of(command, first, second).MustRefuse(), StringComparison.Ordinal);

    [Fact]
    public void Every_set_has_sources_of_its_own()
    {
        string root = ProjectSources.FindRoot();
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).ToList();
        var sets = MutationTarget.All.Where(set => set.Figure != "recorded").ToList();
        Assert.All(sets, set => Assert.Contains(files, set.Has));
        Assert.All(files, file => Assert.InRange(sets.Count(set => set.Has(file)), 0, 1));
        Assert.All(sets, set => Assert.True(
            File.Exists(Path.Combine(root, "mutation-config", $"{set.Listing.Configuration}.json"))));
    }

    [Fact]
    public void The_interval_is_that_of_Wilson()
    {
        // Source: Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17,
        // 1998, table I, method 3: 81 of 263, and 15 of 148.
        Assert.Equal((25.53, 36.62), Rounded(Row(81, 263 - 81).Interval));
        Assert.Equal((6.24, 16.05), Rounded(Row(15, 148 - 15).Interval));
        Assert.Equal(100, Row(20, 0).Interval.Most);
    }

    [Fact]
    public void What_is_kept_is_read_back_and_a_set_has_one_row()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("docs"));
        Assert.Empty(StrengthFile.Read(folder.Path));
        StrengthFile.Keep(folder.Path, Row(3, 1) with { Set = "Spec/Tlb" });
        StrengthFile.Keep(folder.Path, Row(1, 1));
        StrengthFile.Keep(folder.Path, Row(2, 1));
        var rows = StrengthFile.Read(folder.Path);
        Assert.Equal(["Spec/Swap", "Spec/Tlb"], rows.Select(row => row.Set));
        Assert.Equal((2, 3, 1), (rows[0].Killed, rows[0].Counted, rows[0].Survivors.Count));
        Assert.Contains("| Spec/Tlb | 400 | 4 | 3 |", File.ReadAllText(folder.File("docs/strength.md")));
    }

    [Fact]
    public void A_row_counts_what_became_of_each_mutant()
    {
        MutationResult judged = new(
            Target,
            [
                Mutant(1, MutantFate.Killed), Mutant(2, MutantFate.Killed), Mutant(3, MutantFate.TimedOut),
                Mutant(4, MutantFate.Crashed), Mutant(5, MutantFate.Survived) with { Reason = "why" },
                Mutant(6, MutantFate.OutOfClock), Mutant(7, MutantFate.SameCode), Mutant(8, MutantFate.Argued),
                Mutant(9, MutantFate.Proved),
            ]);
        var row = StrengthRow.Of(judged, Count, 7, "abc", TimeSpan.FromSeconds(61.4));
        Assert.Equal((2, 1, 1), (row.Killed, row.TimedOut, row.Crashed));
        Assert.Equal((1, 1, 1, 61), (row.SameCode, row.Proved, row.Argued, row.Seconds));
        Assert.Equal((6, 8, 100 * 4 / 6.0), (row.Counted, row.Judged, row.Score));
        Assert.Equal(["Spec/Swap/File5.cs:5: a → b", "Spec/Swap/File6.cs:6: a → b"], row.Survivors);
    }

    [Fact]
    public void The_table_of_the_documents_says_what_was_measured()
    {
        string root = ProjectSources.FindRoot();
        Assert.Equal(
            StrengthFile.TableOf(StrengthFile.Read(root)), File.ReadAllText(Path.Combine(root, "docs", "strength.md")));
    }

    [Fact]
    public void The_mutants_are_taken_out_of_the_page_that_shows_them()
    {
        using TemporaryFolder folder = new();
        folder.Write(
            "mutation-report.html",
            "<script>app.report = {\"files\": {\"a\": \"} é\"}}; more()</script></html>\n"u8.ToArray());
        Assert.Equal("{\"files\": {\"a\": \"} é\"}}", File.ReadAllText(StrykerPage.Extract(folder.Path)));
        folder.Write("mutation-report.html", "<html></html>"u8.ToArray());
        Assert.Throws<UserError>(() => StrykerPage.Extract(folder.Path));
    }

    [Fact]
    public void No_browser_is_opened()
    {
        using BrowserNobodySees browser = new();
        using var opened = System.Diagnostics.Process.Start(Path.Combine(browser.Folder, "xdg-open"), "page.html");
        opened.WaitForExit();
        Assert.Equal(0, opened.ExitCode);
    }

    private static IEnumerable<Mutant> InOrder(IEnumerable<Mutant> mutants) =>
        mutants.OrderBy(mutant => mutant.File, StringComparer.Ordinal).ThenBy(mutant => mutant.Line);

    private static (double, double) Rounded((double Least, double Most) interval) =>
        (Math.Round(interval.Least, 2), Math.Round(interval.Most, 2));

    private static MutantDraw Draw(ulong seed, int? sample) => new(seed, sample, null, null);

    private static Mutant Mutant(int line, MutantFate fate) =>
        new($"Spec/Swap/File{line % 10}.cs", line, "a → b", fate, "", "");

    private static StrengthRow Row(int killed, int survived) => new(
        "Spec/Swap", 400, killed, 0, 0, [.. Enumerable.Repeat("x", survived)], 0, 0, 93, 1, "abc", 60);
}

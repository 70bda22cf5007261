using PageProof.Cli.Ablate;
using PageProof.Cli.Check;
using PageProof.Contract;
using PageProof.Mutation.Patches;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Mutation;

/// <summary>What would escape without a law is measured by each law alone, and kept as it was measured.</summary>
public sealed class AblationTests
{
    private const string Answers = "a software-filled TLB answers by what was written into it";
    private const string Processes = "processes see their own pages through a software-filled TLB";

    private static readonly string Root = ProjectSources.FindRoot();

    [Fact]
    public void A_law_is_run_although_the_one_before_it_was_refuted()
    {
        var result = Run(
            "softtlb", 600, "softtlb-invalid-as-refill", "softtlb-global-by-or", "softtlb-unmap-without-flush");
        var faults = result.Row.Faults;
        Assert.Equal([Answers, Processes], result.Row.Laws);
        Assert.Equal([Answers, Processes], faults[0].Noticed.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([Answers], faults[1].Noticed.Keys);
        Assert.Equal([Processes], faults[2].Noticed.Keys);
        Assert.Equal((2, 2), (result.Row.Notices(Answers), result.Row.Notices(Processes)));
        Assert.Equal([faults[1]], result.Row.OnlyBy(Answers));
        Assert.True(result.Holds);
    }

    [Fact]
    [Slow]
    public void A_fault_of_the_Spec_is_in_what_laws_compare_with()
    {
        var result = Run("paging", 20_000, "paging-spec-ignored-bits-as-address");
        Assert.Equal(DomainLaws.Of("paging").RunAll(new PageProof.Spec.SpecSystem(), 1, new(8, null))
            .Select(report => report.Law), result.Row.Laws);
        Assert.Equal(["ignored bits are ignored"], result.Row.Faults[0].Noticed.Keys);
        Assert.Empty(result.Refuted);
    }

    [Fact]
    public void Only_a_law_that_notices_alone_is_needed()
    {
        var row = Row("tlb", ["one", "two", "three"], Of("a", "one", "two"), Of("b", "two"), Of("c"));
        Assert.Equal(["one", "three"], row.Unneeded);
        Assert.Equal(["c"], row.Escaped.Select(fault => fault.Name));
        Assert.False(row.Holds);
        Assert.True((row with { Faults = [row.Faults[2] with { Project = AblationRun.Spec }] }).Holds);
        Assert.True((row with { Faults = [row.Faults[2] with { Bug = 7 }] }).Holds);
    }

    [Fact]
    public void What_is_kept_is_read_back_and_a_domain_has_one_row()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("docs"));
        Directory.CreateDirectory(folder.File("mutation-config"));
        File.WriteAllText(
            folder.File("mutation-config/ablation.json"),
            """[{ "domain": "tlb", "law": "one", "why": "The second implies it." }]""");
        Assert.Empty(AblationFile.Read(folder.Path));
        AblationFile.Keep(folder.Path, Row("tlb", ["one", "two"], Of("a", "two")));
        AblationFile.Keep(folder.Path, Row("paging", ["three"], Of("b", "three")));
        AblationFile.Keep(folder.Path, Row("tlb", ["one", "two"], Of("a", "one", "two"), Of("c", "two")));
        var rows = AblationFile.Read(folder.Path);
        Assert.Equal(["paging", "tlb"], rows.Select(row => row.Domain));
        Assert.Equal(5, rows[1].Faults[0].Noticed["one"]);
        string table = File.ReadAllText(folder.File("docs/ablation.md"));
        Assert.Contains("| one | 1 | 0 |  |\n| two | 2 | 1 | c |", table);
        Assert.Contains("- tlb, *one*: The second implies it.\n", table);
    }

    [Fact]
    public void The_tables_of_the_documents_say_what_was_measured() => Assert.Equal(
        AblationFile.TablesOf(AblationFile.Read(Root), AblationFile.ReadArguments(Root)),
        File.ReadAllText(Path.Combine(Root, "docs", "ablation.md")));

    [Fact]
    public void A_law_that_nothing_needs_is_argued_for_and_no_other_is() => Assert.Equal(
        AblationFile.Read(Root).SelectMany(row => row.Unneeded.Select(law => (row.Domain, law))).Order(),
        AblationFile.ReadArguments(Root).Select(argument => (argument.Domain, argument.Law)).Order());

    [Fact]
    public void What_is_kept_was_noticed_by_something() => Assert.All(
        AblationFile.Read(Root).Where(row => row.Cases >= DomainLaws.Of(row.Domain).CanaryCases),
        row => Assert.True(row.Holds, row.Domain));

    [Fact]
    public void A_slip_is_one_sentence() => Assert.Contains(
        "There are no laws of 'no-such'", ToolRun.Of("ablate", "no-such").MustRefuse(), StringComparison.Ordinal);

    [Fact]
    public void A_file_of_another_form_is_refused()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("docs"));
        File.WriteAllText(folder.File("docs/ablation.json"), """[{ "domain": "tlb" }]""");
        Assert.Throws<UserError>(() => AblationFile.Read(folder.Path));
    }

    private static AblationResult Run(string domain, long cases, params string[] names) =>
        new AblationRun(DomainLaws.Of(domain), cases, 1).Run(
            [.. names.Select(name => Fault.Of(domain).Single(fault => fault.Patch.File == name + ".patch"))], "now");

    private static AblationRow Row(string domain, string[] laws, params FaultRow[] faults) =>
        new(domain, laws, faults, 100, 1, "abc", 60);

    private static FaultRow Of(string name, params string[] laws) => new(
        name, name + ".patch", "Implementation", null, laws.ToDictionary(law => law, _ => 5L));
}

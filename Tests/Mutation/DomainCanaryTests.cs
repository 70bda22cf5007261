using PageProof.Cli.Check;
using PageProof.Cli.Mutate;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>
/// Every canary of a domain still applies, and one of each law is let out: the law that it names is the first
/// to catch it, in few commands; the same sources without a patch are left alone. All of them are let out by
/// <c>.ci/run</c>, which has more time. Paging has tests of its own.
/// </summary>
[Slow]
public sealed class DomainCanaryTests(ITestOutputHelper output)
{
    private const ulong Seed = 1;

    private static readonly Dictionary<string, Lazy<CanaryHunt>> Hunts = Domains.ToDictionary(
        row => row.Data.Item1,
        row => new Lazy<CanaryHunt>(() => CanaryHunt.Run(row.Data.Item1, [.. OneOfEachLaw(row.Data.Item1)], Seed)));

    /// <summary>Each domain, and how many canaries it has at least.</summary>
    public static TheoryData<string, int> Domains => new()
    {
        { "tlb", 20 },
        { "softtlb", 28 },
        { "pagetables", 20 },
        { "hardening", 20 },
        { "shootdown", 25 },
        { "frames", 22 },
        { "reclaim", 36 },
        { "zswap", 24 },
        { "swap", 27 },
        { "swaperrors", 2 },
        { "aslr", 27 },
        { "kernel", 42 },
        { "outofmemory", 4 },
        { "pressure", 28 },
        { "schedules", 26 },
        { "addressspaces", 3 },
        { "pagecache", 3 },
    };

    public static TheoryData<string> Names => [.. Domains.Select(row => row.Data.Item1)];

    public static TheoryData<string, string> Files =>
        [.. Domains.SelectMany(row => OneOfEachLaw(row.Data.Item1).Select(patch => (row.Data.Item1, patch.File)))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_law_catches_in_few_commands(string domain, string file)
    {
        var outcome = Hunts[domain].Value.Outcomes.Single(outcome => outcome.Patch.File == file);
        output.WriteLine($"{outcome.Patch.Name}, at case {outcome.Report.Failure?.Index}:");
        output.WriteLine(outcome.Report.Failure?.Story ?? "no story");
        Assert.Equal("yes", outcome.Verdict);
        Assert.Equal(outcome.Patch.Law, outcome.Report.Law);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_controls_without_a_patch_are_not_caught(string domain) =>
        Assert.All(Hunts[domain].Value.Controls, control => Assert.Null(control.Failure?.Story));

    [Theory]
    [MemberData(nameof(Domains))]
    public void There_are_enough_canaries_and_no_two_are_the_same(string domain, int countMin)
    {
        Assert.True(CanaryHunt.Patches(domain).Count >= countMin);
        Assert.Distinct(CanaryHunt.Patches(domain).Select(patch => patch.Name));
    }

    [Fact]
    public void Every_domain_has_them() =>
        Assert.Equal(
            DomainLaws.All.Select(laws => laws.Name).Order(),
            Names.Select(row => row.Data).Append("paging").Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_applies_to_the_sources(string domain)
    {
        string root = ProjectSources.FindRoot();
        var sources = CanaryHunt.Patches(domain).Select(patch => patch.Project).Distinct()
            .ToDictionary(project => project, project => ProjectSources.Read(root, project).Files);
        Assert.All(CanaryHunt.Patches(domain), patch =>
            Assert.NotEqual(sources[patch.Project], patch.ApplyTo(sources[patch.Project])));
    }

    private static IEnumerable<Patch> OneOfEachLaw(string domain) =>
        CanaryHunt.Patches(domain).GroupBy(patch => patch.Law).Select(ofOneLaw => ofOneLaw.First());
}

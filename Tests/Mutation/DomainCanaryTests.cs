using PageProof.Cli.Mutate;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>
/// Every canary of a domain still applies and compiles, and the law that its patch names is the first to
/// catch it, in few commands; the same sources without a patch are left alone. Paging has tests of its own;
/// the canaries of frames and ASLR are let out by <c>.ci/run</c>, which has more time.
/// </summary>
public sealed class DomainCanaryTests(ITestOutputHelper output)
{
    private const ulong Seed = 1;
    private const int CommandsMax = 12;

    // All canaries of a domain are let out once for all tests.
    private static readonly Dictionary<string, Lazy<CanaryHunt>> Hunts = Domains.ToDictionary(
        row => row.Data.Item1, row => new Lazy<CanaryHunt>(() => CanaryHunt.Run(row.Data.Item1, Seed)));

    /// <summary>Each domain, and how many canaries it has at least.</summary>
    public static TheoryData<string, int> Domains => new()
    {
        { "tlb", 20 },
        { "softtlb", 28 },
        { "pagetables", 20 },
        { "hardening", 20 },
        { "shootdown", 25 },
        { "kernel", 19 },
    };

    public static TheoryData<string> Names => [.. Domains.Select(row => row.Data.Item1)];

    public static TheoryData<string, string> Files =>
        [.. Domains.SelectMany(row => PatchesOf(row.Data.Item1).Select(patch => (row.Data.Item1, patch.File)))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_law_catches_in_few_commands(string domain, string file)
    {
        var (patch, report) = Hunts[domain].Value.Outcomes.Single(outcome => outcome.Patch.File == file);
        Assert.True(report.Failure is not null, $"{patch.Name} was not caught in {report.Cases} cases.");
        output.WriteLine($"{patch.Name}, at case {report.Failure.Index}:");
        output.WriteLine(report.Failure.Story);
        Assert.Equal(patch.Law, report.Law);
        Assert.InRange(report.Failure.Length, 1, CommandsMax);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_controls_without_a_patch_are_not_caught(string domain) =>
        Assert.All(Hunts[domain].Value.Controls, control => Assert.Null(control.Failure?.Story));

    [Theory]
    [MemberData(nameof(Domains))]
    public void There_are_enough_canaries_and_no_two_are_the_same(string domain, int countMin)
    {
        Assert.True(PatchesOf(domain).Count >= countMin);
        Assert.Distinct(PatchesOf(domain).Select(patch => patch.Name));
    }

    private static IReadOnlyList<Patch> PatchesOf(string domain) => CanaryHunt.Patches(domain);
}

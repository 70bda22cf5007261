using PageProof.Cli.Mutate;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>All canaries of shootdowns, let out once for all tests.</summary>
public sealed class ShootdownCanaryFixture
{
    private const ulong Seed = 1;
    private const string Domain = "shootdown";

    private static readonly Lazy<CanaryHunt> OneHunt = new(() => CanaryHunt.Run(Domain, Seed));

    /// <summary>The canaries.</summary>
    public static IReadOnlyList<Patch> Patches { get; } = CanaryHunt.Patches(Domain);

    /// <summary>What came of them.</summary>
    public CanaryHunt Hunt { get; } = OneHunt.Value;
}

/// <summary>
/// Every canary of shootdowns still applies and compiles, and is caught by the law, in few commands; the same
/// sources without a patch are left alone.
/// </summary>
public sealed class ShootdownCanaryTests(ShootdownCanaryFixture canaries, ITestOutputHelper output)
    : IClassFixture<ShootdownCanaryFixture>
{
    private const int CountMin = 25;
    private const int CommandsMax = 12;

    public static TheoryData<string> Files => [.. ShootdownCanaryFixture.Patches.Select(patch => patch.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_law_catches_in_few_commands(string file)
    {
        var (patch, report) = canaries.Hunt.Outcomes.Single(outcome => outcome.Patch.File == file);
        Assert.True(report.Failure is not null, $"{patch.Name} was not caught in {report.Cases} programs.");
        output.WriteLine($"{patch.Name}, at program {report.Failure.Index}:");
        output.WriteLine(report.Failure.Story);
        Assert.Equal(patch.Law, report.Law);
        Assert.InRange(report.Failure.Length, 1, CommandsMax);
    }

    [Fact]
    public void The_controls_without_a_patch_are_not_caught() =>
        Assert.All(canaries.Hunt.Controls, control => Assert.Null(control.Failure?.Story));

    [Fact]
    public void There_are_enough_canaries_and_no_two_are_the_same()
    {
        Assert.True(ShootdownCanaryFixture.Patches.Count >= CountMin);
        Assert.Distinct(ShootdownCanaryFixture.Patches.Select(patch => patch.Name));
    }
}

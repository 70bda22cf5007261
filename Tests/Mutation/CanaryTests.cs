namespace PageProof.Tests.Mutation;

/// <summary>
/// Every canary of paging still applies and compiles, and the lockstep law catches it and tells of it;
/// the same sources without a patch, compiled and loaded the same way, it leaves alone.
/// </summary>
public sealed class CanaryTests(CanaryFixture canaries, ITestOutputHelper output)
    : IClassFixture<CanaryFixture>
{
    // What the first issue of the suite named; there are more by now.
    private const int CountMin = 13;

    public static TheoryData<string> Files => [.. CanaryFixture.Patches.Select(patch => patch.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_lockstep_law_catches(string file)
    {
        var (patch, report) = canaries.Hunt.Outcomes.Single(outcome => outcome.Patch.File == file);
        Assert.True(report.Failure is not null, $"{patch.Name} was not caught in {report.Cases} cases.");
        output.WriteLine($"{patch.Name}, at case {report.Failure.Index}:");
        output.WriteLine(report.Failure.Story);
        Assert.Contains("they differ in", report.Failure.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void The_controls_without_a_patch_are_not_caught() =>
        Assert.All(canaries.Hunt.Controls, control => Assert.Null(control.Failure?.Story));

    [Fact]
    public void There_are_enough_canaries_and_no_two_are_the_same()
    {
        Assert.True(CanaryFixture.Patches.Count >= CountMin);
        Assert.Distinct(CanaryFixture.Patches.Select(patch => patch.Name));
    }
}

namespace PageProof.Tests.Bugs;

/// <summary>
/// Every historical bug still applies and compiles, and is noticed by the law or the theorem that its
/// patch names, in few commands; the same sources without a bug are left alone.
/// </summary>
public sealed class BugTests(BugFixture bugs, ITestOutputHelper output) : IClassFixture<BugFixture>
{
    private const int CommandsMax = 12;

    // Of the bugs that the project set out to re-create, with a patch or without.
    private const int Known = 49;

    public static TheoryData<int> Numbers => [.. BugFixture.Catalogue.Bugs.Select(bug => bug.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void It_is_noticed_by_the_law_that_its_patch_names(int number)
    {
        var outcome = bugs.Report.Outcomes.Single(outcome => outcome.Bug.Number == number);
        var trial = Assert.Single(outcome.Trials);
        Assert.True(trial.IsFound, $"{outcome.Bug.Name} was not found in {trial.Cases} cases.");
        output.WriteLine($"{outcome.Bug.Name}, at case {trial.Cases}:");
        output.WriteLine(trial.Story);
        Assert.Equal(outcome.Bug.Patch.Law, trial.Laws[0]);
        if (outcome.Bug.Shortest is { } shortest)
        {
            // A story below the shortest known one is news for the header.
            Assert.InRange(trial.Length, shortest, CommandsMax);
        }
    }

    [Fact]
    public void Without_a_bug_nothing_is_found()
    {
        Assert.NotEmpty(bugs.Report.Controls);
        Assert.All(bugs.Report.Controls, control => Assert.Empty(control.Trial.Laws));
    }

    [Fact]
    public void Each_known_bug_is_re_created_or_waits()
    {
        var catalogue = BugFixture.Catalogue;
        Assert.Equal(Known, catalogue.Bugs.Count + catalogue.Waiting.Count);
        Assert.Distinct(catalogue.Bugs.Select(bug => bug.Name).Concat(catalogue.Waiting.Select(bug => bug.Name)));
        Assert.All(catalogue.Bugs, bug => Assert.Equal("Implementation", bug.Patch.Project));
        Assert.All(catalogue.Bugs, bug => Assert.StartsWith($"{bug.Number}-", bug.Patch.File));
    }
}

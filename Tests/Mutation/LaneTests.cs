namespace PageProof.Tests.Mutation;

/// <summary>A lane holds the tests that are marked for it, and a slip in its name is not a lane.</summary>
[InLane(InLaneAttribute.Every)]
public sealed class LaneTests
{
    [Fact]
    public void Without_a_lane_everything_runs()
    {
        Assert.Null(Lane.Parse(null));
        Assert.Null(Lane.Parse(""));
    }

    [Theory]
    [InlineData("mutation,sample", typeof(Marked), true)]
    [InlineData("mutation,sample", typeof(Recorded), true)]
    [InlineData("mutation,sample", typeof(Unmarked), false)]
    [InlineData("mutation,tlb", typeof(Marked), false)]
    [InlineData("mutation,sample,recorded", typeof(Recorded), true)]
    [InlineData("mutation,sample,implementation", typeof(Marked), true)]
    [InlineData("mutation,sample,implementation", typeof(Recorded), false)]
    [InlineData("mutation,sample,implementation", typeof(OfTheSpec), false)]
    [InlineData("mutation,sample", typeof(OfTheSpec), true)]
    [InlineData("mutation,sample,recorded", typeof(OfTheSpec), false)]
    [InlineData("mutation,every", typeof(Marked), true)]
    [InlineData("mutation,every", typeof(Unmarked), false)]
    [InlineData("mutation,sample,recorded", typeof(Marked), false)]
    public void A_lane_takes_what_is_marked_for_it(string lane, Type testClass, bool runs) =>
        Assert.Equal(runs, Lane.Parse(lane)!.Includes(testClass));

    [Theory]
    [InlineData("paging")]
    [InlineData("mutation")]
    [InlineData("mutation,")]
    [InlineData("mutation,paging,all")]
    [InlineData("Mutation,paging")]
    public void A_slip_in_the_name_of_a_lane_names_no_tests(string lane) =>
        Assert.False(HasTests(Lane.Parse(lane)!));

    [Fact]
    public void The_lane_of_this_run_has_tests_of_its_own() =>
        Assert.True(
            Lane.Current is not { } lane || HasTests(lane),
            $"No test is marked for this run's {Lane.Variable}.");

    private static bool HasTests(Lane lane) =>
        typeof(Lane).Assembly.GetExportedTypes().Any(lane.IsNamedBy);

    [InLane("sample")]
    private sealed class Marked;

    [InLane("sample", Recorded = true)]
    private sealed class Recorded;

    [InLane("sample", SpecAlone = true)]
    private sealed class OfTheSpec;

    private sealed class Unmarked;
}

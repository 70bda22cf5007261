using static PageProof.Mutation.Controls.ControlSubject;

namespace PageProof.Tests.Mutation;

/// <summary>All that a mutation run over the control subject has to go by.</summary>
[InLane("controls")]
public sealed class ControlSubjectTests
{
    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(4, 4)]
    [InlineData(-4, 3)]
    [InlineData(0, -7)]
    public void Each_method_is_what_the_library_says(long left, long right)
    {
        Assert.Equal(Math.Abs(left), Magnitude(left));
        Assert.Equal(Math.Max(left, right), Larger(left, right));
        Assert.Equal(Math.Min(left, right), Smaller(left, right));
        Assert.Equal(Math.Max(left, right), AtLeast(left, right));
        Assert.Equal(Math.Min(left, right), AtMost(left, right));
        Assert.Equal(Math.Abs(left - right), Distance(left, right));
        Assert.Equal(Math.Max(left - right, 0), Excess(left, right));
        Assert.Equal(Math.Max(right - left, 0), Shortfall(left, right));
    }
}

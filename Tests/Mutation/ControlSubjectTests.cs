using PageProof.Mutation.Controls;

namespace PageProof.Tests.Mutation;

/// <summary>All that a mutation run over the control subject has to go by.</summary>
[InLane("controls")]
public sealed class ControlSubjectTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(-3, 3)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MinValue, 2147483648)]
    public void A_magnitude_is_never_negative(int value, long magnitude) =>
        Assert.Equal(magnitude, ControlSubject.Magnitude(value));
}

using PageProof.Contract.Reclaim;
using PageProof.Properties.Reclaim;

namespace PageProof.Tests.Reclaim;

/// <summary>Sequences of references as text.</summary>
public sealed class ReplacementTextTests
{
    private const string Start = "policy lru frames=3 tick=1 window=0 ratio=0 batch=1\n";

    [Fact]
    public void What_is_printed_is_read_back()
    {
        ReplacementGenerator generator = new(new());
        for (int index = 0; index < 500; index++)
        {
            var sequence = generator.Generate(3, index);
            string text = ReplacementText.Print(sequence);
            Assert.True(ReplacementText.TryParse(text, out var read, out string? reason), reason);
            Assert.Equal((sequence.Settings, sequence.Batch), (read.Settings, read.Batch));
            Assert.Equal(sequence.References.AsEnumerable(), read.References);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("r 1")]
    [InlineData("policy best frames=3 tick=1 window=0 ratio=0 batch=1")]
    [InlineData("policy lru frames=0 tick=1 window=0 ratio=0 batch=1")]
    [InlineData("policy lru frames=99999999 tick=1 window=0 ratio=0 batch=1")]
    [InlineData("policy lru frames=3 tick=0 window=0 ratio=0 batch=1")]
    [InlineData("policy lru frames=3 tick=1 window=0 ratio=0 batch=0")]
    [InlineData("policy lru frames=3 tick=1 window=0 ratio=0")]
    [InlineData(Start + "policy lru frames=3 tick=1 window=0 ratio=0 batch=1")]
    [InlineData(Start + "1")]
    [InlineData(Start + "x 1")]
    [InlineData(Start + "rr 1")]
    [InlineData(Start + "r -1")]
    [InlineData(Start + "r 18446744073709551616")]
    [InlineData(Start + "r 1 2")]
    [InlineData("\0\0")]
    public void What_is_no_sequence_is_refused_with_a_reason(string text)
    {
        Assert.False(ReplacementText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}

using PageProof.Contract.Hardening;
using PageProof.Properties.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>Sequences for an isolating kernel as text.</summary>
public sealed class KptiTextTests
{
    private const string Good = "machine 1 2 0xffff880000000000+0x8000000000\ncontrol nxe\n";

    [Fact]
    public void What_is_printed_is_read_back()
    {
        KptiGenerator generator = new(new());
        for (int index = 0; index < 500; index++)
        {
            var sequence = generator.Generate(3, index);
            string text = KptiText.Print(sequence);
            Assert.True(KptiText.TryParse(text, out var read, out string? reason), reason);
            Assert.Equal(sequence.Start.Entry.AsEnumerable(), read.Start.Entry);
            Assert.Equal(sequence.Start with { Entry = [] }, read.Start with { Entry = [] });
            Assert.Equal(sequence.Commands.AsEnumerable(), read.Commands);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("machine 1 2 0x0+0x1000")]
    [InlineData("control nxe")]
    [InlineData("machine 0 2 0x0+0x1000\ncontrol nxe")]
    [InlineData("machine 1 2 0x0+0x1000 pcid\ncontrol nxe")]
    [InlineData(Good + "cpu 1 idle")]
    [InlineData(Good + "cpu 0 sleep")]
    [InlineData(Good + "cpu 0 create")]
    [InlineData(Good + "cpu 0 idle 3")]
    [InlineData(Good + "cpu 0 map 1 0x1000+0x1000 frame=q")]
    [InlineData(Good + "cpu 0 protect 1 0x1000+0x1000 q")]
    [InlineData(Good + "cpu 0 unmap 1 0x1000")]
    [InlineData(Good + "cpu 0 access Jump address=0x0 cpl=0")]
    [InlineData(Good + "entry 0x1000 bits")]
    [InlineData("\0\0")]
    public void What_is_no_sequence_is_refused_with_a_reason(string text)
    {
        Assert.False(KptiText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}

using PageProof.Contract.Frames;
using PageProof.Properties.Frames;

namespace PageProof.Tests.Frames;

/// <summary>Sequences for an allocator as text.</summary>
public sealed class FrameTextTests
{
    private const string Good = "frames 0+8 cpus=1 kept=0 batch=1 counts=9 mappings=9\n";

    [Fact]
    public void What_is_printed_is_read_back()
    {
        FrameGenerator generator = new(new());
        for (int index = 0; index < 500; index++)
        {
            var sequence = generator.Generate(3, index);
            string text = FrameText.Print(sequence);
            Assert.True(FrameText.TryParse(text, out var read, out string? reason), reason);
            Assert.Equal(sequence.Start.Reserved.AsEnumerable(), read.Start.Reserved);
            Assert.Equal(sequence.Start with { Reserved = [] }, read.Start with { Reserved = [] });
            Assert.Equal(sequence.Commands.AsEnumerable(), read.Commands);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu 0 drain")]
    [InlineData("frames 0+0 cpus=1 kept=0 batch=1 counts=9 mappings=9")]
    [InlineData("frames 0+8 cpus=0 kept=0 batch=1 counts=9 mappings=9")]
    [InlineData("frames 0+8 cpus=1 kept=0 batch=0 counts=9 mappings=9")]
    [InlineData("frames 0+8 cpus=1 kept=0 batch=1 counts=0 mappings=9")]
    [InlineData("frames 0+8 cpus=1 kept=-1 batch=1 counts=9 mappings=9")]
    [InlineData("frames 0+8 cpus=1 batch=1 kept=0 counts=9 mappings=9")]
    [InlineData("frames 0+8 cpus=1 kept=0 batch=1 counts=9")]
    [InlineData("frames 0+99999999 cpus=1 kept=0 batch=1 counts=9 mappings=9")]
    [InlineData(Good + "reserved 7+2")]
    [InlineData(Good + "reserved q")]
    [InlineData(Good + "cpu 1 drain")]
    [InlineData(Good + "cpu 0 sleep")]
    [InlineData(Good + "cpu 0 drain 1")]
    [InlineData(Good + "cpu 0 hold")]
    [InlineData(Good + "cpu 0 hold 3")]
    [InlineData(Good + "cpu 0 hold @3 4")]
    [InlineData(Good + "cpu 0 hold @70000")]
    [InlineData(Good + "cpu 0 allocate 11 File")]
    [InlineData(Good + "cpu 0 allocate 0 Free")]
    [InlineData(Good + "cpu 0 allocate 0 Heap")]
    [InlineData(Good + "cpu 0 map @0 1")]
    [InlineData(Good + "cpu 0 map @0 1:x")]
    [InlineData(Good + "cpu 0 mark @0 Cached")]
    [InlineData(Good + "cpu 0 write @0 -1")]
    [InlineData("\0\0")]
    public void What_is_no_sequence_is_refused_with_a_reason(string text)
    {
        Assert.False(FrameText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}

using PageProof.Contract.Swap;
using PageProof.Properties.Swap;

namespace PageProof.Tests.Swap;

/// <summary>Sequences for swap devices as text.</summary>
public sealed class SwapTextTests
{
    private const string Good = "swap frames=4 cluster=2 areas=31 references=9\npartition 12\nfile 12 pieces=2\n";

    [Fact]
    public void What_is_printed_is_read_back()
    {
        SwapGenerator generator = new(new());
        for (int index = 0; index < 500; index++)
        {
            var sequence = generator.Generate(3, index);
            Assert.True(SwapText.TryParse(SwapText.Print(sequence), out var read, out string? reason), reason);
            Assert.Equal(sequence.Start.Devices.AsEnumerable(), read.Start.Devices);
            Assert.Equal(sequence.Start with { Devices = [] }, read.Start with { Devices = [] });
            Assert.Equal(sequence.Commands.AsEnumerable(), read.Commands);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("partition 12")]
    [InlineData("swap frames=4 cluster=2 areas=31")]
    [InlineData("swap frames=4 cluster=13 areas=31 references=9")]
    [InlineData("swap frames=4 cluster=2 areas=32 references=9")]
    [InlineData("swap frames=4 cluster=2 areas=0 references=9")]
    [InlineData("swap frames=4 cluster=2 areas=3 references=0")]
    [InlineData(Good + "swap frames=4 cluster=2 areas=31 references=9")]
    [InlineData(Good + "partition")]
    [InlineData(Good + "partition 0")]
    [InlineData(Good + "partition 4097")]
    [InlineData(Good + "partition 9 hole=3")]
    [InlineData(Good + "file 9")]
    [InlineData(Good + "file 9 pieces=10")]
    [InlineData(Good + "file 9 pieces=1 hole=9")]
    [InlineData(Good + "file 9 pieces=1 read-write")]
    [InlineData(Good + "make-swap 2 pages=10")]
    [InlineData(Good + "make-swap 0 pages=x")]
    [InlineData(Good + "make-swap 0 pages=10 bad=1")]
    [InlineData(Good + "make-swap 0 pages=10 uuid=1-2")]
    [InlineData(Good + "make-swap 0 pages=10 label=sixteencharacter")]
    [InlineData(Good + "make-swap 0 pages=10 label=a/b")]
    [InlineData(Good + "poke 0 4093 1")]
    [InlineData(Good + "poke 0 1024")]
    [InlineData(Good + "swap-on 2")]
    [InlineData(Good + "swap-on 0 priority=-1")]
    [InlineData(Good + "swap-on 0 priority=32768")]
    [InlineData(Good + "swap-off")]
    [InlineData(Good + "store 0:0 2 1")]
    [InlineData(Good + "store 0 0 1")]
    [InlineData(Good + "load 0:x")]
    [InlineData(Good + "begin-read 0:0")]
    [InlineData(Good + "end-read")]
    [InlineData(Good + "fork 0")]
    [InlineData(Good + "fail-read -1")]
    [InlineData(Good + "sleep")]
    [InlineData("\0\0")]
    public void What_is_no_sequence_is_refused_with_a_reason(string text)
    {
        Assert.False(SwapText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}

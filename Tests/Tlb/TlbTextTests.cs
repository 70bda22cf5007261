using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

public sealed class TlbTextTests
{
    private const string Start = "cpus 2\ncontrol wp memory=0x10000\nword 0x1000=0x2001\n";

    [Fact]
    public void A_sequence_that_is_printed_is_read_back_the_same()
    {
        TlbGenerator generator = new(new TlbMachine(new()).Capabilities);
        for (int index = 0; index < 3000; index++)
        {
            var made = generator.Generate(11, index);
            Assert.True(TlbText.TryParse(TlbText.Print(made), out var read, out string? reason), reason);
            Assert.Equal(made.Start.Control, read.Start.Control);
            Assert.Equal(made.Start.Cpus, read.Start.Cpus);
            Assert.Equal(made.Start.Memory, read.Start.Memory);
            Assert.Equal(made.Start.Words, read.Start.Words);
            Assert.Equal(made.Commands, read.Commands);
        }
    }

    [Theory]
    [InlineData("cpu 2: load 0x1000", "line 4")]
    [InlineData("cpu 0: load 0x1001", "line 4")]
    [InlineData("cpu 0: load 0x1008", "not listed")]
    [InlineData("cpu 0: store 0x1000", "line 4")]
    [InlineData("cpu 0: store 0x1000=zero", "line 4")]
    [InlineData("cpu 0: access", "line 4")]
    [InlineData("cpu 0: access Raed", "line 4")]
    [InlineData("cpu 0: invlpg", "line 4")]
    [InlineData("cpu 0: invpcid 1 2 3", "line 4")]
    [InlineData("cpu 0: mov cr2 0x0", "line 4")]
    [InlineData("cpu 0: mov cr0 0x1", "line 4")]
    [InlineData("cpu 0: wrpkru", "line 4")]
    [InlineData("cpu 0: wrpkru 0x100000000", "line 4")]
    [InlineData("cpu 0: mov cr4 0x1", "line 4")]
    [InlineData("cpu 0: mov cr4 0x1ffffffffffffffff", "line 4")]
    [InlineData("cpu", "line 4")]
    [InlineData("cpus 5", "line 4")]
    [InlineData("access Read", "line 4")]
    [InlineData("word 0x20000=0x0", "outside the memory")]
    [InlineData("word 0x1=0x0", "line 4")]
    public void A_wrong_line_is_named(string line, string named)
    {
        Assert.False(TlbText.TryParse(Start + line, out _, out string? reason));
        Assert.Contains(named, reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpus 1\n")]
    [InlineData("control wp memory=0x10000\n")]
    public void A_sequence_needs_its_start(string text) => Assert.False(TlbText.TryParse(text, out _, out _));
}

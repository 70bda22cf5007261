using PageProof.Contract.Tlb;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

public sealed class SoftwareTlbTextTests
{
    private const string Kernel = "kernel entries=4 wired=1 asids=3 processes=2\n";

    [Fact]
    public void A_sequence_that_is_printed_is_read_back_the_same()
    {
        for (int index = 0; index < 2000; index++)
        {
            var made = SoftwareTlbGenerator.Generate(11, index);
            string text = SoftwareTlbText.Print(made);
            Assert.True(SoftwareTlbText.TryParse(text, out var read, out string? reason), reason);
            Assert.Equal(made.Entries, read.Entries);
            Assert.Equal(made.Commands, read.Commands);
        }
    }

    [Fact]
    public void A_sequence_for_a_kernel_that_is_printed_is_read_back_the_same()
    {
        for (int index = 0; index < 2000; index++)
        {
            var made = SoftwareTlbKernelGenerator.Generate(11, index);
            Assert.True(
                SoftwareTlbKernelText.TryParse(SoftwareTlbKernelText.Print(made), out var read, out string? reason),
                reason);
            Assert.Equal(made.Start, read.Start);
            Assert.Equal(made.Commands, read.Commands);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("entries 1")]
    [InlineData("entries 49")]
    [InlineData("entries four")]
    [InlineData("entries 4\nentries 4")]
    [InlineData("tlbp\nentries 4")]
    [InlineData("entries 4\ndmtc0 EntryLo2 0x0")]
    [InlineData("entries 4\ndmtc0 2 0x0")]
    [InlineData("entries 4\ndmtc0 EntryHi 0")]
    [InlineData("entries 4\ndmtc0 EntryHi 0x10000000000000000")]
    [InlineData("entries 4\ndmfc0")]
    [InlineData("entries 4\naccess ShadowStackRead 0x0 User")]
    [InlineData("entries 4\naccess Read 0x0 Ring0")]
    [InlineData("entries 4\naccess Read User")]
    [InlineData("entries 4\ntlbwx")]
    public void A_wrong_line_is_named(string text)
    {
        Assert.False(SoftwareTlbText.TryParse(text, out _, out string? reason));
        Assert.Contains("line", reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kernel entries=4 wired=4 asids=3 processes=2")]
    [InlineData("kernel entries=4 wired=1 asids=1 processes=2")]
    [InlineData("kernel entries=4 wired=1 asids=257 processes=2")]
    [InlineData("kernel entries=4 wired=1 asids=3 processes=9")]
    [InlineData(Kernel + Kernel)]
    [InlineData(Kernel + "switch process=2")]
    [InlineData(Kernel + "wired Read page=1")]
    [InlineData(Kernel + "access Read page=32")]
    [InlineData(Kernel + "access ShadowStackRead page=1")]
    [InlineData(Kernel + "map process=0 page=1 frame=16777216")]
    [InlineData(Kernel + "map process=0 page=1 frame=1 readable")]
    [InlineData(Kernel + "map process=0 page=1 frame=1 writable twice")]
    [InlineData(Kernel + "unmap process=0")]
    [InlineData(Kernel + "exit")]
    public void A_wrong_line_for_a_kernel_is_named(string text)
    {
        Assert.False(SoftwareTlbKernelText.TryParse(text, out _, out string? reason));
        Assert.Contains("line", reason);
    }
}

using PageProof.Contract.PageTables;
using PageProof.Properties.PageTables;

namespace PageProof.Tests.PageTables;

/// <summary>Sequences of edits as text.</summary>
public sealed class PageTableTextTests
{
    [Fact]
    public void What_is_printed_is_read_back()
    {
        PageTableGenerator generator = new(new() { Tables = 31 });
        for (int index = 0; index < 500; index++)
        {
            var sequence = generator.Generate(3, index);
            string text = PageTableText.Print(sequence);
            Assert.True(PageTableText.TryParse(text, out var read, out string? reason), reason);
            Assert.Equal(sequence.Start, read.Start);
            Assert.Equal(sequence.Commands.AsEnumerable(), read.Commands);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("tables 3")]
    [InlineData("control nxe maxphyaddr=52 cr3=0x0 memory=0x0")]
    [InlineData("tables -1")]
    [InlineData("tables 3\ncontrol nxe\nmap 0x1000")]
    [InlineData("tables 3\ncontrol nxe\nmap 0x1000+0x1000 frame=x")]
    [InlineData("tables 3\ncontrol nxe\nmap 0x1000+0x1000 frame=0x0 frame")]
    [InlineData("tables 3\ncontrol nxe\nprotect 0x1000+0x1000 q")]
    [InlineData("tables 3\ncontrol nxe\nunmap 0x1000")]
    [InlineData("tables 3\ncontrol nxe\nflush 0x1000")]
    [InlineData("tables 3\ncontrol nxe\nunmap 0x1000+0x1000 overtaken 0 access Read address=0x0 cpl=0")]
    [InlineData("tables 3\ncontrol nxe\nunmap 0x1000+0x1000 overtaken 1 flush")]
    [InlineData("\0\0")]
    public void What_is_no_sequence_is_refused_with_a_reason(string text)
    {
        Assert.False(PageTableText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}

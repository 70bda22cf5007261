using PageProof.Contract.Paging;
using PageProof.Implementation;
using PageProof.Properties.Paging;

namespace PageProof.Tests.Paging;

public sealed class CaseTextTests
{
    [Fact]
    public void A_case_that_is_printed_is_read_back_the_same()
    {
        TranslationGenerator generator = new(new ImplementationSystem().OpenTranslator()!.Capabilities);
        TranslationCase made = default;
        for (int index = 0; index < 5000; index++)
        {
            generator.Generate(11, index, ref made);
            Assert.True(CaseText.TryParse(CaseText.Print(made), out var read, out string? reason), reason);
            Assert.Equal(made.Control, read.Control);
            Assert.Equal(made.Access, read.Access);
            Assert.Equal(made.Memory, read.Memory);
            Assert.Equal(made.Words, read.Words);
        }
    }

    [Theory]
    [InlineData("", "control line")]
    [InlineData("control wp\n", "access line")]
    [InlineData("control wq\naccess Read\n", "line 1")]
    [InlineData("control maxphyaddr=35\naccess Read\n", "line 1")]
    [InlineData("control maxphyaddr=53\naccess Read\n", "line 1")]
    [InlineData("control\naccess Readd\n", "line 2")]
    [InlineData("control\naccess 7\n", "line 2")]
    [InlineData("control\naccess Read cpl=4\n", "line 2")]
    [InlineData("control\naccess Read address=0x1ffffffffffffffff\n", "line 2")]
    [InlineData("control\naccess Read\nword 0x1=0x2\n", "line 3")]
    [InlineData("control\naccess Read\nword 0x8\n", "line 3")]
    [InlineData("control\naccess Read\n\0\n", "line 3")]
    public void A_wrong_line_is_named(string text, string named)
    {
        Assert.False(CaseText.TryParse(text, out _, out string? reason));
        Assert.Contains(named, reason);
    }

    [Fact]
    public void More_words_than_a_case_holds_are_refused()
    {
        string words = string.Concat(Enumerable.Range(0, 65).Select(word => $"word 0x{word * 8:x}=0x1\n"));
        Assert.False(CaseText.TryParse("control\naccess Read\n" + words, out _, out string? reason));
        Assert.Contains("line 67", reason);
    }
}

using PageProof.Contract.Hardening;
using PageProof.Properties.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>Requests for layouts as text.</summary>
public sealed class LayoutTextTests
{
    [Fact]
    public void What_is_printed_is_read_back()
    {
        for (int index = 0; index < 500; index++)
        {
            var request = LayoutGenerator.Generate(3, index);
            Assert.True(LayoutText.TryParse(LayoutText.Print(request), out var read, out string? reason), reason);
            Assert.Equal(request, read);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sizes limit=0x1000")]
    [InlineData("layout")]
    [InlineData("layout 64")]
    [InlineData("layout 16 pie")]
    [InlineData("layout 64 elf")]
    [InlineData("layout 64 pie level=3")]
    [InlineData("layout 64 pie kernel=6")]
    [InlineData("layout 64 pie kernel=6.999")]
    [InlineData("layout 64 pie bits=-1")]
    [InlineData("layout 64 pie six-levels")]
    [InlineData("layout 64 pie\nsizes limit=8")]
    [InlineData("layout 64 pie\nsizes length=0x8")]
    [InlineData("layout 64 pie\ndraws stack=0x10000000000000000")]
    [InlineData("layout 64 pie\nwords stack=0x1")]
    [InlineData("\0\0")]
    public void What_is_no_request_is_refused_with_a_reason(string text)
    {
        Assert.False(LayoutText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}

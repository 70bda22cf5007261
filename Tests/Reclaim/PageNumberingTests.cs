using PageProof.Implementation.Reclaim;

namespace PageProof.Tests.Reclaim;

/// <summary>Pages keep their numbers when the table grows, with more pages than the sequences of laws have.</summary>
[InLane("reclaim")]
public sealed class PageNumberingTests
{
    private const int Pages = 5_000;

    [Theory]
    [InlineData(1UL)]
    [InlineData(0x1000UL)]
    [InlineData(0x9E37_79B9_7F4A_7C15UL)]
    public void A_page_has_the_number_of_its_first_use(ulong stride)
    {
        PageNumbering numbering = new();
        for (int number = 0; number < Pages; number++)
        {
            ulong page = (ulong)number * stride;
            Assert.Equal(number, numbering.NumberOf(page));
            Assert.Equal((number + 1, page), (numbering.Count, numbering[number]));
            Assert.Equal(number / 2, numbering.NumberOf((ulong)(number / 2) * stride));
        }

        for (int number = 0; number < Pages; number++)
        {
            Assert.Equal(number, numbering.NumberOf((ulong)number * stride));
        }

        Assert.Equal(Pages, numbering.Count);
    }
}

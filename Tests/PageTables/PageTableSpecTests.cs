using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Spec.PageTables;

namespace PageProof.Tests.PageTables;

/// <summary>What the Spec of page tables says of the ends of pages and of flushes.</summary>
[InLane("pagetables", SpecAlone = true)]
public sealed class PageTableSpecTests
{
    private static readonly MappedPage Page =
        new(new(0x20_0000), new() { Frame = new(0x40_0000), Size = PageSize.Size2M, Rights = PageRights.User });

    [Theory]
    [InlineData(0x1F_FFFFUL, false)]
    [InlineData(0x20_0000UL, true)]
    [InlineData(0x3F_FFFFUL, true)]
    [InlineData(0x40_0000UL, false)]
    public void A_page_has_its_first_and_its_last_address(ulong address, bool has) =>
        Assert.Equal(has, EditSpec.At([Page], new(address)) is not null);

    // The flush is of the two pages at 0x2000 and 0x3000, by steps of 4 KiB.
    [Theory]
    [InlineData(0x1000UL, 12, false)]
    [InlineData(0x2000UL, 12, true)]
    [InlineData(0x3000UL, 12, true)]
    [InlineData(0x4000UL, 12, false)]
    [InlineData(0x0UL, 21, true)]
    [InlineData(0x20_0000UL, 21, false)]
    public void A_flush_covers_what_has_one_of_its_addresses(ulong start, int offsetBits, bool covers) =>
        Assert.Equal(covers, FlushSpec.Covers(
            new(true, new(0x2000), new(0x3FFF), PageSize.Size4K, TablesUnlinked: false),
            new(new(start), offsetBits, IsTable: false)));

    /// <summary>Steps of 2 MiB pass over a small page between two of them.</summary>
    [Fact]
    public void A_flush_passes_over_what_lies_between_its_addresses()
    {
        FlushNeed need = new(true, new(0), new(0x5F_FFFF), PageSize.Size2M, TablesUnlinked: false);
        Assert.False(FlushSpec.Covers(need, new(new(0x1000), 12, IsTable: false)));
        Assert.True(FlushSpec.Covers(need, new(new(0x20_0000), 12, IsTable: false)));
    }
}

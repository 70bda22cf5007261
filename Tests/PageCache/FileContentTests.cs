using PageProof.Spec.PageCache;

namespace PageProof.Tests.PageCache;

/// <summary>The bytes of an object in the Spec, where random sequences seldom look.</summary>
[InLane("pagecache", SpecAlone = true)]
public sealed class FileContentTests
{
    private const int Page = PageContent.Bytes;

    // A page and a half, and something stored behind the end through a mapping.
    private static readonly MemoryObject Made = FileSpec.WithPage(
        FileSpec.WithPage(new(Page + 2048, [], default), 0, PageContent.Zero.Store(8, 8, 7)),
        1, PageContent.Zero.Store(0, 8, 8).Store(2040, 8, 9).Store(2048, 8, 10).Store(4088, 8, 11));

    [Fact]
    public void Pages_are_in_their_order_and_those_of_zeros_are_none()
    {
        var more = FileSpec.WithPage(FileSpec.WithPage(Made, 9, PageContent.Zero.Store(0, 1, 1)), 4, Word(5));
        Assert.Equal([0, 1, 4, 9], more.Pages.Select(page => page.Index));
        Assert.Equal([0, 4, 9], FileSpec.WithPage(more, 1, PageContent.Zero).Pages.Select(page => page.Index));
        Assert.Equal([0, 1, 4, 9], FileSpec.WithPage(more, 7, PageContent.Zero).Pages.Select(page => page.Index));
        Assert.Equal(6UL, FileSpec.PageOf(FileSpec.WithPage(more, 4, Word(6)), 4).Load(0, 8));
        Assert.Equal(4, FileSpec.WithPage(more, 4, Word(6)).Pages.Length);
    }

    [Theory]
    [InlineData(Page + 2048, true, 0)]
    [InlineData(Page + 2048, false, 0)]
    [InlineData(Page + 3000, true, 10)]
    [InlineData(Page + 3000, false, 0)]
    [InlineData(3 * Page, true, 10)]
    [InlineData(Page + 2047, true, 0)]
    public void What_lies_behind_the_end_is_cleared_unless_a_file_grows_where_it_is_kept(
        int length, bool keepsTail, ulong behind)
    {
        var changed = FileSpec.SetLength(Made, (ulong)length, keepsTail);
        Assert.Equal((ulong)length, changed.Length);
        Assert.Equal((8UL, behind), (WordAt(changed, 1, 0), WordAt(changed, 1, 2048)));
        Assert.Equal(9UL, WordAt(changed, 1, 2040));
    }

    [Fact]
    public void Pages_behind_the_end_are_gone()
    {
        Assert.Equal([0UL], FileSpec.SetLength(Made, Page, true).Pages.Select(page => page.Index));
        Assert.Empty(FileSpec.SetLength(Made, 0, true).Pages);
        Assert.Equal(2, FileSpec.SetLength(Made, Page + 1, true).Pages.Length);
        Assert.Equal(8UL, WordAt(FileSpec.SetLength(Made, Page + 1, true), 1, 0));
        Assert.Empty(FileSpec.SetLength(Made, 8, true).Pages);
    }

    [Fact]
    public void Only_bytes_behind_the_end_make_an_object_longer()
    {
        var written = FileSpec.Write(Made, Page + 2040, 8, 0x11, keepsTail: false);
        Assert.Equal((Made.Length, 0x11UL, 10UL), (written.Length, WordAt(written, 1, 2040), WordAt(written, 1, 2048)));
        written = FileSpec.Write(Made, Page + 2048, 1, 0x11, keepsTail: false);
        Assert.Equal((Made.Length + 1, 0x11UL), (written.Length, WordAt(written, 1, 2048)));
        Assert.Equal((9UL, 0UL), (WordAt(written, 1, 2040), WordAt(written, 1, 4088)));
        written = FileSpec.Write(Made, 9000, 0, 0x11, keepsTail: false);
        Assert.Equal((Made.Length, 10UL), (written.Length, WordAt(written, 1, 2048)));
    }

    [Fact]
    public void Bytes_across_two_pages_are_those_of_both()
    {
        var written = FileSpec.Write(Made, Page - 3, 8, 0x0807_0605_0403_0201, keepsTail: true);
        Assert.Equal(0x0302_01UL, FileSpec.PageOf(written, 0).Load(Page - 3, 3));
        Assert.Equal(0x08_0706_0504UL, FileSpec.PageOf(written, 1).Load(0, 8) & 0xFF_FFFF_FFFF);
        Assert.Equal(Made.Length, written.Length);
    }

    [Fact]
    public void A_hole_ends_where_it_was_asked_to()
    {
        var cleared = FileSpec.Clear(Made, 12, Page + 4);
        Assert.Equal((7UL, 0UL), (WordAt(cleared, 0, 8), WordAt(cleared, 1, 0)));
        cleared = FileSpec.Clear(Made, 8, 16);
        Assert.Equal((0UL, 8UL), (WordAt(cleared, 0, 8), WordAt(cleared, 1, 0)));
        Assert.Equal([1UL], cleared.Pages.Select(page => page.Index));
        cleared = FileSpec.Clear(Made, Page + 2040, Page + 2048);
        Assert.Equal((0UL, 10UL), (WordAt(cleared, 1, 2040), WordAt(cleared, 1, 2048)));
        Assert.Equal(7UL, WordAt(cleared, 0, 8));
    }

    [Fact]
    public void Words_of_a_page_are_in_their_order_and_zeros_are_none()
    {
        var page = PageContent.Zero.Store(64, 8, 3).Store(8, 8, 1).Store(4088, 8, 4).Store(32, 8, 2);
        Assert.Equal([1, 4, 8, 511], page.Words.Select(word => word.Index));
        Assert.Equal([1, 8, 511], page.Store(32, 8, 0).Words.Select(word => word.Index));
        Assert.Equal(page.Words.AsEnumerable(), page.Store(40, 8, 0).Words);
        Assert.Equal([1, 4, 511], page.Clear(60, 72).Words.Select(word => word.Index));
        Assert.Equal(page.Words.AsEnumerable(), page.Clear(72, 4088).Words);
        Assert.Equal(0x0201UL, PageContent.Zero.Store(7, 2, 0x0201).Load(7, 2));
        var across = PageContent.Zero.Store(7, 2, 0x0201);
        Assert.Equal((1, 2, 0), (across.ByteAt(7), across.ByteAt(8), across.ByteAt(9)));
    }

    private static PageContent Word(ulong value) => PageContent.Zero.Store(0, 8, value);

    private static ulong WordAt(MemoryObject read, ulong page, int offset) =>
        FileSpec.PageOf(read, page).Load(offset, 8);
}

using System.Numerics;
using PageProof.Contract.Kernel;
using static PageProof.Tests.Kernel.SpecVerdict;

namespace PageProof.Tests.Kernel;

/// <summary>
/// Pages that are freed lazily are there or gone, each by itself; what is answered about one tells which, and from then
/// on it is known. Source: madvise(2), MADV_FREE.
/// </summary>
[InLane("kernel")]
[InLane("addressspaces")]
public sealed class FreedPagesChoiceTests
{
    private const string Own = """
        processes 2
        0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7
        0: store at=0x1000001000 length=0x8 value=0x100

        """;

    private const string Free = "0: madvise at=0x1000000000 length=0x2000 advice=free\n";
    private const string FreeFirst = "0: madvise at=0x1000000000 length=0x1000 advice=free\n";
    private const string FreeSecond = "0: madvise at=0x1000001000 length=0x1000 advice=free\n";
    private const string On = "0: swapon\n";
    private const string Load = "0: load at=0x1000000000 length=0x8 -> ";
    private const string StoreBeside = "0: store at=0x1000000008 length=0x8 value=0x5\n";
    private const string Beside = "0: load at=0x1000000008 length=0x8 -> ";
    private const string Across = "0: load at=0x1000000ff9 length=0x8 -> ";

    [Theory]
    [InlineData(Free + Load + "done value=7", Permitted)]
    [InlineData(Free + Load + "done minor=1", Permitted)]
    [InlineData(Free + Load + "done minor=2", Refused)]
    [InlineData(Free + Load + "done value=9", Refused)]
    [InlineData(Free + Load + "done value=7 minor=1", Refused)]
    [InlineData(Load + "done minor=1", Refused)]
    [InlineData(FreeFirst + Load + "done minor=1", Permitted)]
    [InlineData(FreeSecond + Load + "done minor=1", Refused)]
    [InlineData(Free + Load + "done minor=1\n" + Load + "done value=7", Refused)]
    [InlineData(Free + Load + "done value=7\n" + Load + "done minor=1", Permitted)]
    [InlineData(Free + "0: store at=0x1000000000 length=0x8 value=0x6\n" + Load + "done minor=1", Refused)]
    public void A_page_is_as_it_was_or_gone_for_good(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(Free + Across + "done value=0x7000000000000000", Refused)]
    [InlineData(Free + Across + "done minor=1", Permitted)]
    [InlineData(Free + Across + "done minor=2", Permitted)]
    [InlineData(Free + Across + "done minor=3", Refused)]
    public void Each_is_gone_by_itself(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(On + FreeFirst + StoreBeside + Load + "done value=7", Permitted)]
    [InlineData(On + FreeFirst + StoreBeside + Load + "done", Permitted)]
    [InlineData(On + FreeFirst + StoreBeside + Load + "done value=6", Refused)]
    [InlineData(On + FreeFirst + StoreBeside + Beside + "done", Refused)]
    [InlineData(On + FreeFirst + StoreBeside + Load + "done value=7\n" + Load + "done", Refused)]
    [InlineData(On + FreeFirst + StoreBeside + Load + "done\n" + Load + "done value=7", Refused)]
    [InlineData(On + FreeFirst + StoreBeside + Beside + "done value=5\n" + Load + "done", Permitted)]
    [InlineData(On + FreeFirst + StoreBeside + Beside + "done value=5\n" + Load + "done value=7", Permitted)]
    [InlineData(FreeFirst + StoreBeside + Load + "done", Refused)]
    [InlineData(StoreBeside + On + Load + "done", Refused)]
    public void A_store_stays_and_the_rest_is_as_it_was_or_zeros(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(12, 0x0, 0, Permitted)]
    [InlineData(12, 0xfff, 0, Permitted)]
    [InlineData(12, 0x801, 0, Permitted)]
    [InlineData(12, 0xfff, 1, Refused)]
    [InlineData(12, 0x801, 1, Refused)]
    [InlineData(13, 0x1fff, 0, Permitted)]
    [InlineData(13, 0x0, 0, PermittedBlindly)]
    [InlineData(13, 0x1fff, 1, PermittedBlindly)]
    public void More_than_twelve_are_too_many_to_try(int pages, int left, ulong wrong, SpecVerdict verdict)
    {
        string stores = string.Join('\n', Enumerable.Range(0, pages).Select(page =>
            $"0: store at=0x{0x10_0000_0000 + page * 0x1000:x} length=0x8 value=0x1"));
        ulong sum = wrong;
        int faults = pages - BitOperations.PopCount((uint)left);
        for (int page = 0; page < pages; page++)
        {
            sum += (left >> page & 1) != 0 ? 1 + (ulong)page * 512 * KernelAnswer.ChecksumStep : 0;
        }

        Assert.Equal(verdict, SpecQuestions.Ask($"""
            processes 1
            0: mmap at=0x1000000000 length=0x10000 protection=read,write flags=private,fixed,anonymous
            {stores}
            0: madvise at=0x1000000000 length=0x10000 advice=free
            0: checksum at=0x1000000000 length=0x{pages:x}000 -> done value={sum} length={pages} minor={faults}
            """));
    }

    [Theory]
    [InlineData("0: pin at=0x1000000000 length=0x1000 for=write\n" + FreeFirst + Load + "done", Refused)]
    [InlineData("0: vmsplice at=0x1000000000 length=0x8\n" + FreeFirst + Load + "done minor=1", Refused)]
    [InlineData("0: vmsplice at=0x1000000000 length=0x8\n" + FreeFirst + Load + "done value=7", Permitted)]
    public void What_a_device_or_a_pipe_holds_is_not_gone(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(On + FreeFirst + StoreBeside + "0: vmsplice at=0x1000000000 length=0x8 -> done length=8",
        PermittedBlindly)]
    [InlineData(On + FreeFirst + StoreBeside + "0: pin at=0x1000000000 length=0x1000 -> done", PermittedBlindly)]
    [InlineData(On + "0: vmsplice at=0x1000000000 length=0x8 -> done length=8", Permitted)]
    [InlineData(On + "0: pin at=0x1000000000 length=0x1000 -> done", Permitted)]
    public void Nothing_is_known_once_what_is_open_is_lent(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData("0: swapfault value=0x1\n" + FreeFirst + Load + "done minor=1", PermittedBlindly)]
    [InlineData("0: swapfault value=0x1\n" + FreeSecond + Load + "done minor=1", Refused)]
    [InlineData("0: swapfault value=0x1\n" + FreeFirst + Load + "done value=7", Permitted)]
    public void Whether_a_page_is_gone_or_cannot_be_read_is_not_told_apart(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + On + after));
}

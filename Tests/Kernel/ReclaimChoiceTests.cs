using static PageProof.Tests.Kernel.SpecVerdict;

namespace PageProof.Tests.Kernel;

/// <summary>
/// Which answers are left open by swap and by a device that fails, and which are not.
/// </summary>
[InLane("kernel")]
[InLane("swap")]
[InLane("reclaim")]
public sealed class ReclaimChoiceTests
{
    private const string Own = """
        processes 2
        file 0x1000 rw
        0: mmap at=0x1000000000 length=0x3000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7
        0: store at=0x1000001000 length=0x8 value=0x9
        0: store at=0x1000002000 length=0x8 value=0xb

        """;

    private const string Shared = """
        processes 1
        file 0x1000 rw
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed,anonymous
        0: mmap at=0x1000010000 length=0x1000 protection=read,write flags=shared,fixed file=0
        0: mmap at=0x1000020000 length=0x1000 protection=read,write flags=private,fixed file=0
        0: mmap at=0x1000030000 length=0x1000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7

        """;

    private const string On = "0: swapon\n";
    private const string Out = "0: madvise at=0x1000000000 length=0x3000 advice=pageout\n";
    private const string OutMiddle = "0: madvise at=0x1000001000 length=0x1000 advice=pageout\n";
    private const string Fails = "0: swapfault value=0x1\n";
    private const string Load = "0: load at=0x1000000000 length=0x8 -> ";
    private const string Presence = "0: presence at=0x1000000000 length=0x3000 -> ";
    private const string Lost = "SIGBUS at=0x1000000000 code=0x4";
    private const string Locked = "0: mlock at=0x1000000000 length=0x3000\n";
    private const string LockedFirst = "0: mlock at=0x1000000000 length=0x1000\n";
    private const string Reclaim = "0: reclaim length=0x10000\n";

    [Theory]
    [InlineData(On + Out + Load + "done value=7 major=1", Permitted)]
    [InlineData(On + Out + Load + "done value=7 minor=1", Permitted)]
    [InlineData(On + Out + Load + "done value=7", Permitted)]
    [InlineData(On + Out + Load + "done value=7 minor=2", Refused)]
    [InlineData(On + Out + Load + "done value=7 minor=1 major=1", Refused)]
    [InlineData(On + Out + Load + "done", Refused)]
    [InlineData(On + Out + Load + "done value=9", Refused)]
    [InlineData(On + Load + "done value=7 minor=1", Refused)]
    [InlineData(Out + Load + "done value=7 minor=1", Refused)]
    [InlineData(Out + On + Load + "done value=7 minor=1", Refused)]
    [InlineData(On + Out + Load + "done value=7\n" + Load + "done value=7 minor=1", Refused)]
    [InlineData(On + Reclaim + Load + "done value=7 major=1", Permitted)]
    [InlineData(On + Locked + Reclaim + Load + "done value=7 major=1", Refused)]
    [InlineData(On + Reclaim + Locked + Load + "done value=7 major=1", Refused)]
    public void A_page_that_may_be_out_comes_back_with_what_it_had(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(On + Out + Presence + "done value=7", Permitted)]
    [InlineData(On + Out + Presence + "done", Permitted)]
    [InlineData(On + Out + Presence + "done value=8", Refused)]
    [InlineData(On + Presence + "done", Refused)]
    [InlineData(On + Presence + "done value=7", Permitted)]
    [InlineData(Out + Presence + "done", Refused)]
    [InlineData(On + Reclaim + Presence + "done", Permitted)]
    [InlineData(Reclaim + Presence + "done", Refused)]
    [InlineData(On + OutMiddle + Presence + "done value=5", Permitted)]
    [InlineData(On + OutMiddle + Presence + "done value=6", Refused)]
    [InlineData(On + OutMiddle + Presence + "done value=3", Refused)]
    [InlineData(On + Out + "0: swapoff\n" + Presence + "done", Refused)]
    [InlineData(On + "0: swapon device=1\n" + Out + "0: swapoff\n" + Presence + "done", Permitted)]
    [InlineData(On + "0: swapon device=1\n" + Out + "0: swapoff\n0: swapoff device=1\n" + Presence + "done", Refused)]
    public void Pages_may_be_out_when_swap_is_on_and_they_were_given_up(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(On + "0: fork child=1\n" + Reclaim + "1: presence at=0x1000000000 length=0x3000 -> done", Permitted)]
    [InlineData(On + "0: fork child=1\n" + Out + "1: presence at=0x1000000000 length=0x3000 -> done", Refused)]
    public void Who_gives_up_memory_gives_up_that_of_all(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData("0: swapon -> done", Permitted)]
    [InlineData("0: swapon -> EBUSY", Refused)]
    [InlineData(On + "0: swapon -> EBUSY", Permitted)]
    [InlineData(On + "0: swapon -> done", Refused)]
    [InlineData(On + "0: swapon device=1 -> done", Permitted)]
    [InlineData("0: swapoff -> EINVAL", Permitted)]
    [InlineData("0: swapoff -> done", Refused)]
    [InlineData(On + "0: swapoff device=1 -> EINVAL", Permitted)]
    [InlineData(On + "0: swapoff -> EIO", Refused)]
    [InlineData(On + "0: swapoff -> ENOMEM", Refused)]
    [InlineData(On + "0: swapfault\n0: swapoff -> EIO", Refused)]
    [InlineData(On + Fails + "0: swapoff -> EIO", Permitted)]
    [InlineData(On + Fails + "0: swapoff -> ENOMEM", Refused)]
    [InlineData(On + Fails + "0: swapfault\n0: swapoff -> EIO", Permitted)]
    [InlineData(On + Fails + "0: swapoff -> EIO\n0: swapoff -> EIO", Refused)]
    [InlineData(On + Fails + "0: swapoff -> EIO\n0: swapon -> EBUSY", Permitted)]
    [InlineData(On + Fails + "0: swapoff\n0: swapon\n0: swapoff -> EIO", Permitted)]
    public void Swap_is_switched_on_and_off(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(On + Out + Fails + Load + Lost, Permitted)]
    [InlineData(On + Out + Load + Lost, Refused)]
    [InlineData(On + Fails + Load + Lost, Refused)]
    [InlineData(Out + Fails + Load + Lost, Refused)]
    [InlineData(On + Out + Fails + Load + "done value=7", Permitted)]
    [InlineData(On + Out + Fails + Load + Lost + "\n" + Load + "done value=7", Permitted)]
    [InlineData(On + Out + Fails + Load + Lost + "\n" + Load + Lost, Refused)]
    [InlineData(On + Out + Fails + Load + "done value=7\n" + Load + Lost, Refused)]
    [InlineData(On + Out + Fails + Load + "SIGBUS at=0x1000000000 code=0x5", Refused)]
    [InlineData(On + Out + Fails + "0: mprotect at=0x1000000000 length=0x3000\n" + Load + Lost, Refused)]
    public void A_page_that_cannot_be_read_is_told_once(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Own + after));

    [Theory]
    [InlineData(On + Fails + Load + Lost, Permitted)]
    [InlineData(Fails + Load + Lost, Refused)]
    [InlineData(On + Load + Lost, Refused)]
    [InlineData(On + Fails + LockedFirst + Load + Lost, Permitted)]
    [InlineData(On + Fails + "0: load at=0x1000010000 length=0x8 -> SIGBUS at=0x1000010000 code=0x4", Refused)]
    [InlineData(On + Fails + "0: load at=0x1000020000 length=0x8 -> SIGBUS at=0x1000020000 code=0x4", Refused)]
    [InlineData(On + Fails + "0: load at=0x1000030000 length=0x8 -> SIGBUS at=0x1000030000 code=0x4", Refused)]
    public void Of_what_is_shared_only_memory_without_a_name_has_slots(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Shared + after));
}

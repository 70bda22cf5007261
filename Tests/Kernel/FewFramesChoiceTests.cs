using static PageProof.Tests.Kernel.SpecVerdict;

namespace PageProof.Tests.Kernel;

/// <summary>
/// Which answers are left open where there are few frames, and what is known after a command that lacked one.
/// </summary>
[InLane("kernel")]
[InLane("reclaim")]
public sealed class FewFramesChoiceTests
{
    private const string Map =
        "0: mmap at=0x1000000000 length=0x3000 protection=read,write flags=private,fixed,anonymous\n";
    private const string Store = "0: store at=0x1000000000 length=0x8 value=0x7\n";
    private const string Few = "processes 2\nframes 16\nfile 0x1000 rw\n" + Map + Store;
    private const string Enough = "processes 2\nframes 1000\nfile 0x1000 rw\n" + Map + Store;
    private const string Many = "processes 2\nfile 0x1000 rw\n" + Map + Store;
    private const string Stack = "0: mmap at=0x1000100000 length=0x3000 protection=read,write "
        + "flags=private,fixed,anonymous,growsdown\n";
    private const string Load = "0: load at=0x1000000000 length=0x8 -> ";
    private const string Force = "0: force at=0x1000000000 length=0x2000 value=0x9 -> ";
    private const string Plain =
        "0: mmap at=0x1000010000 length=0x1000 protection=read flags=private,fixed,anonymous -> ";
    private const string Populate =
        "0: mmap at=0x1000010000 length=0x1000 protection=read flags=private,fixed,anonymous,populate -> ";

    [Theory]
    [InlineData(Few + Load + "ENOMEM", Permitted)]
    [InlineData(Few + Load + "EIO", Refused)]
    [InlineData(Many + Load + "ENOMEM", Refused)]
    [InlineData(Enough + Load + "ENOMEM", Refused)]
    [InlineData(Enough + "0: swapfault value=0x1\n" + Load + "ENOMEM", Permitted)]
    [InlineData(Enough + "0: swapfault\n" + Load + "ENOMEM", Refused)]
    [InlineData(Enough + Populate + "ENOMEM", Permitted)]
    [InlineData(Enough + Plain + "ENOMEM", Refused)]
    [InlineData(Few + Plain + "ENOMEM", Permitted)]
    [InlineData(Many + Populate + "ENOMEM", Refused)]
    [InlineData(Few + Load + "done value=7 minor=9 major=9", Permitted)]
    [InlineData(Few + Load + "done value=8", Refused)]
    [InlineData(Few + "0: presence at=0x1000000000 length=0x3000 -> done", Permitted)]
    [InlineData(Few + "0: presence at=0x1000000000 length=0x3000 -> done value=8", Refused)]
    public void A_frame_may_lack_where_there_are_few(string text, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(text));

    [Theory]
    [InlineData(Few + "0: swapon\n0: swapoff -> ENOMEM", Permitted)]
    [InlineData(Few + "0: swapon\n0: swapoff -> EIO", Refused)]
    [InlineData(Few + "0: swapon\n0: swapfault value=0x1\n0: swapoff -> ENOMEM\n0: swapoff -> EIO", Permitted)]
    [InlineData(Few + "0: swapon\n0: swapfault value=0x1\n0: swapoff -> EIO\n0: swapoff -> EIO", Refused)]
    [InlineData(Few + "0: swapon\n0: swapoff -> ENOMEM\n0: swapon -> EBUSY", Permitted)]
    public void A_device_that_cannot_be_emptied_stays_on(string text, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(text));

    [Theory]
    [InlineData(Few + Force + "done length=0x1000", Permitted)]
    [InlineData(Few + Force + "done length=0x3000", Refused)]
    [InlineData(Many + Force + "done length=0x1000", Refused)]
    [InlineData(Few + Force + "done length=0x1000\n" + Load + "done value=9", Permitted)]
    [InlineData(Few + Force + "done length=0x1000\n" + Load + "done value=7", Refused)]
    public void A_write_from_outside_may_end_early(string text, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(text));

    [Theory]
    [InlineData("0: exec value=0x1 -> ENOMEM", Permitted)]
    [InlineData("0: exec value=0x1 -> ENOMEM\n" + Load + "done value=7", Refused)]
    [InlineData("0: fork child=1 -> ENOMEM\n1: load at=0x1000000000 length=0x8 -> done value=7", Refused)]
    [InlineData("0: fork child=1 -> ENOMEM\n" + Load + "done value=7", Permitted)]
    [InlineData("0: mlock at=0x1000000000 length=0x3000 -> ENOMEM", PermittedBlindly)]
    [InlineData("0: madvise at=0x1000000000 length=0x3000 advice=willneed -> ENOMEM", PermittedBlindly)]
    [InlineData("0: pin at=0x1000000000 length=0x1000 -> ENOMEM", PermittedBlindly)]
    [InlineData("0: force at=0x1000000000 length=0x8 value=0x9 -> ENOMEM", Permitted)]
    [InlineData("0: force at=0x1000000000 length=0x8 value=0x9 -> ENOMEM\n" + Load + "done value=7", Permitted)]
    [InlineData("0: store at=0x1000000000 length=0x8 value=0x9 -> ENOMEM\n" + Load + "done value=9", Refused)]
    [InlineData("0: checksum at=0x1000000000 length=0x3000 -> ENOMEM\n" + Load + "done value=7", Permitted)]
    public void What_is_known_after_a_frame_has_lacked(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Few + after));

    [Theory]
    [InlineData("0: checksum at=0x1000000000 length=0x3000 -> ENOMEM", PermittedBlindly)]
    [InlineData("0: load at=0x10000ff000 length=0x8 -> ENOMEM", Permitted)]
    [InlineData("0: munmap at=0x1000000000 length=0x1000 -> ENOMEM", Permitted)]
    public void Beside_a_stack_a_checksum_may_have_made_it_grow(string after, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask(Few + Stack + after));
}

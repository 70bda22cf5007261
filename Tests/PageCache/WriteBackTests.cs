using PageProof.Contract.Kernel;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Tests.PageCache;

/// <summary>When pages of files go to their device: no answer shows it, but what is counted.</summary>
[InLane("pagecache")]
[InLane("addressspaces")]
public sealed class WriteBackTests
{
    private const string Mapped =
        "0: mmap at=0x1000000000 length=0x4000 protection=read,write flags=shared,fixed\n"
        + "0: store at=0x1000000000 length=0x8 value=0x7\n0: store at=0x1000002000 length=0x8 value=0x9\n";

    [Theory]
    [InlineData("", 0)]
    [InlineData("0: fsync", 2)]
    [InlineData("0: fsync\n0: fsync", 2)]
    [InlineData("0: fsync\n0: store at=0x1000000000 length=0x8 value=0xb\n0: fsync", 3)]
    [InlineData("0: fsync file=1", 0)]
    [InlineData("0: msync at=0x1000000000 length=0x4000 sync=sync", 2)]
    [InlineData("0: msync at=0x1000000000 length=0x1000 sync=sync", 1)]
    [InlineData("0: msync at=0x1000001000 length=0x1000 sync=sync", 0)]
    [InlineData("0: msync at=0x1000002000 length=0x1000 sync=sync", 1)]
    [InlineData("0: msync at=0x1000000000 length=0x4000 sync=async", 0)]
    [InlineData("0: mprotect at=0x1000000000 length=0x4000\n0: fsync", 2)]
    [InlineData("0: munmap at=0x1000000000 length=0x4000\n0: fsync", 2)]
    public void As_many_pages_are_written_as_are_dirty(string then, long written) =>
        Assert.Equal((written, 0L), Transfers(Mapped + then));

    [Fact]
    public void Pages_are_in_the_part_of_an_area_that_maps_them()
    {
        Area area = new() { Start = 0x10000, End = 0x13000, Object = 0, Offset = 0x2000 };
        Assert.True(area.PagesOf(0, ulong.MaxValue, out ulong start, out ulong end));
        Assert.Equal((0x10000UL, 0x13000UL), (start, end));
        Assert.True(area.PagesOf(3, 3, out start, out end));
        Assert.Equal((0x11000UL, 0x12000UL), (start, end));
        Assert.True(area.PagesOf(4, 9, out start, out end));
        Assert.Equal((0x12000UL, 0x13000UL), (start, end));
        Assert.True(area.PagesOf(0, 2, out start, out end));
        Assert.Equal((0x10000UL, 0x11000UL), (start, end));
        Assert.False(area.PagesOf(0, 1, out _, out _));
        Assert.False(area.PagesOf(5, 9, out _, out _));
    }

    private static (long Written, long Read) Transfers(string commands)
    {
        using KernelMachine machine = new(new() { FrontSlots = 8, Second = new(2, 2) }, 64);
        Assert.True(KernelText.TryParse(
            $"processes 1\nfile 0x4000 rw\nfile 0x4000 rw\n{commands}", out var sequence, out string? reason), reason);
        var answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.All(answers, answer => Assert.Equal(KernelAnswerKind.Done, answer.Kind));
        return machine.Transfers;
    }
}

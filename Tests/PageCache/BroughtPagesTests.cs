using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;

namespace PageProof.Tests.PageCache;

/// <summary>Pages that are brought from the device: those that come with one, and one that two bring at once.</summary>
[InLane("pagecache")]
public sealed class BroughtPagesTests
{
    private const ulong Pages = 6;

    [Fact]
    public void With_a_page_that_is_read_come_the_three_behind_it()
    {
        using var machine = WrittenBack();
        var cpu = machine.Core.Sequential(0);
        Assert.True(ObjectPages.TryGet(cpu, 0, 1, out int frame, out bool read));
        Assert.True(read);
        Assert.Equal(8UL, machine.Core.Pages.WordsOf(frame)[0]);
        Assert.Equal((4, 4L), (machine.Core.Cache.Cached, machine.Transfers.Read));
        Assert.True(ObjectPages.TryGet(cpu, 0, 4, out frame, out read));
        Assert.False(read);
        Assert.Equal(11UL, machine.Core.Pages.WordsOf(frame)[0]);
        Assert.True(ObjectPages.TryGet(cpu, 0, 5, out _, out read));
        Assert.True(read);
        Assert.Equal(5, machine.Core.Cache.Cached);
        Assert.True(ObjectPages.TryGet(cpu, 0, 0, out _, out read));
        Assert.True(read);
        Assert.Null(machine.Audit());
    }

    [Fact]
    public void A_page_that_another_has_brought_meanwhile_is_that_of_both()
    {
        using var machine = WrittenBack();
        var core = machine.Core;
        int free = core.Pages.Frames.FreeFrames;
        KernelCpu<Overtaken> cpu = new(core, core.Sequential(0).Self, new(core));
        Assert.True(ObjectPages.TryGet(cpu, 0, 5, out int frame, out bool read));
        Assert.Equal((core.Cache.Find(0, 5), false), (frame, read));
        Assert.Equal((1, free - 1), (core.Cache.Cached, core.Pages.Frames.FreeFrames));
        Assert.Null(machine.Audit());
    }

    /// <summary>Sixteen frames stay free for who needs one.</summary>
    [Theory]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    [InlineData(18, 3)]
    [InlineData(40, 4)]
    public void As_many_come_behind_it_as_nobody_misses(int free, int cached)
    {
        using var machine = WrittenBack();
        var (core, cpu) = (machine.Core, machine.Core.Sequential(0));
        while (core.Pages.Frames.FreeFrames > free)
        {
            Assert.True(cpu.TryTake(Contract.Frames.FrameKind.Table, out _));
        }

        Assert.True(ObjectPages.TryGet(cpu, 0, 1, out _, out _));
        Assert.Equal((cached, (long)cached), (core.Cache.Cached, machine.Transfers.Read));
    }

    [Fact]
    public void What_is_read_is_brought_and_no_page_beside_it()
    {
        using var machine = WrittenBack();
        var cpu = machine.Core.Sequential(0);
        Assert.True(FileBytes.TrySum(cpu, 0, 0x1000, 0x1000, out ulong sum));
        Assert.Equal((8UL, 4L), (sum, machine.Transfers.Read));
        Assert.True(FileBytes.TrySum(cpu, 0, 0x4000, 0x1000, out sum));
        Assert.True(FileBytes.TrySum(cpu, 0, 0x5000, 0, out ulong none));
        Assert.Equal((11UL, 0UL, 4L), (sum, none, machine.Transfers.Read));
        Assert.True(FileBytes.TrySum(cpu, 0, 0x4ff8, 0x10, out sum));
        Assert.Equal(unchecked(12UL * (1 + KernelAnswer.ChecksumStep)), sum);
        Assert.Equal(5L, machine.Transfers.Read);
    }

    // Each page of a file has been written, and none is in memory any more.
    private static KernelMachine WrittenBack()
    {
        KernelMachine machine = new(new() { FrontSlots = 8, Second = new(2, 2) }, 64);
        KernelCommand[] commands =
        [
            .. Enumerable.Range(0, (int)Pages).Select(page => new KernelCommand
            {
                Kind = KernelCommandKind.FileWrite,
                Offset = 0x1000 * (ulong)page,
                Length = new(8),
                Value = 7 + (ulong)page,
            }),
            new() { Kind = KernelCommandKind.Fsync },
        ];
        machine.Run(new(1, 2, [new(new(0x1000 * Pages), Rights)]), commands, new KernelAnswer[commands.Length]);
        Assert.Equal((6L, 0L), machine.Transfers);
        for (ulong page = 0; page < Pages; page++)
        {
            ObjectPages.Remove(machine.Core.Sequential(0), machine.Core.Cache.Find(0, page));
        }

        Assert.Equal(0, machine.Core.Cache.Cached);
        return machine;
    }

    private const Contract.PageCache.FileRights Rights =
        Contract.PageCache.FileRights.Read | Contract.PageCache.FileRights.Write;

    // While it waits, another CPU brings the page.
    private readonly struct Overtaken(KernelCore core) : IWait
    {
        public void Point(YieldKind kind)
        {
            if (kind == YieldKind.InputOutput)
            {
                Assert.True(ObjectPages.TryGet(core.Sequential(1), 0, 5, out _, out _));
            }
        }

        public void Until(YieldKind kind, IReadiness condition) => Assert.True(condition.IsReady);
    }
}

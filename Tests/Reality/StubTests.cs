using System.Diagnostics;
using PageProof.Reality.Linux;

namespace PageProof.Tests.Reality;

/// <summary>
/// The processes that ask the running kernel do what they are told, tell what came of it, and leave nothing
/// behind. Where they cannot run they are skipped with the reason.
/// </summary>
public sealed class StubTests
{
    private const ulong Arena = 0x10_0000_0000;
    private const ulong Page = 4096;
    private const ulong ReadWrite = 3;
    private const ulong ReadOnly = 1;
    private const ulong PrivateThere = 0x32; // MAP_PRIVATE, MAP_ANONYMOUS, MAP_FIXED
    private const ulong Privately = 0x22;
    private const int SegmentationFault = 11;
    private const int NoArea = 1;
    private const int Forbidden = 2;
    private const int FromKernel = 128;

    // Of the error code of a page fault.
    private const ulong Present = 1;
    private const ulong Write = 2;
    private const ulong User = 4;

    [Fact]
    public void The_code_fits_its_only_page()
    {
        using var tree = Open();
        Assert.InRange(tree.CodeLength, 500, 4096);
    }

    [Theory]
    [InlineData(1, 0x88)]
    [InlineData(2, 0x7788)]
    [InlineData(4, 0x5566_7788)]
    [InlineData(8, 0x1122_3344_5566_7788)]
    public void Loads_and_stores_have_the_size_that_is_asked_for(int size, ulong stored)
    {
        using var tree = OpenWithOne(4);
        var answers = Run(
            tree,
            StubOperation.Store(0, Arena + 16, 8, ulong.MaxValue),
            StubOperation.Store(0, Arena + 16, size, 0x1122_3344_5566_7788),
            StubOperation.Load(0, Arena + 16, 8),
            StubOperation.Load(0, Arena + 16, size));
        ulong others = size == 8 ? 0 : ulong.MaxValue << size * 8;
        Assert.Equal(others | stored, (ulong)answers[2].Value);
        Assert.Equal(stored, (ulong)answers[3].Value);
    }

    [Fact]
    public void Signals_tell_their_code_address_and_error_code()
    {
        using var tree = OpenWithOne(2);
        var answers = Run(
            tree,
            StubOperation.Load(0, Arena + Page, 8),
            StubOperation.Call(0, SystemCall.Mprotect, Arena + Page, Page, ReadOnly),
            StubOperation.Load(0, Arena + 2 * Page, 8),
            StubOperation.Store(0, Arena + 2 * Page + 5, 1, 1),
            StubOperation.Store(0, Arena + Page + 8, 4, 1),
            StubOperation.Store(0, Arena + Page - 1, 2, 1),
            StubOperation.Load(0, Arena + 2 * Page - 3, 8),
            StubOperation.Load(0, 1UL << 63, 1));
        Assert.Equal(
            [
                Signal(NoArea, Arena + 2 * Page, User),
                Signal(NoArea, Arena + 2 * Page + 5, User | Write),
                Signal(Forbidden, Arena + Page + 8, User | Write | Present),
                Signal(Forbidden, Arena + Page, User | Write | Present),
                Signal(NoArea, Arena + 2 * Page, User),
                Signal(FromKernel, 0, 0),
            ],
            answers[2..].Select(answer => answer with { MinorFaults = 0 }));
    }

    [Fact]
    public void A_checksum_skips_the_pages_that_cannot_be_read()
    {
        const ulong Step = 0x3C6E_F372_FE94_F82A;
        using var tree = OpenWithOne(4);
        var answers = Run(
            tree,
            StubOperation.Store(0, Arena + 16, 8, 3),
            StubOperation.Store(0, Arena + Page, 8, 99),
            StubOperation.Store(0, Arena + 3 * Page - 8, 8, 5),
            StubOperation.Call(0, SystemCall.Mprotect, Arena + Page, Page, 0),
            StubOperation.Sum(0, Arena - Page, 6 * Page),
            StubOperation.Sum(0, Arena + Page, Page));
        ulong sum = unchecked(3 * (1 + 514 * Step) + 5 * (1 + 2047 * Step));
        Assert.Equal(((long)sum, 3), (answers[4].Value, answers[4].Count));
        Assert.Equal((0, 0), (answers[5].Value, answers[5].Count));
        Assert.Equal((0, 1), (answers[4].Signal, answers[4].MinorFaults));
    }

    [Fact]
    public void System_calls_tell_their_errno()
    {
        const int BadDescriptor = -9, Invalid = -22, NoMemory = -12;
        using var tree = OpenWithOne(1);
        var answers = Run(
            tree,
            StubOperation.Call(0, SystemCall.Munmap, Arena + 1, Page),
            StubOperation.Call(0, SystemCall.Mprotect, Arena, 2 * Page, ReadOnly),
            StubOperation.Call(0, SystemCall.Close, 77),
            StubOperation.ReadFile(0, 77, StubTree.BufferAddress, 8, 0),
            StubOperation.Call(0, SystemCall.Getpid));
        Assert.Equal([Invalid, NoMemory, BadDescriptor, BadDescriptor], answers[..4].Select(answer => answer.Value));
        Assert.Equal(BadDescriptor, answers[3].Count);
        Assert.Equal(tree.PidOf(0), answers[4].Value);
    }

    [Fact]
    public void Files_are_written_and_read_by_place()
    {
        using var tree = OpenWithOne(1);
        "f\0"u8.CopyTo(tree.Buffer);
        var answers = Run(
            tree,
            StubOperation.Call(0, SystemCall.MemfdCreate, StubTree.BufferAddress),
            StubOperation.WriteFile(0, 0, 0x0807_0605_0403_0201, 8, 0),
            StubOperation.WriteFile(0, 0, 0x0b0a09, 3, 8),
            StubOperation.ReadFile(0, 0, StubTree.BufferAddress + Page, 6, 1),
            StubOperation.ReadFile(0, 0, StubTree.BufferAddress + Page, 100, 8));
        Assert.Equal([8, 3], answers[1..3].Select(answer => answer.Value));
        Assert.Equal((6, 0x0706_0504_0302), (answers[3].Count, answers[3].Value));
        Assert.Equal((3, 0x0b0a09), (answers[4].Count, answers[4].Value));
    }

    [Fact]
    public void A_process_is_written_by_force_and_tells_which_pages_are_present()
    {
        const ulong ReadWriteFile = 2, Room = Page;
        using var tree = OpenWithOne(5);
        "/proc/self/mem\0"u8.CopyTo(tree.Buffer);
        "/proc/self/pagemap\0"u8.CopyTo(tree.Buffer[64..]);
        var answers = Run(
            tree,
            StubOperation.Call(0, SystemCall.Mprotect, Arena, 5 * Page, ReadOnly),
            StubOperation.Call(0, SystemCall.Open, StubTree.BufferAddress, ReadWriteFile),
            StubOperation.ForceWrite(0, Arena + 2 * Page - 4, 0x0807_0605_0403_0201, 8),
            StubOperation.ForceWrite(0, Arena + 5 * Page - 3, 0x0605_0403_0201, 6),
            StubOperation.ForceWrite(0, Arena + 5 * Page, 1, 1),
            StubOperation.Call(0, SystemCall.Close, 0),
            StubOperation.Load(0, Arena + 2 * Page - 4, 8),
            StubOperation.Call(0, SystemCall.Open, StubTree.BufferAddress + 64),
            StubOperation.Presence(0, Arena - Page, 8, StubTree.BufferAddress + Room),
            StubOperation.Presence(0, Arena + 2 * Page, 2, StubTree.BufferAddress + Room));
        Assert.Equal([8, 3, -5], answers[2..5].Select(answer => answer.Value));
        Assert.Equal([2, 1, 0], answers[2..5].Select(answer => answer.MinorFaults));
        Assert.Equal(0x0807_0605_0403_0201, answers[6].Value);
        Assert.Equal((0b0010_1100, 64), (answers[8].Value, answers[8].Count));
        Assert.Equal((0b01, 16), (answers[9].Value, answers[9].Count));
    }

    [Fact]
    public void Relative_addresses_begin_where_the_last_mapping_of_the_process_does()
    {
        using var tree = OpenWithOne(2);
        var (fork, begin) = StubOperation.Fork(0, 1);
        var map = StubOperation.Map(0, SystemCall.Mmap, 0, Page, ReadWrite, Privately, ulong.MaxValue);
        var store = StubOperation.Store(0, 8, 8, 7) with { IsRelative = true };
        var load = StubOperation.Load(1, 8, 8) with { IsRelative = true };
        var answers = Run(
            tree, map, store, fork, begin, load, map with { A = 1, D = PrivateThere }, map, store with { B = 9 }, load);
        Assert.Equal(-22, answers[5].Value);
        Assert.NotEqual(answers[0].Value, answers[6].Value);
        Assert.Equal([7, 7], new[] { answers[4].Value, answers[8].Value });
    }

    /// <summary>First touches, the zero page, copies after a fork, sole ownership: the same in every tree.</summary>
    [Fact]
    public void Fault_counts_repeat_exactly()
    {
        var (fork, begin) = StubOperation.Fork(0, 1);
        var (exit, wait) = StubOperation.Exit(1);
        StubOperation[] operations =
        [
            StubOperation.Load(0, Arena, 8),
            StubOperation.Store(0, Arena, 8, 1),
            StubOperation.Store(0, Arena, 8, 2),
            StubOperation.Store(0, Arena + 2 * Page - 4, 8, 2),
            fork, begin,
            StubOperation.Load(1, Arena, 8),
            StubOperation.Store(1, Arena, 8, 3),
            StubOperation.Store(0, Arena, 8, 4),
            StubOperation.Sum(1, Arena, 4 * Page),
            exit, wait,
            StubOperation.Store(0, Arena + Page, 8, 5),
            StubOperation.Load(0, Arena + 4 * Page, 8),
        ];
        using var tree = Open();
        for (int repeat = 0; repeat < 50; repeat++)
        {
            BeginOne(tree, 4);
            var answers = Run(tree, operations);
            Assert.Equal(
                [1, 1, 0, 2, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0], answers.Select(answer => answer.MinorFaults));
            Assert.All(answers, answer => Assert.Equal(0, answer.MajorFaults));
            EndOne(tree, 0);
        }
    }

    [Fact]
    public void A_process_has_nothing_mapped_but_the_pages_of_the_stub()
    {
        using var tree = OpenWithOne(1);
        "/proc/self/maps\0"u8.CopyTo(tree.Buffer);
        var answers = Run(
            tree,
            StubOperation.Call(0, SystemCall.Open, StubTree.BufferAddress),
            StubOperation.ReadToEnd(0, 0, StubTree.BufferAddress + Page, 1 << 16));
        var text = System.Text.Encoding.ASCII.GetString(tree.Buffer.Slice((int)Page, (int)answers[1].Value));
        Assert.Collection(
            text.TrimEnd('\n').Split('\n').Where(line => !line.EndsWith("[vsyscall]", StringComparison.Ordinal)),
            line => Assert.EndsWith("/memfd:pageproof-stub (deleted)", line),
            line => Assert.StartsWith("1000000000-1000001000 rw-p", line),
            line => Assert.EndsWith("/memfd:pageproof-stub-memory (deleted)", line));
    }

    [Fact]
    public void No_process_outlives_the_tree()
    {
        int[] processes;
        using (var tree = OpenFamily())
        {
            processes = Processes(tree);
            Assert.All(processes, process => Assert.True(IsThere(process)));
        }

        Assert.All(processes, process => Assert.False(Directory.Exists($"/proc/{process}")));
    }

    [Fact]
    public void No_process_outlives_the_root()
    {
        using var tree = OpenFamily();
        var processes = Processes(tree);
        using (var root = Process.GetProcessById(tree.PidOf(StubTree.Root)))
        {
            root.Kill();
        }

        MustGo(processes);
    }

    [Fact]
    public void A_process_that_is_killed_is_missed()
    {
        using var tree = OpenFamily();
        tree.TimeLimit = TimeSpan.FromMilliseconds(300);
        using (var second = Process.GetProcessById(tree.PidOf(1)))
        {
            second.Kill();
        }

        var load = StubOperation.Load(1, Arena, 8);
        var thrown = Assert.Throws<InvalidOperationException>(() => Run(tree, load with { Slot = 0 }, load));
        Assert.StartsWith("Operation 1 of 2 or one after it did not end within 0.3 s", thrown.Message);
        Assert.Throws<InvalidOperationException>(() => Run(tree, load with { Slot = 0 }));
    }

    private static StubAnswer Signal(int code, ulong address, ulong error) => new()
    {
        Signal = SegmentationFault,
        Code = code,
        Address = address,
        Error = error,
    };

    private static StubTree Open()
    {
        if (StubTree.WhyUnavailable() is { } reason)
        {
            Assert.Skip(reason);
        }

        return new StubTree();
    }

    private static StubTree OpenWithOne(ulong pages)
    {
        var tree = Open();
        BeginOne(tree, pages);
        return tree;
    }

    /// <summary>Grandparent, parent and child.</summary>
    private static StubTree OpenFamily()
    {
        var tree = OpenWithOne(1);
        var (child, childBegin) = StubOperation.Fork(0, 1);
        var (grandchild, grandchildBegin) = StubOperation.Fork(1, 2);
        Run(tree, child, childBegin, grandchild, grandchildBegin);
        return tree;
    }

    /// <summary>A process with so many pages that can be written.</summary>
    private static void BeginOne(StubTree tree, ulong pages)
    {
        var (fork, begin) = StubOperation.Fork(StubTree.Root, 0);
        var map = StubOperation.Call(
            0, SystemCall.Mmap, Arena, pages * Page, ReadWrite, PrivateThere, ulong.MaxValue);
        Assert.Equal(Arena, (ulong)Run(tree, fork, begin, map)[2].Value);
    }

    private static void EndOne(StubTree tree, int slot)
    {
        var (exit, wait) = StubOperation.Exit(slot);
        Run(tree, exit, wait);
    }

    private static StubAnswer[] Run(StubTree tree, params StubOperation[] operations)
    {
        var answers = new StubAnswer[operations.Length];
        tree.Run(operations, answers);
        return answers;
    }

    private static int[] Processes(StubTree tree) =>
        [tree.PidOf(StubTree.Root), tree.PidOf(0), tree.PidOf(1), tree.PidOf(2)];

    // One that has ended may be told until somebody takes note of it.
    private static bool IsThere(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void MustGo(int[] processes)
    {
        for (int wait = 0; wait < 200 && processes.Any(IsThere); wait++)
        {
            Thread.Sleep(10);
        }

        Assert.DoesNotContain(processes, IsThere);
    }
}

using System.Globalization;
using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>Pages that are compressed on their way to a swap device: where they are in short stories.</summary>
[InLane("kernel")]
public sealed class KernelZswapTests
{
    private const string Out = "0: madvise at=0x1000000000 length=0x1000 advice=pageout\n";
    private const string Load = "0: load at=0x1000000000 length=0x8\n";
    private const string OutNext = "0: madvise at=0x1000001000 length=0x1000 advice=pageout\n";
    private const string LoadNext = "0: load at=0x1000001000 length=0x8\n";
    private const string Two = """
        0: swapon
        0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7
        0: store at=0x1000001000 length=0x8 value=0x9

        """;

    [Theory]
    [InlineData("lz4", "zstd")]
    [InlineData("zstd", "lz4")]
    public void A_page_in_the_pool_comes_back_by_a_fault_without_a_transfer(string before, string after)
    {
        var counts = Run(
            $"0: zswap value=0x8 compressor={before}\n{Two}{Out}0: zswap value=0x8 compressor={after}\n{OutNext}"
            + $"0: zswap\n{Load}{LoadNext}{Out}{Load}",
            out var answers);
        Assert.Equal((2, 2), (counts.Compressed, counts.FromPool));

        // What came out of the pool is nowhere else, so that it is written when it goes once more.
        Assert.Equal((1, 1, 0), (counts.Written, counts.Read, counts.CleanDrops));
        Assert.Equal((7ul, 9ul, 7ul), (answers[^4].Value, answers[^3].Value, answers[^1].Value));
        Assert.Equal((1, 0), (answers[^4].MajorFaults, answers[^4].MinorFaults));
    }

    [Fact]
    public void The_oldest_page_of_a_full_pool_goes_to_its_device()
    {
        var counts = Run($"0: zswap value=0x1 compressor=lz4\n{Two}{Out}{OutNext}{Load}{LoadNext}", out var answers);
        Assert.Equal((2, 1, 1), (counts.Compressed, counts.WrittenBack, counts.FromPool));
        Assert.Equal((1, 1), (counts.Written, counts.Read));
        Assert.Equal((7ul, 9ul), (answers[^2].Value, answers[^1].Value));
    }

    [Fact]
    public void A_page_that_its_device_does_not_take_stays_in_the_pool()
    {
        var counts = Run(
            $"0: zswap value=0x1 compressor=lz4\n0: swapfault value=0x1\n{Two}{Out}{OutNext}{Load}{LoadNext}",
            out var answers);
        Assert.Equal((1, 1), (counts.WriteErrors, counts.WriteBacksFailed));
        Assert.Equal((7ul, 9ul), (answers[^2].Value, answers[^1].Value));
    }

    [Fact]
    public void Of_a_page_of_one_word_the_pool_keeps_the_word()
    {
        var counts = Run($"0: zswap value=0x1 compressor=zstd\n{Two}0: store at=0x1000000000 length=0x8\n{Out}{Load}",
            out var answers);
        Assert.Equal((0, 1, 1), (counts.Compressed, counts.OfOneWord, counts.FromPool));
        Assert.Equal((0, 0ul), (counts.Transfers, answers[^1].Value));
    }

    [Fact]
    public void A_page_that_does_not_become_shorter_goes_to_its_device()
    {
        // Any words that have nothing in common.
        string stores = string.Concat(Enumerable.Range(0, PhysicalPages.WordsOfFrame).Select(word => string.Create(
            CultureInfo.InvariantCulture,
            $"0: store at=0x{0x10_0000_0000 + 8 * word:x} length=0x8 value=0x{Mixed((ulong)word + 1):x}\n")));
        var counts = Run($"0: zswap value=0x8 compressor=lz4\n{Two}{stores}{Out}{Load}", out var answers);
        Assert.Equal((0, 1, 1, 1), (counts.Compressed, counts.PassedOn, counts.Written, counts.Read));
        Assert.Equal(Mixed(1), answers[^1].Value);
    }

    [Fact]
    public void The_audit_notices_what_the_pool_keeps_of_a_free_slot()
    {
        using KernelMachine machine = new(new());
        Ask(machine, $"0: zswap value=0x8 compressor=lz4\n{Two}{Out}");
        Assert.Null(machine.Audit());
        var page = new byte[8 * PhysicalPages.WordsOfFrame];
        page[3] = 1;
        var area = machine.Core.Swap.AreaOf(0)!.Value;
        Assert.True(machine.Core.Swap.Space.AreaOf(area)!.Storage.TryWrite(5, page));
        Assert.Equal("the pool has slot 5 of device 0, which is free", machine.Audit());
    }

    private static ulong Mixed(ulong number) =>
        (number * 0x9E37_79B9_7F4A_7C15) ^ (number * 0xD6E8_FEB8_6659_FD93 >> 23);

    private static ReclaimCounts Run(string text, out KernelAnswer[] answers)
    {
        using KernelMachine machine = new(new());
        var sequence = Ask(machine, text, out answers);
        Assert.Null(machine.Audit());
        using ImplementationSystem system = new();
        Assert.Null(KernelPressureLaw.Refutation(system, sequence));
        return machine.Reclaims;
    }

    private static KernelSequence Ask(KernelMachine machine, string text, out KernelAnswer[] answers)
    {
        Assert.True(KernelText.TryParse($"processes 1\n{text}", out var sequence, out string? reason), reason);
        answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return sequence;
    }

    private static void Ask(KernelMachine machine, string text) => Ask(machine, text, out _);
}

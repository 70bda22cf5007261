using PageProof.Contract.Swap.Compressed;
using PageProof.Properties.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>Sequences for a compressed store as text.</summary>
public sealed class CompressedTextTests
{
    private const string Zswap = "zswap lz4 level=1 slots=4 memory=9 max=100 accept=90 exclusive=0";
    private const string Zram = "zram zstd level=3 slots=4 limit=0 backing=2";

    [Fact]
    public void What_is_printed_is_read_back()
    {
        CompressedGenerator generator = new(new());
        for (int index = 0; index < 500; index++)
        {
            var sequence = generator.Generate(3, index);
            string text = CompressedText.Print(sequence);
            Assert.True(CompressedText.TryParse(text, out var read, out string? reason), reason);
            Assert.Equal(sequence.Start, read.Start);
            Assert.Equal(sequence.Commands.AsEnumerable(), read.Commands);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("load 0")]
    [InlineData("zcache lz4 level=1 slots=4")]
    [InlineData("zram lzo level=1 slots=4 limit=0 backing=2")]
    [InlineData("zram lz4 level=0 slots=4 limit=0 backing=2")]
    [InlineData("zram lz4 level=1 slots=0 limit=0 backing=2")]
    [InlineData("zram lz4 level=1 slots=4 limit=0")]
    [InlineData("zram lz4 level=1 slots=4 backing=2 limit=0")]
    [InlineData("zswap lz4 level=1 slots=4 memory=9 max=101 accept=90 exclusive=0")]
    [InlineData("zswap lz4 level=1 slots=4 memory=9 max=100 accept=90 exclusive=2")]
    [InlineData("zswap lz4 level=1 slots=4 memory=9 max=100 accept=90")]
    [InlineData(Zram + "\n" + Zram)]
    [InlineData(Zram + "\nload")]
    [InlineData(Zram + "\nload 4")]
    [InlineData(Zram + "\nload 0 0")]
    [InlineData(Zram + "\nswap 0")]
    [InlineData(Zram + "\nstore 0 fill 5")]
    [InlineData(Zram + "\nstore 0 fill 0x5 5")]
    [InlineData(Zram + "\nstore 0 except 0x5")]
    [InlineData(Zram + "\nstore 0 except 0x5 512")]
    [InlineData(Zram + "\nstore 0 part 0x5 513")]
    [InlineData(Zram + "\nstore 0 noise 0x5")]
    [InlineData(Zram + "\nwrite-back")]
    [InlineData(Zram + "\nwrite-back all")]
    [InlineData(Zram + "\nshrink 1")]
    [InlineData(Zram + "\nthreshold 1")]
    [InlineData(Zram + "\nread-only 2")]
    [InlineData(Zram + "\nidle 1")]
    [InlineData(Zswap + "\nidle")]
    [InlineData(Zswap + "\nwrite-back huge")]
    [InlineData(Zswap + "\nlimit 101")]
    [InlineData(Zswap + "\nthreshold 101")]
    [InlineData(Zswap + "\nfail-read -1")]
    [InlineData("\0\0")]
    public void What_is_no_sequence_is_refused_with_a_reason(string text)
    {
        Assert.False(CompressedText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}

using PageProof.Implementation.Hardening;
using PageProof.Implementation.Paging;

namespace PageProof.Tests.Hardening;

/// <summary>What is stored in a kernel's top table is stored in its user's as well, below the middle.</summary>
[InLane("hardening")]
public sealed class PairedMemoryTests
{
    private const ulong KernelTop = 0x2000;
    private const ulong UserTop = 0x3000;
    private const ulong Stored = 0x1007;

    [Theory]
    [InlineData(0x000, true)]
    [InlineData(0x7F8, true)]
    [InlineData(0x800, false)]
    [InlineData(0xFF8, false)]
    public void The_lower_half_alone_is_paired(ulong entry, bool paired)
    {
        var words = new ulong[4 * 512];
        PairedMemory memory = new(new FlatMemory(words, new(8UL * (ulong)words.Length)), KernelTop);
        Assert.Equal(0UL, memory.Exchange(new(KernelTop + entry), new(Stored)).Value);
        Assert.Equal(paired ? Stored : 0, words[(UserTop + entry) / 8]);
        Assert.Equal(paired ? Stored | 1UL << 63 : Stored, words[(KernelTop + entry) / 8]);
    }
}

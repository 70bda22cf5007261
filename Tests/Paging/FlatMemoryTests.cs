using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Tests.Paging;

/// <summary>
/// The walker reads memory without a further test of the range, so the range has to be right.
/// </summary>
[InLane("paging")]
public sealed class FlatMemoryTests
{
    [Fact]
    public void Memory_ends_before_its_size()
    {
        FlatMemory memory = new(new ulong[4], new(24));
        Assert.True(memory.Contains(new(23)));
        Assert.False(memory.Contains(new(24)));
    }

    [Fact]
    public void Memory_is_never_larger_than_its_words()
    {
        FlatMemory whole = new(new ulong[2], new(16));
        whole.Or(new(8), EntryBit.Accessed);
        Assert.Equal(new PagingEntry((ulong)EntryBit.Accessed), whole.Read(new(8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlatMemory(new ulong[2], new(17)));
    }
}

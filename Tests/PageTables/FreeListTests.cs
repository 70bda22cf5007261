using PageProof.Implementation.PageTables;

namespace PageProof.Tests.PageTables;

/// <summary>Frames of tables, of which each is given back once.</summary>
[InLane("pagetables")]
public sealed class FreeListTests
{
    [Fact]
    public void Nothing_is_given_back_that_was_not_taken()
    {
        FreeList free = new(0x5000, 2);
        Assert.Throws<InvalidOperationException>(() => free.Return(0x5000));
        Assert.True(free.TryTake(out ulong first));
        Assert.Equal(0x5000UL, first);
        free.Return(first);
        Assert.Throws<InvalidOperationException>(() => free.Return(first));
        Assert.Throws<InvalidOperationException>(() => free.Return(0x7000));
        Assert.Throws<InvalidOperationException>(() => free.Return(0x4000));
        Assert.Equal(2, free.Count);
    }
}

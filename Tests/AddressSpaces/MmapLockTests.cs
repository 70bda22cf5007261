using PageProof.Implementation.AddressSpaces;

namespace PageProof.Tests.AddressSpaces;

/// <summary>The lock of an address space knows who has it.</summary>
[InLane("addressspaces")]
public sealed class MmapLockTests
{
    [Fact]
    public void It_is_written_by_the_one_CPU_that_took_it_to_write()
    {
        MmapLock held = default;
        Assert.False(held.IsWrittenBy(0));
        Assert.True(held.TryTake(1, LockMode.Write));
        Assert.Equal((false, true, false), (held.IsWrittenBy(0), held.IsWrittenBy(1), held.IsWrittenBy(2)));
        held.Release(1);
        Assert.True(held.TryTake(1, LockMode.Read));
        Assert.False(held.IsWrittenBy(1));
    }
}

using PageProof.Implementation.AddressSpaces;

namespace PageProof.Tests.AddressSpaces;

/// <summary>The lock of an address space: who has it, who can have it beside whom, and who is next.</summary>
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

    [Fact]
    public void Others_have_it_beside_who_reads_and_nobody_beside_who_writes()
    {
        foreach (var first in Enum.GetValues<LockMode>())
        {
            foreach (var second in Enum.GetValues<LockMode>())
            {
                MmapLock held = default;
                Assert.True(held.IsFree);
                Assert.True(held.TryTake(0, first));
                Assert.Equal((false, first == LockMode.Write, false), (held.IsFree, held.IsWritten, held.IsShared));
                bool isAdmitted = first != LockMode.Write && second != LockMode.Write;
                Assert.Equal(isAdmitted, held.TryTake(3, second));
                Assert.Equal(isAdmitted, held.IsShared);
                held.Release(0);
                Assert.Equal((!isAdmitted, false, false), (held.IsFree, held.IsWritten, held.IsShared));
                held.Release(3);
                Assert.True(held.IsFree);
            }
        }
    }

    [Fact]
    public void Who_wrote_and_reads_lets_others_read_but_not_look()
    {
        MmapLock held = default;
        Assert.True(held.TryTake(2, LockMode.Write));
        held.Downgrade(2);
        Assert.Equal((false, false), (held.IsWritten, held.IsFree));
        Assert.False(held.TryTake(1, LockMode.Look));
        Assert.False(held.TryTake(1, LockMode.Write));
        Assert.True(held.TryTake(1, LockMode.Read));

        // It is the writer who is waited for, and not who has come since.
        held.Release(1);
        Assert.False(held.TryTake(1, LockMode.Look));
        held.Release(2);
        Assert.True(held.TryTake(1, LockMode.Look));
    }

    [Fact]
    public void Whoever_waits_has_it_in_the_order_in_which_they_came()
    {
        MmapLock held = default;
        Assert.True(held.TryTake(1, LockMode.Write));
        held.Wait(2, LockMode.Read);
        held.Wait(3, LockMode.Write);
        held.Wait(0, LockMode.Look);
        Assert.Equal([false, false, false, false], Ready(held));
        held.Release(1);
        Assert.Equal([false, false, true, false], Ready(held));
        Assert.Equal((false, false), (held.IsFree, held.TryTake(1, LockMode.Read)));
        held.TakeNext(2);
        Assert.Equal([false, false, false, false], Ready(held));
        Assert.False(held.TryTake(1, LockMode.Read));
        held.Release(2);
        Assert.Equal([false, false, false, true], Ready(held));
        held.TakeNext(3);
        Assert.True(held.IsWrittenBy(3));
        held.Release(3);
        Assert.Equal([true, false, false, false], Ready(held));
        held.TakeNext(0);
        Assert.True(held.TryTake(1, LockMode.Read));
        held.Release(0);
        held.Release(1);
        Assert.True(held.IsFree);
    }

    /// <summary>A fault that is resolved and met again for ever is a mistake in tables, and not a wait.</summary>
    [Fact]
    public void An_access_begins_anew_a_thousand_times_at_most()
    {
        FaultRetries retries = default;
        for (int time = 0; time < 1000; time++)
        {
            retries.Add(0x1234);
        }

        string told = Assert.Throws<InvalidOperationException>(() => retries.Add(0x1234)).Message;
        Assert.Contains("0x1234", told);
        Assert.Contains("1000", told);
    }

    private static bool[] Ready(MmapLock held) => [.. Enumerable.Range(0, 4).Select(cpu => held.IsReadyFor(cpu))];
}

using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Tlb;
using PageProof.Tests.Kernel;

namespace PageProof.Tests.Tlb;

/// <summary>Whoever waits for acknowledgements takes interrupts: two CPUs may be waiting for each other.</summary>
[InLane("tlb")]
[InLane("kernel")]
public sealed class ShootdownWaitTests
{
    [Fact]
    public void Two_CPUs_that_wait_for_each_other_both_go_on()
    {
        using DamagedKernel kernel = new();
        SmpCpu first = kernel.Core.Cpus[0], second = kernel.Core.Cpus[1];
        List<string> steps = [];
        Waiting waiting = new(condition =>
        {
            Assert.True(second.Mailbox.IsEmpty, "An interrupt is not taken.");
            Assert.False(condition.IsReady);
            steps.Add("waits");
            if (steps.Count == 1)
            {
                first.Unacknowledged |= second.Bit;
                second.Mailbox.Post(new(first.Space!, new(0), new(0), PageSize.Size4K, 0, first));
            }
            else
            {
                Assert.Equal(0u, first.Unacknowledged);
                Shootdown.Serve(first, new Waiting(_ => { }));
            }

            Assert.True(condition.IsReady);
        });
        Shootdown.MakeLeave(second, kernel.Space.Shared!, kernel.Core.Idle.Shared!, kernel.Core.Cpus, waiting);
        Assert.Equal(["waits", "waits"], steps);
        Assert.Equal(0u, second.Unacknowledged);
        Assert.Same(kernel.Core.Idle.Shared, first.Space);
    }

    private readonly struct Waiting(Action<IReadiness> wait) : IWait
    {
        public void Point(YieldKind kind)
        {
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
            Assert.Equal(YieldKind.IpiAcknowledge, kind);
            wait(condition);
        }
    }
}

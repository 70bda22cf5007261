using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// States of one hash go on alike: whatever state a random schedule meets was met when every schedule was tried.
/// </summary>
[InLane("tlb")]
public sealed class ShootdownExplorationTests
{
    private const int Runs = 150;

    [Fact]
    public void Random_schedules_meet_no_state_that_was_not_tried()
    {
        using ImplementationSystem implementation = new();
        Assert.Equal(0, ShootdownExploration.Missed(implementation, 1, Runs, ShootdownLawTests.Small));
    }

    /// <summary>The canary: what was forgotten in a hash cuts ways off.</summary>
    [Fact]
    public void A_hash_that_tells_too_little_is_noticed() =>
        Assert.InRange(ShootdownExploration.Missed(new Coarse(), 1, Runs, ShootdownLawTests.Small), 1, long.MaxValue);

    private sealed class Coarse : ISystem
    {
        private readonly ImplementationSystem _system = new();

        public string Name => "implementation with a coarse hash";

        public ITranslator? OpenTranslator() => null;

        public IShootdownMachine OpenShootdown() => new Machine(_system.OpenShootdown()!);

        public void Dispose() => _system.Dispose();

        private sealed class Machine(IShootdownMachine machine) : IShootdownMachine
        {
            public ShootdownCapabilities Capabilities => machine.Capabilities;

            public ulong StateHash => machine.StateHash & 0x1F | 1;

            public void Reset(ShootdownStart start, IObserve observer) => machine.Reset(start, observer);

            public void Run(CpuNumber cpu, ReadOnlySpan<ShootdownCommand> commands, IWait wait) =>
                machine.Run(cpu, commands, wait);

            public PhysicalAddress TopOf(SpaceNumber space) => machine.TopOf(space);

            public PagingEntry Read(PhysicalAddress address) => machine.Read(address);

            public void ListCached(CpuNumber cpu, ICollection<CachedPage> pages) => machine.ListCached(cpu, pages);

            public void Dispose() => machine.Dispose();
        }
    }
}

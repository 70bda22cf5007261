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

    private static readonly CpuNumber One = new(0), Other = new(1);

    public static TheoryData<string, ShootdownProgram> Programs => new()
    {
        { "a page goes and comes again", ShootdownLawTests.Small },
        {
            "two CPUs take tables for spaces of their own",
            Of(
                new() { Kind = ShootdownCommandKind.Map, Cpu = One, Page = 4, Count = 1 },
                new() { Kind = ShootdownCommandKind.Run, Cpu = Other, Space = new(1) },
                new() { Kind = ShootdownCommandKind.Map, Cpu = Other, Page = 4, Count = 1 })
        },
        {
            "a page is protected while it is marked",
            Of(
                new() { Kind = ShootdownCommandKind.Protect, Cpu = One, Count = 1 },
                new() { Kind = ShootdownCommandKind.Load, Cpu = Other },
                new() { Kind = ShootdownCommandKind.Store, Cpu = Other })
        },
        {
            "a page goes while a CPU is lazy",
            Of(
                new() { Kind = ShootdownCommandKind.Unmap, Cpu = One, Count = 1 },
                new() { Kind = ShootdownCommandKind.Load, Cpu = Other },
                new() { Kind = ShootdownCommandKind.Idle, Cpu = Other },
                new() { Kind = ShootdownCommandKind.Run, Cpu = Other },
                new() { Kind = ShootdownCommandKind.Load, Cpu = Other })
        },
        {
            "a page goes while a CPU is elsewhere",
            Of(
                new() { Kind = ShootdownCommandKind.Unmap, Cpu = One, Count = 1 },
                new() { Kind = ShootdownCommandKind.Run, Cpu = Other, Space = new(1) },
                new() { Kind = ShootdownCommandKind.Run, Cpu = Other },
                new() { Kind = ShootdownCommandKind.Load, Cpu = Other })
        },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Random_schedules_meet_no_state_that_was_not_tried(string name, ShootdownProgram program)
    {
        using ImplementationSystem implementation = new();
        long missed = ShootdownExploration.Missed(implementation, 1, Runs, program);
        Assert.True(missed == 0, $"{name}: {missed} states were not tried.");
    }

    /// <summary>The canary: what was forgotten in a hash cuts ways off.</summary>
    [Fact]
    public void A_hash_that_tells_too_little_is_noticed() =>
        Assert.InRange(ShootdownExploration.Missed(new Coarse(), 1, Runs, ShootdownLawTests.Small), 1, long.MaxValue);

    private static ShootdownProgram Of(params ShootdownCommand[] commands) =>
        new(new(Cpus: 2, Spaces: 2, Mapped: 1), [.. commands]);

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

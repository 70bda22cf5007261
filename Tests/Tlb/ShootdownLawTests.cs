using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>The law of shootdowns: at length, under every schedule of a small contest, and broken.</summary>
public sealed class ShootdownLawTests
{
    // Two CPUs, of which one unmaps what the other uses.
    internal static readonly ShootdownProgram Small = new(
        new(Cpus: 2, Spaces: 1, Mapped: 1),
        [
            new() { Kind = ShootdownCommandKind.UnmapFree, Cpu = new(0), Page = 0, Count = 1 },
            new() { Kind = ShootdownCommandKind.Map, Cpu = new(0), Page = 0, Count = 1 },
            new() { Kind = ShootdownCommandKind.Store, Cpu = new(1), Page = 0 },
            new() { Kind = ShootdownCommandKind.Load, Cpu = new(1), Page = 0 },
        ]);

    [Fact]
    public void No_CPU_uses_what_a_shootdown_has_taken_away_implementation()
    {
        using ImplementationSystem implementation = new();
        var report = ShootdownLaw.Run(implementation, 1, RunLength.Of(ShootdownCoverage.CasesToBind), 2);
        Paging.Laws.Hold(report);
        Assert.True(report.Coverage!.Least >= ShootdownCoverage.Floor);
    }

    [Fact]
    public void One_seed_gives_one_result()
    {
        using ImplementationSystem implementation = new();
        ShootdownLaw law = new(implementation, ScheduleKind.Mixed);
        using var judge = law.OpenJudge();
        ShootdownCase only = default;
        law.Generate(3, 77, ref only);
        Assert.Equal(judge.Tell(only), judge.Tell(only));
    }

    [Fact]
    public void Every_schedule_of_a_small_contest_holds()
    {
        using ImplementationSystem implementation = new();
        var (report, explored) = ShootdownExploration.Run(implementation, program: Small);
        Paging.Laws.Hold(report);
        Assert.Null(explored.Failing);
        Assert.InRange(explored.States, 500, 50_000);
        Assert.InRange(explored.Schedules, 100, explored.States);
    }

    /// <summary>Without any one wait or flush some schedule of the whole contest fails.</summary>
    [Slow]
    [Theory]
    [InlineData("no-wait")]
    [InlineData("one-not-asked")]
    [InlineData("no-local-flush")]
    [InlineData("release-before-flush")]
    [InlineData("acknowledged-first")]
    [InlineData("flush-forgotten")]
    [InlineData("interrupt-within-walk")]
    public void Without_a_wait_or_a_flush_a_schedule_fails(string canary)
    {
        string folder = Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries");
        var patch = Patch.ReadFolder(folder, "shootdown").Single(patch => patch.File.Contains(canary));
        using var loaded = SystemAssembly.Load(PatchCompiler.OfRepository().Compile(patch));
        var (report, explored) = ShootdownExploration.Run(loaded.System);
        Assert.NotNull(explored.Failing);
        Assert.Contains("What happens:", report.Failure!.Story);
        Assert.True(ShootdownText.TryParse(report.Failure.Replay, out var program, out var schedule, out _));
        Assert.NotNull(ShootdownLaw.Refutation(loaded.System, program, schedule));
    }

    /// <summary>A system that changes nothing, tells nothing and waits for nobody.</summary>
    [Fact]
    public void A_machine_that_does_nothing_is_below_the_floor()
    {
        var report = ShootdownLaw.Run(
            new IdleSystem(), 1, RunLength.Of(ShootdownCoverage.CasesToBind));
        Assert.False(report.Holds);
    }

    private sealed class IdleSystem : Contract.ISystem
    {
        public string Name => "idle";

        public Contract.Paging.ITranslator? OpenTranslator() => null;

        public IShootdownMachine OpenShootdown() => new Machine();

        public void Dispose()
        {
        }

        private sealed class Machine : IShootdownMachine
        {
            public ShootdownCapabilities Capabilities { get; } = new();

            public ulong StateHash => 0;

            public void Reset(ShootdownStart start, IObserve observer)
            {
            }

            public void Run(
                CpuNumber cpu, ReadOnlySpan<ShootdownCommand> commands, Contract.Scheduling.IWait wait)
            {
            }

            public Contract.PhysicalAddress TopOf(SpaceNumber space) => default;

            public Contract.Paging.PagingEntry Read(Contract.PhysicalAddress address) => default;

            public void ListCached(CpuNumber cpu, ICollection<CachedPage> cached)
            {
            }

            public void Dispose()
            {
            }
        }
    }
}

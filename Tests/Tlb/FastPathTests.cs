using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// Loads, stores and fetches with their data do what accesses do that only translate: two CPUs, each with
/// a memory of its own, are taken through the same random sequences.
/// </summary>
[InLane("tlb")]
public sealed class FastPathTests
{
    private const int Cases = 500;
    private const int WordCount = 1 << 17;
    private const ulong Start = 0x1000;

    public static TheoryData<string, TlbGeometry> Geometries => new()
    {
        { "default", new() },
        { "one slot", TlbGeometry.Smallest with { FrontSlots = 1 } },
        { "no front", TlbGeometry.Smallest },
        { "no front, many ways", new() { FrontSlots = 0 } },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void A_load_is_an_access_with_its_data(string name, TlbGeometry geometry)
    {
        TlbGenerator generator = new(new TlbMachine(geometry).Capabilities);
        CpuPair pair = new(geometry);
        for (int index = 0; index < Cases; index++)
        {
            var sequence = generator.Generate(5, index);
            pair.Begin(sequence.Start);
            foreach (var command in sequence.Commands)
            {
                string? difference = pair.Do(command with { Cpu = default });
                Assert.True(difference is null, $"{name}, case {index}, {command}: {difference}");
            }
        }

        Assert.True(pair.Loaded > Cases / 2, $"{pair.Loaded} loads gave data");
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void A_new_CPU_permits_nothing_that_its_tables_do_not(string name, TlbGeometry geometry)
    {
        FlatMemory memory = new(new ulong[WordCount], new(8UL * WordCount));
        Cpu cpu = new(geometry);
        Assert.False(cpu.Load(memory, Start, out _), name);
        Assert.Equal(TranslationOutcome.PageFault(PageFaultCode.None, new(Start)), cpu.Refusal);
        Assert.False(cpu.Store(memory, Start, 1) || cpu.Fetch(memory, Start, out _), name);
    }

    /// <summary>The positive side: what a load, a store or a fetch has used is there for the next one.</summary>
    [Theory]
    [InlineData(AccessKind.Read)]
    [InlineData(AccessKind.Write)]
    [InlineData(AccessKind.Fetch)]
    public void A_page_that_the_levels_serve_is_in_the_front_afterwards(AccessKind kind)
    {
        ulong[] words = new ulong[WordCount];
        (words[0x200], words[0x400], words[0x600], words[0x800]) = (0x2067, 0x3067, 0x4067, 0x5067);
        FlatMemory memory = new(words, new(8UL * WordCount));
        Cpu cpu = new(new() { FrontSlots = 1 });
        cpu.Reset(ControlState.LongMode with { Cr3 = new(Start) });
        Access access = new(default, kind, PrivilegeLevel.Ring0);
        cpu.Access(memory, access, out var source);
        Assert.Equal(TlbSource.Walk, source);

        // The one slot of this mode is emptied by a mode of its own slots only, so it is dropped and refilled.
        cpu.Access(memory, access with { Address = new(0x40_0000) }, out _);
        cpu.InvalidatePage(0x40_0000);
        Assert.True(kind switch
        {
            AccessKind.Write => cpu.Store(memory, 0, 1),
            AccessKind.Fetch => cpu.Fetch(memory, 0, out _),
            _ => cpu.Load(memory, 0, out _),
        });
        cpu.Access(memory, access, out source);
        Assert.Equal(TlbSource.Front, source);
        Assert.Equal(5UL, cpu.Statistics.WalkReads);
    }

    /// <summary>A global page that was loaded and then written is in the TLB once: with D.</summary>
    [Fact]
    public void A_walk_that_sets_D_replaces_what_was_cached_without_it()
    {
        ulong[] words = new ulong[WordCount];
        (words[0x200], words[0x400], words[0x600], words[0x800]) = (0x2067, 0x3067, 0x4067, 0x5127);
        FlatMemory memory = new(words, new(8UL * WordCount));
        Cpu cpu = new(new() { FrontSlots = 0 });
        cpu.Reset(ControlState.LongMode with
        {
            Cr3 = new(Start),
            Cr4 = ControlState.LongMode.Cr4 | Cr4.PageGlobalEnable,
        });
        List<CachedPage> cached = [];
        Assert.True(cpu.Load(memory, 0, out _) && cpu.Store(memory, 0, 1));
        cpu.ListCached(cached);
        Assert.All(cached, page => Assert.True(page.Outcome.Dirty));
        Assert.NotEmpty(cached);
    }

    [Fact]
    public void No_access_allocates()
    {
        ulong[] words = new ulong[WordCount];
        (words[0x200], words[0x400], words[0x600], words[0x800]) = (0x2067, 0x3067, 0x4067, 0x5067);
        FlatMemory memory = new(words, new(8UL * WordCount));
        Cpu cpu = new(new());
        cpu.Reset(ControlState.LongMode with { Cr3 = new(Start) });
        ulong sum = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (ulong page = 0; page < 2; page++)
            {
                // The second page is absent.
                sum += cpu.Load(memory, page << 12, out ulong data) ? data : 1;
                sum += cpu.Store(memory, page << 12, sum) ? 0u : 1;
                sum += cpu.Fetch(memory, page << 12, out ulong code) ? code : 1;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(round == 0 || allocated == 0, $"{allocated} bytes");
        }

        Assert.NotEqual(0u, sum);
        Assert.Equal(
            new() { Loads = 6, LoadMisses = 4, Stores = 6, StoreMisses = 3, Fetches = 6, FetchMisses = 3, Walks = 10 },
            cpu.Statistics with { WalkReads = 0, SecondLevelHits = 0 });
    }
}

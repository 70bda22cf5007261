using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// What commands of shootdowns leave in the tables and tell, with nobody in between: the law asks only that
/// nothing stale be used, which is true of edits that change nothing.
/// </summary>
[InLane("tlb")]
public sealed class ShootdownEditTests : IObserve, IDisposable
{
    private const ulong Writable = 1 << 1, Dirty = 1 << 6, FrameBits = 0x000F_FFFF_FFFF_F000;

    private static readonly CpuNumber Only = new(0);
    private static readonly SpaceNumber Space = new(0);

    private readonly ShootdownMachine _machine = new(TlbGeometry.Smallest);
    private readonly List<TlbEvent> _events = [];

    public void Dispose() => _machine.Dispose();

    void IObserve.Observe(in TlbEvent happened) => _events.Add(happened);

    [Fact]
    public void A_move_takes_every_page_along()
    {
        Begin(0b111);
        var before = LeavesOf(0, 1, 2);
        Do(new ShootdownCommand { Kind = ShootdownCommandKind.Move, Page = 0, Count = 3, To = 4 });
        Assert.Equal(new ulong[3], LeavesOf(0, 1, 2));
        Assert.Equal(before, LeavesOf(4, 5, 6));
        Assert.NotEqual(0UL, before[0]);
    }

    [Fact]
    public void Clean_pages_are_told_and_have_no_D()
    {
        Begin(0b11);
        Do(Access(ShootdownCommandKind.Store, 0), Access(ShootdownCommandKind.Load, 1));
        Assert.Equal((Dirty, 0UL), (LeafOf(0) & Dirty, LeafOf(1) & Dirty));
        Do(new ShootdownCommand { Kind = ShootdownCommandKind.Clean, Page = 0, Count = 2 });
        Assert.Equal(0UL, LeafOf(0) & Dirty);
        var told = Assert.Single(_events, happened => happened.Kind == TlbEventKind.TakeClean);
        Assert.Equal(ShootdownStart.AddressOf[0], told.Address);
        Assert.Equal(LeafOf(0) & FrameBits, told.Physical.Value);
        Do(Access(ShootdownCommandKind.Store, 0));
        Assert.Equal(Dirty, LeafOf(0) & Dirty);
    }

    [Fact]
    public void Pages_that_were_clean_already_are_not_told()
    {
        Begin(0b11);
        ShootdownCommand clean = new() { Kind = ShootdownCommandKind.Clean, Page = 0, Count = 2 };
        Do(Access(ShootdownCommandKind.Store, 0), Access(ShootdownCommandKind.Store, 1), clean);
        Assert.Equal(2, _events.Count(happened => happened.Kind == TlbEventKind.TakeClean));
        Do(Access(ShootdownCommandKind.Store, 0), clean);
        Assert.Single(_events, happened => happened.Kind == TlbEventKind.TakeClean);
    }

    [Fact]
    public void Pages_are_protected_and_writable_again()
    {
        Begin(0b11);
        Assert.Equal(Writable, LeafOf(0) & Writable);
        Do(
            new ShootdownCommand { Kind = ShootdownCommandKind.Protect, Page = 0, Count = 1 },
            Access(ShootdownCommandKind.Store, 0));
        Assert.Equal((0UL, Writable), (LeafOf(0) & Writable, LeafOf(1) & Writable));
        Assert.Single(_events, happened => happened.Kind == TlbEventKind.Fault);
        Do(
            new ShootdownCommand { Kind = ShootdownCommandKind.Protect, Page = 0, Count = 1, Writable = true },
            Access(ShootdownCommandKind.Store, 0));
        Assert.Single(_events, happened => happened.Kind == TlbEventKind.Use);
    }

    [Fact]
    public void A_new_page_is_writable_and_zero()
    {
        Begin(0b1);
        ulong before = LeafOf(0) & FrameBits;
        Do(
            Access(ShootdownCommandKind.Store, 0),
            new ShootdownCommand { Kind = ShootdownCommandKind.UnmapFree, Count = 1 });
        Assert.Equal(0UL, LeafOf(0));
        Assert.Contains(_events, happened =>
            happened.Kind == TlbEventKind.ReleaseFrame && happened.Physical.Value == before);
        Do(
            new ShootdownCommand { Kind = ShootdownCommandKind.Map, Count = 2 },
            Access(ShootdownCommandKind.Load, 0),
            Access(ShootdownCommandKind.Load, 1));
        Assert.All(_events.Where(happened => happened.Kind == TlbEventKind.Use), use => Assert.Equal(0UL, use.Number));
        Assert.Equal((Writable, Writable), (LeafOf(0) & Writable, LeafOf(1) & Writable));
        Assert.Equal(2, _events.Count(happened => happened.Kind == TlbEventKind.TakeFrame));
    }

    [Fact]
    public void A_refused_map_gives_its_frame_back()
    {
        Begin(0b1);
        ulong before = LeafOf(0);
        Do([.. Enumerable.Repeat(new ShootdownCommand { Kind = ShootdownCommandKind.Map, Count = 1 }, 60)]);
        Assert.Equal(before, LeafOf(0));
        Do(new ShootdownCommand { Kind = ShootdownCommandKind.Map, Page = 1, Count = 7 });
        Assert.All(Enumerable.Range(0, ShootdownCommand.Pages), page => Assert.NotEqual(0UL, LeafOf(page)));
    }

    [Fact]
    public void Accesses_are_told_with_what_they_found()
    {
        Begin(0b1);
        Do(
            Access(ShootdownCommandKind.Load, 0),
            Access(ShootdownCommandKind.Store, 0),
            Access(ShootdownCommandKind.Fetch, 0),
            Access(ShootdownCommandKind.Store, 0),
            Access(ShootdownCommandKind.Load, 0),
            Access(ShootdownCommandKind.Load, 7));
        var told = _events.Where(happened => happened.Kind is TlbEventKind.Use or TlbEventKind.Fault).ToList();
        Assert.Equal(
            [AccessKind.Read, AccessKind.Write, AccessKind.Fetch, AccessKind.Write, AccessKind.Read, AccessKind.Read],
            told.Select(happened => happened.Access));
        Assert.Equal(0UL, told[0].Number);
        Assert.NotEqual(0UL, told[1].Number);
        Assert.Equal(told[1].Number, told[2].Number);
        Assert.NotEqual(told[1].Number, told[3].Number);
        Assert.Equal(told[3].Number, told[4].Number);
        Assert.Equal((TlbEventKind.Fault, 0UL), (told[5].Kind, told[5].Number));
    }

    [Fact]
    public void Stores_to_tables_are_told_with_what_they_replace()
    {
        Begin(0b1);
        Do(
            Access(ShootdownCommandKind.Store, 0),
            new ShootdownCommand { Kind = ShootdownCommandKind.UnmapFree, Count = 1 });
        Do(
            new ShootdownCommand { Kind = ShootdownCommandKind.Map, Page = 7, Count = 1 },
            new ShootdownCommand { Kind = ShootdownCommandKind.Map, Page = 0, Count = 1 },
            Access(ShootdownCommandKind.Store, 7),
            new ShootdownCommand { Kind = ShootdownCommandKind.Clean, Page = 7, Count = 1 },
            new ShootdownCommand { Kind = ShootdownCommandKind.Protect, Page = 7, Count = 1 },
            new ShootdownCommand { Kind = ShootdownCommandKind.UnmapFree, Page = 7, Count = 1 });
        Dictionary<ulong, PagingEntry> held = [];
        int known = 0;
        foreach (var happened in _events.Where(each => each.Kind is TlbEventKind.TableStore or TlbEventKind.TableMark))
        {
            Assert.NotEqual(happened.Old, happened.New);
            if (held.TryGetValue(happened.Physical.Value, out var old))
            {
                Assert.Equal(old, happened.Old);
                known++;
            }

            held[happened.Physical.Value] = happened.New;
        }

        Assert.InRange(known, 4, int.MaxValue);
    }

    [Theory]
    [InlineData(0, 2, 3)]
    [InlineData(2, 3, 5)]
    public void What_a_CPU_holds_is_listed_from_every_level(int frontSlots, int afterLoad, int afterFetch)
    {
        using ShootdownMachine machine = new(TlbGeometry.Smallest with { FrontSlots = frontSlots });
        machine.Reset(new(Cpus: 1, Spaces: 1, Mapped: 0b10), this);
        machine.Run(Only, [Access(ShootdownCommandKind.Load, 1)], new Alone(machine));
        List<CachedPage> cached = [];
        machine.ListCached(Only, cached);
        Assert.Equal(afterLoad, cached.Count);
        var outcome = Assert.Single(_events, happened => happened.Kind == TlbEventKind.Use).Outcome;
        CachedPage expected = new(new(1), ShootdownStart.AddressOf[1], outcome);
        Assert.All(cached, page => Assert.Equal(expected, page));
        machine.Run(Only, [Access(ShootdownCommandKind.Fetch, 1)], new Alone(machine));
        cached.Clear();
        machine.ListCached(Only, cached);
        Assert.Equal(afterFetch, cached.Count);
        Assert.All(cached, page => Assert.Equal(expected, page));
    }

    [Fact]
    public void Beyond_memory_there_is_nothing()
    {
        Begin(0b1);
        Assert.Equal(default, _machine.Read(new(0x000F_FFFF_FFFF_F000)));
        Assert.NotEqual(default, _machine.Read(_machine.TopOf(Space)));
    }

    [Fact]
    public void What_is_stored_is_told_apart_and_is_no_entry()
    {
        _machine.Reset(new(Cpus: 2, Spaces: 1, Mapped: 1), this);
        var stores = Enumerable.Repeat(Access(ShootdownCommandKind.Store, 0), 9).ToArray();
        Assert.Throws<Xunit.Sdk.TrueException>(() => _machine.Run(Only, stores, new Alone(_machine)));
        _machine.Run(new(1), stores, new Alone(_machine));
        var numbers = _events.Where(happened => happened.Kind == TlbEventKind.Use).Select(use => use.Number).ToList();
        Assert.Equal(18, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.True(number != 0 && (number & 1) == 0));
    }

    /// <summary>Nothing is left of what was before, so the same program is told in the same way again.</summary>
    [Fact]
    public void A_machine_begins_anew()
    {
        var (events, hash) = Long();
        var (again, hashAgain) = Long();
        Assert.Equal(events, again);
        Assert.Equal(hash, hashAgain);
        Assert.NotEqual(0UL, hash);
    }

    private (List<TlbEvent> Events, ulong Hash) Long()
    {
        _events.Clear();
        _machine.Reset(new(Cpus: 1, Spaces: 3, Mapped: 0b11), this);
        ulong begun = _machine.StateHash;
        _machine.Run(
            Only,
            [
                Access(ShootdownCommandKind.Store, 0),
                new() { Kind = ShootdownCommandKind.Run, Space = new(1) },
                Access(ShootdownCommandKind.Load, 1),
                new() { Kind = ShootdownCommandKind.UnmapFree, Page = 0, Count = 2 },
                new() { Kind = ShootdownCommandKind.Run, Space = new(2) },
                Access(ShootdownCommandKind.Store, 1),
                new() { Kind = ShootdownCommandKind.Protect, Page = 0, Count = 2 },
                new() { Kind = ShootdownCommandKind.Idle },
            ],
            new Alone(_machine));
        return ([.. _events], begun ^ _machine.StateHash);
    }

    [Fact]
    public void A_lazy_CPU_neither_accesses_nor_edits()
    {
        Begin(0b1);
        Do(
            new ShootdownCommand { Kind = ShootdownCommandKind.Idle },
            Access(ShootdownCommandKind.Load, 0),
            Access(ShootdownCommandKind.Store, 0),
            Access(ShootdownCommandKind.Fetch, 0),
            new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Count = 1 });
        Assert.DoesNotContain(_events, happened =>
            happened.Kind is TlbEventKind.Use or TlbEventKind.Fault or TlbEventKind.TableStore);
        Assert.NotEqual(0UL, LeafOf(0));
    }

    private static ShootdownCommand Access(ShootdownCommandKind kind, byte page) => new() { Kind = kind, Page = page };

    private void Begin(byte mapped) => _machine.Reset(new(Cpus: 1, Spaces: 1, mapped), this);

    private void Do(params ShootdownCommand[] commands)
    {
        _events.Clear();
        _machine.Run(Only, commands, new Alone(_machine));
        Assert.True(_machine.Audit());
    }

    private ulong[] LeavesOf(params int[] pages) => [.. pages.Select(LeafOf)];

    // The leaf of a page, or zero.
    private ulong LeafOf(int page)
    {
        ulong address = ShootdownStart.AddressOf[page].Value, entry = _machine.TopOf(Space).Value | 1;
        for (int shift = 39; shift >= 12 && (entry & 1) != 0; shift -= 9)
        {
            entry = _machine.Read(new((entry & FrameBits) + 8 * (address >> shift & 0x1FF))).Value;
        }

        return (entry & 1) != 0 ? entry : 0;
    }

    private sealed class Alone(ShootdownMachine machine) : IWait
    {
        // What is kept up with each change is also worked out anew.
        public void Point(YieldKind kind) => Assert.True(machine.Audit());

        public void Until(YieldKind kind, IReadiness condition) => Assert.True(condition.IsReady);
    }
}

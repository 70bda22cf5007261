using PageProof.Contract.Hardening;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Implementation.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>What commands cost exactly, with PCIDs and without: the law asks only that a switch be cheap.</summary>
[InLane("hardening")]
public sealed class KptiCostTests : IDisposable
{
    private const ulong Region = 0xFFFF_8800_0000_0000;
    private const ulong RegionBytes = 1UL << 39;
    private const ulong User = 0x40_0000;

    private readonly KptiMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void With_PCIDs_and_INVPCID_only_what_is_new_or_recycled_is_flushed()
    {
        Begin(Cr4.ProcessContextIdentifiers, invpcid: true, asids: 2);
        Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(default, KptiCommandKind.Map, User, 40);

        // Fewer pages than are flushed one by one: under both PCIDs each, and nothing is owed afterwards.
        Costs(new(0, 0, 0, 66), KptiCommandKind.Protect, User, 33);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);

        // More: one write of CR3 now, and one that flushes on the way out.
        Costs(new(1, 0, 1, 0), KptiCommandKind.Unmap, User, 34);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Idle);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Schedule);
    }

    [Fact]
    public void What_is_owed_twice_is_still_owed()
    {
        Begin(Cr4.ProcessContextIdentifiers, invpcid: true, asids: 2);
        Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
        Costs(default, KptiCommandKind.Map, User, 1);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Idle);
        Costs(default, KptiCommandKind.Unmap, User, 1);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Exit);
    }

    [Fact]
    public void A_right_that_is_added_needs_no_flush_and_is_seen_at_once()
    {
        Begin(Cr4.ProcessContextIdentifiers, invpcid: true, asids: 1);
        Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
        Costs(default, KptiCommandKind.Map, User, 1, PageRights.User);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Exit);
        Assert.Equal(OutcomeKind.Translated, OutcomeOf(AccessKind.Read));
        Assert.Equal(OutcomeKind.PageFault, OutcomeOf(AccessKind.Write));
        Assert.Equal(OutcomeKind.Translated, OutcomeOf(AccessKind.Read));
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(default, KptiCommandKind.Protect, User, 1, PageRights.User | PageRights.Write);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Exit);
        Assert.Equal(OutcomeKind.Translated, OutcomeOf(AccessKind.Write));
    }

    [Fact]
    public void Without_INVPCID_the_exit_flushes()
    {
        Begin(Cr4.ProcessContextIdentifiers, invpcid: false, asids: 1);
        Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(default, KptiCommandKind.Map, User, 2);
        Costs(new(0, 0, 0, 2), KptiCommandKind.Unmap, User, 2);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Exit);
    }

    [Fact]
    public void Without_PCIDs_each_write_flushes()
    {
        Begin(Cr4.None, invpcid: true, asids: 1);
        Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
        foreach (var kind in (KptiCommandKind[])
            [KptiCommandKind.Schedule, KptiCommandKind.Exit, KptiCommandKind.Enter, KptiCommandKind.Idle])
        {
            Costs(new(1, 0, 1, 0), kind);
            Assert.Equal(0UL, _machine.Cr3Of(default).Value & 0xFFF);
        }
    }

    [Fact]
    public void A_page_of_the_kernel_costs_one_address_now_and_every_other_ASID_later()
    {
        Begin(Cr4.ProcessContextIdentifiers, invpcid: true, asids: 2);
        Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(default, KptiCommandKind.MapKernel, Region, 40);
        Costs(new(0, 0, 0, 33), KptiCommandKind.UnmapKernel, Region, 33);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Exit);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Enter);
        Costs(default, KptiCommandKind.MapKernel, Region, 33);
        Costs(new(1, 0, 1, 0), KptiCommandKind.UnmapKernel, Region, 34);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Idle);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Schedule);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Idle);
        Costs(default, KptiCommandKind.MapKernel, Region, 1);
        Costs(new(0, 0, 0, 1), KptiCommandKind.UnmapKernel, Region, 1);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
    }

    /// <summary>An edit of the kernel leaves one ASID to the current process, the others to whoever is next.</summary>
    [Fact]
    public void Who_comes_anew_takes_an_ASID_that_nobody_has()
    {
        Begin(Cr4.ProcessContextIdentifiers, invpcid: true, asids: 2);
        Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
        KptiCommand create = new() { Kind = KptiCommandKind.Create, Process = new(1) };
        KptiCommand other = create with { Kind = KptiCommandKind.Schedule };
        Assert.Equal(KptiOutcome.Done, _machine.Do(create).Outcome);
        Costs(new(1, 0, 1, 0), KptiCommandKind.Schedule);
        Assert.Equal(new(1, 0, 1, 0), _machine.Do(other).Cost);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Schedule);
        Costs(default, KptiCommandKind.MapKernel, Region, 1);
        Costs(new(0, 0, 0, 1), KptiCommandKind.UnmapKernel, Region, 1);
        Assert.Equal(new(1, 0, 1, 0), _machine.Do(other).Cost);
        Costs(new(1, 0, 0, 0), KptiCommandKind.Schedule);
    }

    [Fact]
    public void An_address_space_that_is_given_up_gives_all_its_tables_back()
    {
        Begin(Cr4.ProcessContextIdentifiers, invpcid: true, asids: 1);
        for (int round = 0; round < 100; round++)
        {
            Costs(new(0, 3, 0, 0), KptiCommandKind.Create);
            Costs(default, KptiCommandKind.Map, User, 2);
            Costs(default, KptiCommandKind.Destroy);
        }
    }

    [Fact]
    public void Pages_of_the_kernel_lie_in_its_region()
    {
        Begin(Cr4.None, invpcid: true, asids: 1);
        Costs(default, KptiCommandKind.MapKernel, Region + RegionBytes - 0x1000, 1);
        Assert.Equal(KptiOutcome.Refused, Do(KptiCommandKind.MapKernel, Region + RegionBytes - 0x1000, 2).Outcome);
        Assert.Equal(KptiOutcome.Refused, Do(KptiCommandKind.MapKernel, Region + RegionBytes, 1).Outcome);
        Assert.Equal(KptiOutcome.Refused, Do(KptiCommandKind.MapKernel, Region - 0x1000, 1).Outcome);
        Assert.Equal(KptiOutcome.Refused, Do(KptiCommandKind.UnmapKernel, Region - 0x1000, 1).Outcome);
    }

    [Fact]
    public void Tables_are_shown_where_there_can_be_any()
    {
        Begin(Cr4.None, invpcid: true, asids: 1);
        var entries = new PagingEntry[512];
        Assert.True(_machine.TryShow(new(0x1000), entries));
        Assert.False(_machine.TryShow(new(0x1008), entries));
        Assert.False(_machine.TryShow(new(1UL << 40), entries));
        ulong address = 0;
        while (_machine.TryShow(new(address), entries))
        {
            address += 0x1000;
        }

        Assert.InRange(address, 0xA000UL, 1UL << 20);
    }

    private void Begin(Cr4 cr4, bool invpcid, int asids)
    {
        var control = ControlState.LongMode with
        {
            Cr4 = Cr4.PhysicalAddressExtension | cr4,
            Efer = Efer.LongModeEnable | Efer.NoExecuteEnable,
        };
        MappedPage entry = new(new(0xFFFF_FF80_0000_1000), new() { Frame = new(1UL << 36), Size = PageSize.Size4K });
        _machine.Reset(new(control, 1, asids, invpcid, new(new(Region), new(RegionBytes)), [entry]));
    }

    private OutcomeKind OutcomeOf(AccessKind kind) => _machine.Do(new()
    {
        Kind = KptiCommandKind.Access,
        Access = new(new(User), kind, PrivilegeLevel.Ring3),
    }).Walk.Kind;

    private void Costs(
        KptiCost cost, KptiCommandKind kind, ulong start = 0, ulong pages = 0, PageRights? rights = null)
    {
        var answer = Do(kind, start, pages, rights);
        Assert.Equal(KptiOutcome.Done, answer.Outcome);
        Assert.Equal(cost, answer.Cost);
    }

    private KptiAnswer Do(
        KptiCommandKind kind, ulong start, ulong pages, PageRights? rights = null) => _machine.Do(new()
        {
            Kind = kind,
            Range = new(new(start), new(pages * 0x1000)),
            Mapping = new() { Frame = new(1UL << 30), Size = PageSize.Size4K, Rights = rights ?? PageRights.Write },
            Rights = rights ?? PageRights.None,
        });
}

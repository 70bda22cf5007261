using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// The transition systems of shootdowns: steps keep the invariants in states drawn at random, the
/// invariants say what they are for, and a shootdown that does all it should is permitted.
/// </summary>
[InLane("tlb", SpecAlone = true)]
public sealed class ShootdownSpecTests
{
    private const int States = 150_000;

    private static readonly Mapping Absent = default;
    private static readonly Mapping Watched = MappingOf(0x1000, PageRights.Write);
    private static readonly CpuNumber First = new(0), Second = new(1);

    [Fact]
    public void Steps_of_a_shootdown_keep_its_invariant()
    {
        CaseRandom random = new(1, 0);
        var taken = new int[Enum.GetValues<ShootdownEventKind>().Length];
        for (int count = 0; count < States; count++)
        {
            var state = RandomState(ref random);
            if (!ShootdownInvariant.Invariant(state))
            {
                continue;
            }

            var happened = RandomEvent(ref random, state);
            var step = ShootdownSpec.Step(state, happened);
            if (!ShootdownInvariant.Invariant(step.State)
                || step.Refusal is ShootdownRefusal.UsesFreedFrame or ShootdownRefusal.WalksFreedTable)
            {
                Assert.Fail($"{state}\n{happened}\n{step}");
            }

            taken[(int)happened.Kind] += step.Refusal == ShootdownRefusal.None ? 1 : 0;
        }

        Assert.All(taken, each => Assert.InRange(each, 20, int.MaxValue));
    }

    [Fact]
    public void Steps_of_generations_keep_their_invariant()
    {
        CaseRandom random = new(2, 0);
        int taken = 0;
        for (int count = 0; count < States; count++)
        {
            ulong bits = random.Next();
            GenerationState state = new(
                Generation(ref random), Generation(ref random), Generation(ref random), Bit(bits, 0), Bit(bits, 1),
                Bit(bits, 2), Bit(bits, 3), Generation(ref random), Bit(bits, 4), Bit(bits, 5));
            if (GenerationSpec.Invariant(state))
            {
                var happened = random.Of(Enum.GetValues<GenerationEvent>());
                var step = GenerationSpec.Step(state, happened, Generation(ref random));
                if (step.Permitted && !GenerationSpec.Invariant(step.State))
                {
                    Assert.Fail($"{state}\n{happened}");
                }

                taken += step.Permitted ? 1 : 0;
            }
        }

        Assert.InRange(taken, 1_000, int.MaxValue);
    }

    [Fact]
    public void Steps_of_a_PCID_keep_its_invariant()
    {
        CaseRandom random = new(3, 0);
        for (int count = 0; count < States / 10; count++)
        {
            ulong bits = random.Next();
            PcidSlotState state = new(
                new((ulong)random.Below(3)), Bit(bits, 0), Bit(bits, 1), Bit(bits, 2));
            if (PcidSlotSpec.Invariant(state))
            {
                var happened = random.Of(Enum.GetValues<PcidSlotEvent>());
                var step = PcidSlotSpec.Step(state, happened, new((ulong)random.Below(3)));
                if (step.Permitted && !PcidSlotSpec.Invariant(step.State))
                {
                    Assert.Fail($"{state}\n{happened}");
                }
            }
        }
    }

    [Fact]
    public void A_frame_is_free_after_the_flush_and_not_before()
    {
        var state = After(Running(), Of(ShootdownEventKind.Read, Second), Of(ShootdownEventKind.Fill, Second));
        state = After(state, new ShootdownEvent(ShootdownEventKind.Store, First, Absent, Absent, true));
        Refuses(state, Of(ShootdownEventKind.ReleaseFrame, First), ShootdownRefusal.StillPending);
        Refuses(state, Of(ShootdownEventKind.Skip, Second), ShootdownRefusal.SkipsActive);
        Refuses(state, Of(ShootdownEventKind.Deliver, Second), ShootdownRefusal.NotSent);
        state = After(state, Of(ShootdownEventKind.Send, Second), Of(ShootdownEventKind.Deliver, Second));
        Refuses(state, Of(ShootdownEventKind.Acknowledge, Second), ShootdownRefusal.AcknowledgedBeforeFlush);
        state = After(
            state,
            Of(ShootdownEventKind.FlushPage, Second),
            Of(ShootdownEventKind.Acknowledge, Second),
            Of(ShootdownEventKind.Complete, First),
            Of(ShootdownEventKind.ReleaseFrame, First));
        Refuses(state, Of(ShootdownEventKind.Use, Second), ShootdownRefusal.UsesWhatIsNotCached);
        Refuses(state, Of(ShootdownEventKind.Fill, Second), ShootdownRefusal.FilledAfterFlush);
    }

    [Fact]
    public void A_table_page_waits_for_lazy_CPUs_too()
    {
        var state = After(
            Running(),
            Of(ShootdownEventKind.Leave, Second),
            new ShootdownEvent(ShootdownEventKind.Store, First, Absent, Absent, false),
            Of(ShootdownEventKind.FlushPage, First),
            Of(ShootdownEventKind.Skip, Second),
            Of(ShootdownEventKind.ReleaseFrame, First));
        Refuses(state, Of(ShootdownEventKind.ReleaseTable, First), ShootdownRefusal.StillPending);
        Refuses(state, Of(ShootdownEventKind.Enter, Second), ShootdownRefusal.NotCaughtUp);
        state = After(state, Of(ShootdownEventKind.Unload, Second), Of(ShootdownEventKind.ReleaseTable, First));
        Refuses(state, Of(ShootdownEventKind.Load, Second), ShootdownRefusal.NotCaughtUp);
        After(state, Of(ShootdownEventKind.FlushPage, Second), Of(ShootdownEventKind.Load, Second));
    }

    [Fact]
    public void A_page_is_clean_when_nobody_may_write_unmarked()
    {
        var dirty = Watched with { Dirty = true };
        var state = After(
            Running() with { Watched = dirty, Given = dirty, Entry = dirty },
            Of(ShootdownEventKind.Read, Second), Of(ShootdownEventKind.Fill, Second));
        Refuses(state, Of(ShootdownEventKind.TakeClean, First), ShootdownRefusal.StillDirty);
        state = After(state, new ShootdownEvent(ShootdownEventKind.Store, First, Watched, Watched, true));
        Refuses(state, Of(ShootdownEventKind.TakeClean, First), ShootdownRefusal.StillPending);
        After(state, Of(ShootdownEventKind.FlushPage, Second), Of(ShootdownEventKind.TakeClean, First));
    }

    /// <summary>A walk sets D in what it has read, and neither links nor unlinks a table.</summary>
    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, true, false, false)]
    [InlineData(false, true, true, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, false)]
    public void A_mark_sets_D_and_changes_nothing_else(bool linked, bool givenDirty, bool entryDirty, bool permitted)
    {
        ShootdownEvent mark = new(
            ShootdownEventKind.Mark, Second, Watched with { Dirty = givenDirty }, Watched with { Dirty = entryDirty },
            linked);
        var step = ShootdownSpec.Step(Running(), mark);
        Assert.Equal(permitted ? ShootdownRefusal.None : ShootdownRefusal.MarkChangesMore, step.Refusal);
        var moved = mark with { Linked = true, Given = Watched with { Frame = new(0x5000) } };
        Refuses(Running(), moved with { Entry = moved.Given }, ShootdownRefusal.MarkChangesMore);
    }

    [Fact]
    public void A_freed_frame_is_not_used_by_whoever_still_holds_it() => Refuses(
        Running() with { Cached = new(3), FrameFree = true },
        Of(ShootdownEventKind.Use, Second),
        ShootdownRefusal.UsesFreedFrame);

    [Fact]
    public void A_flush_counts_for_the_interrupt_that_it_answers()
    {
        var asked = Running() with { Delivered = new(2), Cached = new(3), Upper = new(3), Loaded = new(1) };
        var state = After(asked, Of(ShootdownEventKind.FlushPage, First));
        Assert.Equal((new CpuMask(0), new CpuMask(2), new CpuMask(3)), (state.Flushed, state.Cached, state.Upper));
        state = After(asked, Of(ShootdownEventKind.FlushPage, Second));
        Assert.Equal((new CpuMask(2), new CpuMask(1), new CpuMask(1)), (state.Flushed, state.Cached, state.Upper));
        Refuses(state, Of(ShootdownEventKind.Acknowledge, First), ShootdownRefusal.NotDelivered);
        state = After(state, Of(ShootdownEventKind.Acknowledge, Second));
        Assert.Equal((new CpuMask(0), new CpuMask(0)), (state.Flushed, state.Delivered));
    }

    /// <summary>Of three shootdowns the CPU has flushed for one: after the next, one is still owed.</summary>
    [Theory]
    [InlineData(3, 1, 3, true, true)]
    [InlineData(3, 1, 2, true, false)]
    [InlineData(2, 1, 2, false, false)]
    public void Flushes_for_single_shootdowns_come_in_their_order(
        ulong ofSpace, ulong flushedTo, ulong seen, bool pending, bool skipped)
    {
        GenerationState state = new(
            new(ofSpace), new(flushedTo), new(flushedTo), Due: false, Pending: true, Announced: true, Checked: true,
            new(seen), Active: false, Skipped: true);
        var step = GenerationSpec.Step(state, GenerationEvent.FlushNext, default);
        Assert.True(step.Permitted);
        Assert.Equal(state with { FlushedTo = new(flushedTo + 1), Pending = pending, Skipped = skipped }, step.State);
        Assert.False(GenerationSpec.Step(state, (GenerationEvent)byte.MaxValue, default).Permitted);
    }

    [Fact]
    public void What_a_PCID_holds_of_its_own_is_another_s_after_it_is_given_away()
    {
        PcidSlotState state = new(new(1), HoldsOwn: true, HoldsOther: false, Loaded: false);
        state = PcidSlotSpec.Step(state, PcidSlotEvent.Assign, new(2)).State;
        Assert.Equal(new(new(2), HoldsOwn: false, HoldsOther: true, Loaded: false), state);
        Assert.False(PcidSlotSpec.Step(state, PcidSlotEvent.Load, default).Permitted);
    }

    [Fact]
    public void Without_PCIDE_the_low_bits_of_CR3_name_no_PCID()
    {
        Assert.Equal(0, ControlSpec.PcidOf(ControlState.LongMode, new(0x1005)).Value);
        var pcids = ControlState.LongMode with { Cr4 = Cr4.ProcessContextIdentifiers };
        Assert.Equal(5, ControlSpec.PcidOf(pcids, new(0x1005)).Value);
    }

    private static ShootdownState Running() => new ShootdownState
    {
        Watched = Watched,
        Given = Watched,
        Entry = Watched,
        Linked = true,
        Loaded = new(3),
        Active = new(3),
        Upper = new(3),
    };

    private static ShootdownEvent Of(ShootdownEventKind kind, CpuNumber cpu) =>
        new() { Kind = kind, Cpu = cpu };

    private static ShootdownState After(ShootdownState state, params ReadOnlySpan<ShootdownEvent> events)
    {
        foreach (var happened in events)
        {
            var step = ShootdownSpec.Step(state, happened);
            Assert.Equal(ShootdownRefusal.None, step.Refusal);
            state = step.State;
        }

        return state;
    }

    private static void Refuses(in ShootdownState state, in ShootdownEvent happened, ShootdownRefusal why) =>
        Assert.Equal(why, ShootdownSpec.Step(state, happened).Refusal);

    private static Mapping MappingOf(ulong frame, PageRights rights) =>
        new(true, new(frame), PageSize.Size4K, MemoryType.WriteBack, rights, false);

    private static Mapping RandomMapping(ref CaseRandom random) => random.OneIn(4) ? Absent : new(
        true,
        new(random.OneIn(3) ? 0x2000u : 0x1000),
        random.OneIn(4) ? PageSize.Size2M : PageSize.Size4K,
        MemoryType.WriteBack,
        random.OneIn(3) ? PageRights.None : PageRights.Write,
        random.OneIn(3));

    // Masks are drawn within those that they are part of, or few states would be left.
    private static ShootdownState RandomState(ref CaseRandom random)
    {
        var given = RandomMapping(ref random);
        bool linked = random.OneIn(2);
        var watched = random.OneIn(2) ? given : RandomMapping(ref random);
        CpuMask loaded = Mask(ref random), pending = Mask(ref random), active = loaded & Mask(ref random);
        CpuMask delivered = Mask(ref random);
        return new(
            watched,
            given,
            linked ? given : random.OneIn(2) ? watched : RandomMapping(ref random),
            linked,
            random.OneIn(3),
            !linked && random.OneIn(3),
            loaded,
            active,
            Mask(ref random) & (random.OneIn(2) ? pending : new(3)),
            Mask(ref random) & (random.OneIn(2) ? pending : new(3)),
            linked ? loaded | Mask(ref random) : pending & Mask(ref random),
            pending,
            (pending - active) & (random.OneIn(2) ? new(3) : Mask(ref random)),
            Mask(ref random),
            Mask(ref random),
            delivered,
            delivered & Mask(ref random));
    }

    private static ShootdownEvent RandomEvent(ref CaseRandom random, in ShootdownState state)
    {
        var kind = random.Of(Enum.GetValues<ShootdownEventKind>());
        bool marks = kind == ShootdownEventKind.Mark;
        bool linked = marks ? state.Linked : random.OneIn(2);
        var given = marks ? state.Given with { Dirty = random.OneIn(2) } : RandomMapping(ref random);
        var entry = linked ? given : marks ? state.Entry with { Dirty = random.OneIn(2) } : RandomMapping(ref random);
        return new(kind, new((byte)random.Below(2)), given, entry, linked);
    }

    private static CpuMask Mask(ref CaseRandom random) => new((uint)random.Below(4));

    private static TlbGeneration Generation(ref CaseRandom random) =>
        new(random.OneIn(6) ? TlbGeneration.Most : (ulong)random.Below(4));

    private static bool Bit(ulong bits, int number) => (bits >> number & 1) != 0;
}

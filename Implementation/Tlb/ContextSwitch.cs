using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// How a CPU comes to run an address space. It is in the mask before it reads the generation, so a
/// shootdown either finds it there or is found by it; and it is taken from the mask of the old space only
/// after CR3 leads elsewhere. Interrupts wait meanwhile.
/// </summary>
internal static class ContextSwitch
{
    private const ulong KeepBit = 1UL << 63;

    /// <summary>Runs a space, whatever ran before.</summary>
    public static void To<TYield>(SmpCpu self, SharedSpace space, TYield yield)
        where TYield : struct, IWait
    {
        if (self.Space == space)
        {
            Resume(self, space, yield);
            return;
        }

        var old = self.Space;
        if (old is not null)
        {
            self.Tell(new() { Kind = TlbEventKind.Leave });
        }

        yield.Point(YieldKind.ContextSwitch);
        space.Mask |= self.Bit;
        self.IsLazy = false;
        self.Tell(new() { Kind = TlbEventKind.Announce }, space);
        yield.Point(YieldKind.ContextSwitch);
        ulong generation = Check(self, space);
        int slot = self.Slots.Of(space);
        bool isStale = slot < 0 || self.Slots.GenerationOf(slot) != generation;
        if (slot < 0)
        {
            slot = self.Slots.Recycle(space, old);
            self.Tell(new() { Kind = TlbEventKind.AssignPcid, Number = PcidSlots.PcidOf(slot).Value }, space);
        }

        yield.Point(YieldKind.ContextSwitch);
        LoadCr3(self, space, slot, isStale, generation);
        yield.Point(YieldKind.ContextSwitch);
        if (old is not null)
        {
            old.Mask &= ~self.Bit;
            self.Tell(new() { Kind = TlbEventKind.Withdraw }, old);
        }

        self.Tell(new() { Kind = TlbEventKind.Enter });
    }

    /// <summary>Goes lazy: nothing is flushed, and shootdowns need not interrupt the CPU any more.</summary>
    public static void Idle(SmpCpu self)
    {
        if (self.Space is not null && !self.IsLazy)
        {
            self.Tell(new() { Kind = TlbEventKind.Leave });
            self.IsLazy = true;
            self.Tell(new() { Kind = TlbEventKind.Withdraw });
        }
    }

    // Whoever was lazy catches up before its first user access.
    private static void Resume<TYield>(SmpCpu self, SharedSpace space, TYield yield)
        where TYield : struct, IWait
    {
        if (!self.IsLazy)
        {
            return;
        }

        yield.Point(YieldKind.ContextSwitch);
        self.IsLazy = false;
        self.Tell(new() { Kind = TlbEventKind.Announce });
        yield.Point(YieldKind.ContextSwitch);
        ulong generation = Check(self, space);
        int slot = self.Slots.Of(space);
        if (self.Slots.GenerationOf(slot) != generation)
        {
            yield.Point(YieldKind.TlbFlush);
            Shootdown.FlushSpace(self, space, slot, generation);
        }

        self.Tell(new() { Kind = TlbEventKind.Enter });
    }

    private static ulong Check(SmpCpu self, SharedSpace space)
    {
        self.Watch.HasRead(self.Number, space.Generation);
        self.Tell(new() { Kind = TlbEventKind.Check, Number = space.Generation }, space);
        return space.Generation;
    }

    private static void LoadCr3(SmpCpu self, SharedSpace space, int slot, bool flushes, ulong generation)
    {
        Pcid pcid = PcidSlots.PcidOf(slot);
        ulong operand = space.Top.Value | pcid.Value;
        self.Core.MoveCr3(new(flushes ? operand : operand | KeepBit));
        if (flushes)
        {
            self.Tell(new() { Kind = TlbEventKind.FlushPcid, Number = pcid.Value }, space);
            Shootdown.Record(self, space, slot, generation);
        }

        if (self.Space is not null)
        {
            self.Tell(new() { Kind = TlbEventKind.Unload });
        }

        self.Space = space;
        self.Tell(new() { Kind = TlbEventKind.Load, Number = pcid.Value });
    }
}

using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.PageTables;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// Makes every CPU forget what a gather says is stale, and then gives back what it holds. The tables
/// have been stored to before. First the shootdown is counted; then the CPUs are looked at, and those that run
/// the space are interrupted. The others find the count when they come back. A lazy CPU is left alone as well,
/// unless tables were unlinked, since it may walk through them without being asked.
/// </summary>
internal static class Shootdown
{
    // Above this, to drop a whole PCID and refill it costs less. Linux has the same figure.
    private const ulong FullFlushCeiling = 33;

    /// <summary>Flushes what the edit of a CPU has left stale, everywhere, and waits for it.</summary>
    public static void Run<TYield>(SmpCpu self, ReadOnlySpan<SmpCpu> cpus, FramePool pool, TYield yield)
        where TYield : struct, IWait => Run(self, self.Space!, cpus, new FramePool.Told(pool, self), yield);

    /// <summary>
    /// The same of any space, whether or not the CPU runs it; what the edit has held back goes where it belongs.
    /// </summary>
    public static void Run<TSink, TYield>(
        SmpCpu self, SharedSpace space, ReadOnlySpan<SmpCpu> cpus, TSink sink, TYield yield)
        where TSink : struct, IFrameSink
        where TYield : struct, IWait
    {
        var gather = self.Gather;
        if (!gather.NeedsFlush)
        {
            return;
        }

        bool tables = gather.TablesUnlinked;
        ulong generation = ++space.Generation;
        self.Tell(new() { Kind = TlbEventKind.Advance, Number = generation }, space);
        self.Quarantine.TakeOver(gather, self.Quarantine.Completed + 1);
        FlushRequest request = new(space, gather.First, gather.Last, gather.Stride, generation, self);
        yield.Point(YieldKind.TlbFlush);
        Flush(self, request);
        foreach (var other in cpus)
        {
            if (other != self)
            {
                yield.Point(YieldKind.IpiSend);
                Ask(self, other, request, tables);
            }
        }

        AwaitAll(self, yield);
        gather.Clear();
        self.Tell(new() { Kind = TlbEventKind.Complete, Address = request.First, Last = request.Last }, space);
        yield.Point(YieldKind.FrameRelease);
        self.Quarantine.Release(self.Quarantine.Completed + 1, sink);
    }

    /// <summary>
    /// Makes every other CPU that has a space loaded run another one, and waits until all do: then no walk goes through
    /// the tables of the first. Nobody begins to run it meanwhile.
    /// </summary>
    public static void MakeLeave<TYield>(
        SmpCpu self, SharedSpace space, SharedSpace instead, ReadOnlySpan<SmpCpu> cpus, TYield yield)
        where TYield : struct, IWait
    {
        FlushRequest request = new(space, default, default, PageSize.Size4K, space.Generation, self)
        {
            Instead = instead,
        };
        foreach (var other in cpus)
        {
            if (other != self)
            {
                yield.Point(YieldKind.IpiSend);
                Ask(self, other, request, tables: true);
            }
        }

        AwaitAll(self, yield);
    }

    /// <summary>Takes the interrupts that have arrived.</summary>
    public static void Serve<TYield>(SmpCpu self, TYield yield)
        where TYield : struct, IWait
    {
        while (!self.Mailbox.IsEmpty)
        {
            yield.Point(YieldKind.IpiDeliver);
            var request = self.Mailbox.Take();
            Tell(self, self, TlbEventKind.Deliver, request);
            yield.Point(YieldKind.TlbFlush);
            Flush(self, request);
            if (request.Instead is { } instead && self.Space == request.Space)
            {
                ContextSwitch.To(self, instead, yield);
            }

            yield.Point(YieldKind.IpiAcknowledge);
            request.Sender.Unacknowledged &= ~self.Bit;
            Tell(self, self, TlbEventKind.Acknowledge, request);
        }
    }

    private static void AwaitAll<TYield>(SmpCpu self, TYield yield)
        where TYield : struct, IWait
    {
        while (self.Unacknowledged != 0)
        {
            Serve(self, yield);
            yield.Until(YieldKind.IpiAcknowledge, self.Acknowledged);
        }
    }

    private static void Ask(SmpCpu self, SmpCpu other, in FlushRequest request, bool tables)
    {
        var space = request.Space;
        bool runs = (space.Mask & other.Bit) != 0;
        if (!runs || (other.IsLazy && !tables))
        {
            Tell(self, other, TlbEventKind.Skip, request);
            return;
        }

        other.Mailbox.Post(request);

        // Survivor: the bit is clear, since whoever sends has waited for all the last time.
        self.Unacknowledged |= other.Bit;
        Tell(self, other, TlbEventKind.Send, request);
    }

    // Page by page only when this is the one shootdown that the CPU has not flushed for.
    private static void Flush(SmpCpu self, in FlushRequest request)
    {
        var space = request.Space;
        int slot = self.Slots.Of(space);
        ulong now = space.Generation;
        if (slot < 0 || self.Slots.GenerationOf(slot) >= request.Generation)
        {
            return;
        }

        bool next = self.Slots.GenerationOf(slot) + 1 == request.Generation && now == request.Generation;
        if (!next || self.Space != space || request.Steps > FullFlushCeiling)
        {
            FlushSpace(self, space, slot, now);
            return;
        }

        for (ulong step = 0; step < request.Steps; step++)
        {
            ulong address = request.First.Value + (step << (int)request.Stride);
            self.Core.InvalidatePage(address);
            self.Tell(new() { Kind = TlbEventKind.FlushPage, Address = new(address) });
        }

        Record(self, space, slot, now);
    }

    /// <summary>Drops everything of a space, up to a generation that was read before.</summary>
    public static void FlushSpace(SmpCpu self, SharedSpace space, int slot, ulong generation)
    {
        Pcid pcid = PcidSlots.PcidOf(slot);
        self.Core.InvalidatePcid(InvpcidType.SingleContext, new(pcid.Value, default));
        self.Tell(new() { Kind = TlbEventKind.FlushPcid, Number = pcid.Value }, space);
        Record(self, space, slot, generation);
    }

    /// <summary>Notes up to which shootdown the CPU has flushed.</summary>
    public static void Record(SmpCpu self, SharedSpace space, int slot, ulong generation)
    {
        self.Slots.SetGeneration(slot, generation);
        self.Tell(new() { Kind = TlbEventKind.Record, Number = generation }, space);
    }

    private static void Tell(SmpCpu self, SmpCpu other, TlbEventKind kind, in FlushRequest request) => self.Tell(
        new()
        {
            Kind = kind,
            Target = other.Number,
            Address = request.First,
            Last = request.Last,
            Number = request.Generation,
        },
        request.Space);
}

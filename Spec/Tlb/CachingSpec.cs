using PageProof.Contract;

namespace PageProof.Spec.Tlb;

/// <summary>
/// What a CPU does with one page: it walks whenever its CR3 leads to the tables, caches what a walk has read,
/// uses what is cached, and drops it in a flush. A walk that was begun before a store may still fill what
/// it has read, but a flush ends it too. Which partial walks a CPU holds is not told: it may hold one to
/// whatever table was on the way since its last flush (4.10.3.1).
/// Source: Intel SDM vol. 3A, 4.10.2.3, 4.10.3.1, 4.10.4.1 and 4.10.4.2.
/// </summary>
public static class CachingSpec
{
    /// <summary>The state after the event, or why it must not happen.</summary>
    [Lifted("shootdown.caching")]
    public static ShootdownStep Step(in ShootdownState state, in ShootdownEvent happened)
    {
        CpuMask cpu = CpuMask.Of(happened.Cpu);
        return happened.Kind switch
        {
            ShootdownEventKind.Mark => Mark(state, happened),
            ShootdownEventKind.Read => Read(state, cpu),
            ShootdownEventKind.Fill => Fill(state, cpu),
            ShootdownEventKind.Use => Use(state, cpu),
            ShootdownEventKind.FlushPage => FlushPage(state, cpu),
            ShootdownEventKind.FlushTables => FlushTables(state, cpu),
            ShootdownEventKind.Load => Load(state, cpu),
            ShootdownEventKind.Enter => Enter(state, cpu),
            ShootdownEventKind.Leave => ShootdownSpec.To(state with { Active = state.Active - cpu }),
            ShootdownEventKind.Unload => ShootdownSpec.To(state with
            {
                Loaded = state.Loaded - cpu,
                Active = state.Active - cpu,
            }),
            _ => ShootdownSpec.Refuse(state, ShootdownRefusal.NoEvent),
        };
    }

    // 4.8: D is set in the entry that the walk has read, atomically, and nothing else is changed.
    private static ShootdownStep Mark(in ShootdownState state, in ShootdownEvent mark) =>
        state.Linked != mark.Linked || (mark.Linked && !MappingSpec.Same(mark.Given, mark.Entry))
        || !IsMarked(state.Given, mark.Given) || !IsMarked(state.Entry, mark.Entry)
            ? ShootdownSpec.Refuse(state, ShootdownRefusal.MarkChangesMore)
            : ShootdownSpec.To(state with { Given = mark.Given, Entry = mark.Entry });

    private static bool IsMarked(in Mapping before, in Mapping after) =>
        MappingSpec.Same(before, after) || (before.Present && MappingSpec.Same(before with { Dirty = true }, after));

    private static ShootdownStep Read(in ShootdownState state, CpuMask cpu)
    {
        if (!cpu.IsWithin(state.Loaded))
        {
            return ShootdownSpec.Refuse(state, ShootdownRefusal.NotLoaded);
        }

        bool given = MappingSpec.Same(state.Watched, state.Given);
        bool below = cpu.IsWithin(state.Upper) && MappingSpec.Same(state.Watched, state.Entry);
        return !given && !below ? ShootdownSpec.Refuse(state, ShootdownRefusal.ReadsWhatIsNotThere)
            : !given && state.TableFree ? ShootdownSpec.Refuse(state, ShootdownRefusal.WalksFreedTable)
            : ShootdownSpec.To(state with { Walks = state.Walks | cpu });
    }

    private static ShootdownStep Fill(in ShootdownState state, CpuMask cpu) => cpu.IsWithin(state.Walks)
        ? ShootdownSpec.To(state with { Walks = state.Walks - cpu, Cached = state.Cached | cpu })
        : ShootdownSpec.Refuse(state, ShootdownRefusal.FilledAfterFlush);

    private static ShootdownStep Use(in ShootdownState state, CpuMask cpu) =>
        !cpu.IsWithin(state.Active) ? ShootdownSpec.Refuse(state, ShootdownRefusal.NotActive)
        : !cpu.IsWithin(state.Cached) ? ShootdownSpec.Refuse(state, ShootdownRefusal.UsesWhatIsNotCached)
        : state.FrameFree ? ShootdownSpec.Refuse(state, ShootdownRefusal.UsesFreedFrame)
        : ShootdownSpec.To(state);

    private static ShootdownStep FlushPage(in ShootdownState state, CpuMask cpu) => ShootdownSpec.To(state with
    {
        Cached = state.Cached - cpu,
        Walks = state.Walks - cpu,
        Upper = UpperAfter(state, cpu),
        Pending = state.Pending - cpu,
        Skipped = state.Skipped - cpu,
        Flushed = state.Flushed | (state.Delivered & cpu),
    });

    // 4.10.4.1: INVLPG drops the partial walks of all addresses. Who holds the page still owes its flush.
    private static ShootdownStep FlushTables(in ShootdownState state, CpuMask cpu)
    {
        CpuMask settled = cpu - state.Held;
        return ShootdownSpec.To(state with
        {
            Upper = UpperAfter(state, cpu),
            Pending = state.Pending - settled,
            Skipped = state.Skipped - settled,
        });
    }

    // What is on the way may be cached again at once.
    private static CpuMask UpperAfter(in ShootdownState state, CpuMask cpu) =>
        state.Linked ? (state.Upper - cpu) | (state.Loaded & cpu) : state.Upper - cpu;

    // Who was skipped flushes with the move to CR3, or before it.
    private static ShootdownStep Load(in ShootdownState state, CpuMask cpu) => cpu.IsWithin(state.Skipped)
        ? ShootdownSpec.Refuse(state, ShootdownRefusal.NotCaughtUp)
        : ShootdownSpec.To(state with
        {
            Loaded = state.Loaded | cpu,
            Upper = state.Linked ? state.Upper | cpu : state.Upper,
        });

    private static ShootdownStep Enter(in ShootdownState state, CpuMask cpu) =>
        !cpu.IsWithin(state.Loaded) ? ShootdownSpec.Refuse(state, ShootdownRefusal.NotLoaded)
        : cpu.IsWithin(state.Skipped) ? ShootdownSpec.Refuse(state, ShootdownRefusal.NotCaughtUp)
        : ShootdownSpec.To(state with { Active = state.Active | cpu });
}

using PageProof.Contract;

namespace PageProof.Spec.Tlb;

/// <summary>The state after an event; the state before and the reason when it must not happen.</summary>
public readonly record struct ShootdownStep(ShootdownState State, ShootdownRefusal Refusal);

/// <summary>
/// What software may do to a page that several CPUs may have cached. Changing the tables changes no
/// TLB, so whoever may hold what they no longer give owes a flush; until it is made, or the CPU is known to make
/// it before its next user access, neither frame nor table page is given back, and the page is not
/// taken to be clean. How software comes to know it is left to software.
/// Source: Intel SDM vol. 3A, 4.10.4.2 (when to invalidate) and 4.10.5 (several processors).
/// </summary>
public static class ShootdownSpec
{
    /// <summary>The state after the event, or why it must not happen.</summary>
    [Lifted("shootdown.step")]
    public static ShootdownStep Step(in ShootdownState state, in ShootdownEvent happened) => happened.Kind switch
    {
        ShootdownEventKind.Store => Store(state, happened),
        ShootdownEventKind.Skip => Skip(state, CpuMask.Of(happened.Cpu)),
        ShootdownEventKind.Complete => Complete(state),
        ShootdownEventKind.TakeClean => TakeClean(state),
        ShootdownEventKind.ReleaseFrame => ReleaseFrame(state),
        ShootdownEventKind.ReleaseTable => ReleaseTable(state),
        ShootdownEventKind.Send or ShootdownEventKind.Deliver or ShootdownEventKind.Acknowledge =>
            InterruptSpec.Step(state, happened),
        _ => CachingSpec.Step(state, happened),
    };

    internal static ShootdownStep To(in ShootdownState state) => new(state, ShootdownRefusal.None);

    internal static ShootdownStep Refuse(in ShootdownState state, ShootdownRefusal why) => new(state, why);

    /// <summary>
    /// A store to any entry on the way to the page. When what was given is not covered by what is given
    /// now, all who may hold it owe a flush (4.10.4.2); when the table page is no longer on the way, so do all
    /// who may hold a partial walk to it. Size and memory type change only when nobody who is waited for
    /// holds the old ones (4.10.2.3, 12.11.9).
    /// </summary>
    [Lifted("shootdown.store")]
    public static ShootdownStep Store(in ShootdownState state, in ShootdownEvent store)
    {
        Mapping given = store.Given, entry = store.Entry;
        if (store.Linked && !MappingSpec.Same(given, entry))
        {
            return Refuse(state, ShootdownRefusal.TwoWays);
        }

        bool unlike = given.Present && !MappingSpec.HaveOneForm(state.Watched, given);
        bool unlikeBelow = given.Present && entry.Present && !MappingSpec.HaveOneForm(entry, given);
        if ((unlike && !(state.Held - state.Skipped).IsEmpty)
            || (unlikeBelow && !(state.Upper - state.Skipped).IsEmpty))
        {
            return Refuse(state, ShootdownRefusal.FormChangedBeforeFlush);
        }

        CpuMask owing = MappingSpec.NeedsFlush(state.Given, given) ? state.Held : default;
        CpuMask cutOff = store.Linked ? default : state.Upper;
        CpuMask pending = state.Pending | owing | cutOff;
        return To(state with
        {
            Given = given,
            Entry = entry,
            Linked = store.Linked,
            Upper = store.Linked ? state.Upper | state.Loaded : state.Upper,
            Pending = pending,
            Asked = state.Asked - (pending - state.Pending),

            // Who maps a frame, or links a table page, has been given it anew.
            FrameFree = state.FrameFree && !MappingSpec.MapsFrameOf(given, state.Watched)
                && !MappingSpec.MapsFrameOf(entry, state.Watched),
            TableFree = state.TableFree && !store.Linked,
        });
    }

    /// <summary>A CPU that makes no user access need not be waited for, if it flushes before the next.</summary>
    [Lifted("shootdown.skip")]
    public static ShootdownStep Skip(in ShootdownState state, CpuMask cpu) =>
        !(state.Active & cpu).IsEmpty
            ? Refuse(state, ShootdownRefusal.SkipsActive)
            : To(state with { Skipped = state.Skipped | (state.Pending & cpu) });

    /// <summary>After this no CPU that makes user accesses holds what the tables do not give.</summary>
    [Lifted("shootdown.complete")]
    public static ShootdownStep Complete(in ShootdownState state) =>
        (state.Pending - state.Skipped).IsEmpty ? To(state) : Refuse(state, ShootdownRefusal.StillPending);

    /// <summary>
    /// A page is clean when D is clear in the tables, and no CPU may write by an entry that has D, which
    /// would leave no mark (4.10.4.3).
    /// </summary>
    [Lifted("shootdown.takeClean")]
    public static ShootdownStep TakeClean(in ShootdownState state) =>
        state.Given.Dirty && MappingSpec.MapsFrameOf(state.Given, state.Watched)
            ? Refuse(state, ShootdownRefusal.StillDirty)
            : Complete(state);

    /// <summary>A frame may be given back when no table maps it and no CPU that is waited for may hold it.</summary>
    [Lifted("shootdown.releaseFrame")]
    public static ShootdownStep ReleaseFrame(in ShootdownState state) =>
        MappingSpec.MapsFrameOf(state.Given, state.Watched) ? Refuse(state, ShootdownRefusal.StillMapped)
        : !(state.Pending - state.Skipped).IsEmpty ? Refuse(state, ShootdownRefusal.StillPending)
        : To(state with { FrameFree = true });

    /// <summary>
    /// A table page may be given back when nothing leads to it and no CPU may walk through it. A lazy CPU
    /// may: it walks unasked (4.10.2.3), so only one whose CR3 leads elsewhere is not waited for.
    /// </summary>
    [Lifted("shootdown.releaseTable")]
    public static ShootdownStep ReleaseTable(in ShootdownState state) =>
        state.Linked ? Refuse(state, ShootdownRefusal.StillLinked)
        : !(state.Pending - (state.Skipped - state.Loaded)).IsEmpty ? Refuse(state, ShootdownRefusal.StillPending)
        : To(state with { TableFree = true });
}

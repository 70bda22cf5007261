using PageProof.Contract;
using PageProof.Contract.Frames;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// Copy-on-write, event by event: who may come to share a frame, who may write to it, and who gets a copy. A page
/// that others may see is never written through a private entry; what is pinned stays where it is; a write by force
/// goes by whose page it is, never by D.
/// Source: fork(2) and mmap(2) on MAP_PRIVATE; Linux, include/linux/page-flags.h on PG_anon_exclusive, and
/// Documentation/core-api/pin_user_pages.rst.
/// </summary>
public static class SharingSpec
{
    /// <summary>What comes of the event.</summary>
    [Lifted("sharing.step")]
    public static SharingStep Step(in SharingState state, in SharingEvent happened) => happened.Kind switch
    {
        SharingEventKind.Take => Take(state, happened.Content),
        SharingEventKind.Bring => state.Kind != FrameKind.Free ? Refuse(state, SharingRefusal.InUse)
            : To(default(SharingState) with { Kind = FrameKind.File, Cached = true, Content = happened.Content }),
        SharingEventKind.LeaveCache => !state.Cached ? Refuse(state, SharingRefusal.NotThere)
            : (state.Shared | state.Private) != 0 ? Refuse(state, SharingRefusal.InUse)
            : To(state with { Cached = false }),
        SharingEventKind.Free => Free(state),
        SharingEventKind.Map or SharingEventKind.Fork or SharingEventKind.MapShared
            or SharingEventKind.Unmap or SharingEventKind.UnmapShared or SharingEventKind.Protect
            or SharingEventKind.Reuse or SharingEventKind.Break => SharingEntrySpec.Step(state, happened),
        SharingEventKind.Pin or SharingEventKind.Unpin or SharingEventKind.Hold or SharingEventKind.Release =>
            Refer(state, happened),
        _ => Write(state, happened),
    };

    internal static SharingStep To(in SharingState state) => new(state, SharingRefusal.None);

    internal static SharingStep Refuse(in SharingState state, SharingRefusal why) => new(state, why);

    /// <summary>A frame that nobody refers to is given out; who copies brings the content of the old page.</summary>
    [Lifted("sharing.take")]
    public static SharingStep Take(in SharingState state, ulong content) => state.Kind != FrameKind.Free
        ? Refuse(state, SharingRefusal.InUse)
        : To(default(SharingState) with { Kind = FrameKind.Anonymous, Exclusive = true, Content = content });

    private static SharingStep Free(in SharingState state) =>
        state.Kind == FrameKind.Free ? Refuse(state, SharingRefusal.NotThere)
        : state.Kind == FrameKind.Zero ? Refuse(state, SharingRefusal.OfZeros)
        : state.IsReferred ? Refuse(state, SharingRefusal.InUse)
        : To(default(SharingState) with { Kind = FrameKind.Free, Content = state.Content });

    /// <summary>
    /// References behind the tables. Only a page of one process alone is pinned, so that no copy can come between
    /// it and who has pinned it; a common one is copied before (pin_user_pages.rst on FOLL_PIN and unsharing).
    /// </summary>
    private static SharingStep Refer(in SharingState state, in SharingEvent happened)
    {
        bool file = state.Kind == FrameKind.File && state.Cached, own = state.Exclusive && state.Private != 0;
        switch (happened.Kind)
        {
            case SharingEventKind.Pin:
                return !file && !own ? Refuse(state, SharingRefusal.OthersSee)
                    : state.Pins == uint.MaxValue ? Refuse(state, SharingRefusal.TooMany)
                    : To(state with { Pins = state.Pins + 1 });
            case SharingEventKind.Unpin:
                return state.Pins == 0 ? Refuse(state, SharingRefusal.NotThere)
                    : To(state with { Pins = state.Pins - 1 });
            case SharingEventKind.Hold:
                return !state.IsReferred || state.Kind == FrameKind.Zero ? Refuse(state, SharingRefusal.NotThere)
                    : state.Lent == uint.MaxValue || state.Held == uint.MaxValue
                        ? Refuse(state, SharingRefusal.TooMany)
                    : To(state.Exclusive ? state with { Lent = state.Lent + 1 } : state with { Held = state.Held + 1 });
            default:
                return (happened.Writable ? state.Lent : state.Held) == 0 ? Refuse(state, SharingRefusal.NotThere)
                    : To(happened.Writable ? state with { Lent = state.Lent - 1 }
                        : state with { Held = state.Held - 1 });
        }
    }

    /// <summary>
    /// Writes. A store through a private entry and a write by force go to a page of one process alone. That D is set
    /// in an entry shows nothing of that: an entry may come with D.
    /// </summary>
    private static SharingStep Write(in SharingState state, in SharingEvent happened)
    {
        bool there = happened.OfWatched ? state.Watched : state.Private != (state.Watched ? 1u : 0);
        var after = state with { Content = happened.Content };
        return happened.Kind switch
        {
            SharingEventKind.Store => !there ? Refuse(state, SharingRefusal.NotThere)
                : state.Writable == 0 ? Refuse(state, SharingRefusal.OthersSee)
                : To(after with { Dirty = true }),
            SharingEventKind.Write => state.Kind != FrameKind.File
                ? Refuse(state, SharingRefusal.NotThere) : To(after),
            SharingEventKind.Force => !there ? Refuse(state, SharingRefusal.NotThere)
                : state.Kind == FrameKind.File ? Refuse(state, SharingRefusal.OfObject)
                : !state.Exclusive ? Refuse(state, SharingRefusal.OthersSee)
                : To(after),
            SharingEventKind.DeviceWrite => state.Pins == 0
                ? Refuse(state, SharingRefusal.NotThere) : To(after),
            _ => Refuse(state, SharingRefusal.NotThere),
        };
    }

    /// <summary>
    /// What holds in every state that events come to. D1: what a store may go through leads to a page of one process
    /// alone. D4: what is pinned is its process's own. D7: the zeros are zero.
    /// </summary>
    [Lifted("sharing.invariant")]
    public static bool Invariant(in SharingState state) =>
        state.Kind is FrameKind.Free or FrameKind.Anonymous or FrameKind.File or FrameKind.Zero
        && (state.Writable == 0 || (state.Writable == 1 && state.Exclusive && state.Private == 1))
        && (!state.Exclusive || (state.Kind == FrameKind.Anonymous && state.Private <= 1 && state.Held == 0))
        && (state.Kind != FrameKind.Anonymous
            || (state.Shared == 0 && !state.Cached && (state.Pins == 0 || state.Exclusive)))
        && (state.Kind == FrameKind.File || (state.Shared == 0 && !state.Cached))
        && (state.Kind != FrameKind.File || state.Cached || (state.Shared | state.Private) == 0)
        && (state.Kind != FrameKind.Zero
            || (state.Content == 0 && !state.Dirty && (state.Pins | state.Lent | state.Held) == 0))
        && (state.Kind != FrameKind.Free || !state.IsReferred)
        && (!state.Watched || state.Private != 0);
}

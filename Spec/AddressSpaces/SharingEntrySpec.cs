using PageProof.Contract;
using PageProof.Contract.Frames;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// What happens to the entries that lead to a frame.
/// Source: as <see cref="SharingSpec"/>; Linux, mm/memory.c, on when a page may be used again in place.
/// </summary>
public static class SharingEntrySpec
{
    /// <summary>What comes of an event of entries.</summary>
    [Lifted("sharing.entry")]
    public static SharingStep Step(in SharingState state, in SharingEvent happened)
    {
        // Only an entry that is there can lose something, and the one that is watched only by its own events.
        uint others = state.Private - (state.Watched ? 1u : 0);
        bool there = happened.OfWatched ? state.Watched : others != 0;
        return happened.Kind switch
        {
            SharingEventKind.MapShared => MapShared(state),
            SharingEventKind.UnmapShared => state.Shared == 0
                ? Refuse(state, SharingRefusal.NotThere) : To(state with { Shared = state.Shared - 1 }),
            SharingEventKind.Map => Map(state, happened),
            SharingEventKind.Fork => Fork(state, happened),
            SharingEventKind.Protect => !there || state.Writable == 0
                ? Refuse(state, SharingRefusal.NotThere) : To(state with { Writable = state.Writable - 1 }),
            SharingEventKind.Reuse => there ? Reuse(state, happened) : Refuse(state, SharingRefusal.NotThere),
            SharingEventKind.Break => !there ? Refuse(state, SharingRefusal.NotThere)
                : state.Exclusive ? Refuse(state, SharingRefusal.AlreadyOwn)
                : To(Without(state, happened)),
            _ => !there || (happened.Writable ? state.Writable == 0 : state.Writable == state.Private)
                ? Refuse(state, SharingRefusal.NotThere)
                : To(Without(happened.Writable ? state with { Writable = state.Writable - 1 } : state, happened)),
        };
    }

    private static SharingStep To(in SharingState state) => SharingSpec.To(state);

    private static SharingStep Refuse(in SharingState state, SharingRefusal why) => SharingSpec.Refuse(state, why);

    private static SharingState Without(in SharingState state, in SharingEvent happened) => state with
    {
        Private = state.Private - 1,
        Watched = state.Watched && !happened.OfWatched,
        Dirty = state.Dirty && state.Private != 1,
    };

    private static SharingStep MapShared(in SharingState state) =>
        state.Kind != FrameKind.File || !state.Cached ? Refuse(state, SharingRefusal.NotThere)
        : state.Shared == uint.MaxValue ? Refuse(state, SharingRefusal.TooMany)
        : To(state with { Shared = state.Shared + 1 });

    /// <summary>
    /// A private area comes to lead to a new page of its own, which it may write; to a page of an object, or to the
    /// zeros, which it may not.
    /// </summary>
    private static SharingStep Map(in SharingState state, in SharingEvent happened)
    {
        bool zeros = state.Kind == FrameKind.Zero, own = state.Kind == FrameKind.Anonymous;
        var refusal = state.Kind == FrameKind.Free || (happened.OfWatched && state.Watched)
                || (state.Kind == FrameKind.File && !state.Cached) ? SharingRefusal.NotThere
            : zeros && (happened.Writable || happened.Dirty) ? SharingRefusal.OfZeros
            : own && (!state.Exclusive || state.Private != 0) ? SharingRefusal.OthersSee
            : !own && happened.Writable ? SharingRefusal.OfObject
            : state.Private == uint.MaxValue ? SharingRefusal.TooMany
            : SharingRefusal.None;
        return new(
            state with
            {
                Private = state.Private + 1,
                Writable = happened.Writable ? 1u : state.Writable,
                Watched = state.Watched || happened.OfWatched,
                Dirty = state.Dirty || happened.Dirty,
            },
            refusal);
    }

    /// <summary>
    /// A child comes to lead to the same page. Before that, no store may go through the entry of the parent; and what
    /// is pinned is copied instead.
    /// </summary>
    [Lifted("sharing.fork")]
    public static SharingStep Fork(in SharingState state, in SharingEvent happened)
    {
        var refusal = state.Private == 0 || (happened.OfWatched && state.Watched) ? SharingRefusal.NotThere
            : state.Writable != 0 ? SharingRefusal.OthersSee
            : state.Exclusive && state.Pins != 0 ? SharingRefusal.Pinned
            : state.Private == uint.MaxValue ? SharingRefusal.TooMany
            : SharingRefusal.None;
        return new(
            state with
            {
                Private = state.Private + 1,
                Exclusive = false,
                Watched = state.Watched || happened.OfWatched,
            },
            refusal);
    }

    /// <summary>
    /// A page is used as it is by a store when it is the process's own already, or when no other entry, no pin and no
    /// other reference leads to it. What was lent while it was one's own is seen by whoever has it.
    /// </summary>
    [Lifted("sharing.reuse")]
    public static SharingStep Reuse(in SharingState state, in SharingEvent happened) =>
        state.Kind == FrameKind.Zero ? Refuse(state, SharingRefusal.OfZeros)
        : state.Kind == FrameKind.File ? Refuse(state, SharingRefusal.OfObject)
        : state.Exclusive || state.IsSole
            ? To(state with
            {
                Exclusive = true,
                Writable = happened.Writable ? 1u : state.Writable,
                Dirty = state.Dirty || happened.Dirty,
            })
        : Refuse(state, SharingRefusal.OthersSee);
}

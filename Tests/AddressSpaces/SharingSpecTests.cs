using PageProof.Contract.Frames;
using PageProof.Spec.AddressSpaces;
using static PageProof.Spec.AddressSpaces.SharingEventKind;

namespace PageProof.Tests.AddressSpaces;

/// <summary>
/// Copy-on-write sentence by sentence: what each event makes of a frame, and what must not happen to it. A kernel that
/// is right never does the latter, so that only these rows read those sentences.
/// </summary>
[InLane("addressspaces", SpecAlone = true)]
public sealed class SharingSpecTests
{
    private const uint Full = uint.MaxValue;

    private static readonly SharingState Free = default(SharingState) with { Kind = FrameKind.Free };

    private static readonly SharingState Own = default(SharingState) with
    {
        Kind = FrameKind.Anonymous,
        Private = 1,
        Writable = 1,
        Exclusive = true,
        Dirty = true,
        Content = 5,
    };

    private static readonly SharingState New = Own with { Private = 0, Writable = 0, Dirty = false };

    private static readonly SharingState Common = Own with
    {
        Private = 2,
        Writable = 0,
        Exclusive = false,
        Dirty = false,
    };

    private static readonly SharingState OfFile = default(SharingState) with
    {
        Kind = FrameKind.File,
        Cached = true,
        Shared = 1,
        Private = 1,
    };

    private static readonly SharingState Zeros = default(SharingState) with { Kind = FrameKind.Zero, Private = 3 };

    private static readonly SharingState Watched = Common with { Watched = true };

    [Fact]
    public void What_must_not_happen_is_refused_for_its_reason()
    {
        (SharingState State, SharingEvent Happened, SharingRefusal Why)[] rows =
        [
            (Own, Of(Take), SharingRefusal.InUse), (OfFile, Of(Bring), SharingRefusal.InUse),
            (Own, Of(LeaveCache), SharingRefusal.NotThere), (OfFile, Of(LeaveCache), SharingRefusal.InUse),
            (OfFile with { Private = 0 }, Of(LeaveCache), SharingRefusal.InUse),
            (OfFile with { Shared = 0 }, Of(LeaveCache), SharingRefusal.InUse),
            (Free, Of(SharingEventKind.Free), SharingRefusal.NotThere),
            (Zeros, Of(SharingEventKind.Free), SharingRefusal.OfZeros),
            (Own, Of(SharingEventKind.Free), SharingRefusal.InUse),
            (Common, Of(Pin), SharingRefusal.OthersSee), (New, Of(Pin), SharingRefusal.OthersSee),
            (OfFile with { Cached = false }, Of(Pin), SharingRefusal.OthersSee),
            (Own with { Pins = Full }, Of(Pin), SharingRefusal.TooMany), (Own, Of(Unpin), SharingRefusal.NotThere),
            (Free, Of(Hold), SharingRefusal.NotThere), (Zeros, Of(Hold), SharingRefusal.NotThere),
            (Own with { Lent = Full }, Of(Hold), SharingRefusal.TooMany),
            (Common with { Held = Full }, Of(Hold), SharingRefusal.TooMany),
            (Own with { Held = 1 }, Of(Release, writable: true), SharingRefusal.NotThere),
            (Own with { Lent = 1 }, Of(Release), SharingRefusal.NotThere),
            (New, Of(Store), SharingRefusal.NotThere), (Common, Of(Store), SharingRefusal.OthersSee),
            (Own, Of(Store, watched: true), SharingRefusal.NotThere),
            (Own with { Watched = true }, Of(Store), SharingRefusal.NotThere),
            (Own, Of(Write), SharingRefusal.NotThere),
            (New, Of(Force), SharingRefusal.NotThere), (OfFile, Of(Force), SharingRefusal.OfObject),
            (Common, Of(Force), SharingRefusal.OthersSee), (Own, Of(DeviceWrite), SharingRefusal.NotThere),
            (Own with { Pins = 1 }, Of((SharingEventKind)99), SharingRefusal.NotThere),
        ];
        Refused(rows);
    }

    [Fact]
    public void Entries_that_must_not_come_or_go_are_refused_for_their_reason()
    {
        (SharingState State, SharingEvent Happened, SharingRefusal Why)[] rows =
        [
            (Own, Of(MapShared), SharingRefusal.NotThere),
            (OfFile with { Cached = false }, Of(MapShared), SharingRefusal.NotThere),
            (OfFile with { Shared = Full }, Of(MapShared), SharingRefusal.TooMany),
            (OfFile with { Shared = 0 }, Of(UnmapShared), SharingRefusal.NotThere),
            (Free, Of(Map), SharingRefusal.NotThere),
            (Zeros with { Watched = true }, Of(Map, watched: true), SharingRefusal.NotThere),
            (OfFile with { Cached = false }, Of(Map), SharingRefusal.NotThere),
            (Zeros, Of(Map, writable: true), SharingRefusal.OfZeros),
            (Zeros, Of(Map) with { Dirty = true }, SharingRefusal.OfZeros),
            (Own, Of(Map), SharingRefusal.OthersSee), (Common with { Private = 0 }, Of(Map), SharingRefusal.OthersSee),
            (OfFile, Of(Map, writable: true), SharingRefusal.OfObject),
            (OfFile with { Private = Full }, Of(Map), SharingRefusal.TooMany),
            (New, Of(Fork), SharingRefusal.NotThere), (Watched, Of(Fork, watched: true), SharingRefusal.NotThere),
            (Own, Of(Fork), SharingRefusal.OthersSee),
            (Own with { Writable = 0, Pins = 1 }, Of(Fork), SharingRefusal.Pinned),
            (Common with { Private = Full }, Of(Fork), SharingRefusal.TooMany),
            (Common, Of(Protect), SharingRefusal.NotThere), (Own, Of(Protect, watched: true), SharingRefusal.NotThere),
            (New, Of(Reuse), SharingRefusal.NotThere), (Zeros, Of(Reuse), SharingRefusal.OfZeros),
            (OfFile, Of(Reuse), SharingRefusal.OfObject), (Common, Of(Reuse), SharingRefusal.OthersSee),
            (Common with { Private = 1, Pins = 1 }, Of(Reuse), SharingRefusal.OthersSee),
            (Common with { Private = 1, Lent = 1 }, Of(Reuse), SharingRefusal.OthersSee),
            (Common with { Private = 1, Held = 1 }, Of(Reuse), SharingRefusal.OthersSee),
            (Common with { Private = 1, Cached = true }, Of(Reuse), SharingRefusal.OthersSee),
            (New, Of(Break), SharingRefusal.NotThere), (Own, Of(Break), SharingRefusal.AlreadyOwn),
            (Common, Of(Unmap, watched: true), SharingRefusal.NotThere),
            (Common, Of(Unmap, writable: true), SharingRefusal.NotThere), (Own, Of(Unmap), SharingRefusal.NotThere),
            (Watched with { Private = 1 }, Of(Unmap), SharingRefusal.NotThere),
        ];
        Refused(rows);
    }

    [Fact]
    public void What_may_happen_does()
    {
        var held = OfFile with { Shared = 0, Private = 0 };
        (SharingState State, SharingEvent Happened, SharingState After)[] rows =
        [
            (Free with { Held = 9 }, Of(Take, content: 5), New),
            (Free, Of(Bring, content: 6), held with { Content = 6 }),
            (held, Of(LeaveCache), held with { Cached = false }),
            (held with { Cached = false, Content = 6 }, Of(SharingEventKind.Free), Free with { Content = 6 }),
            (Own, Of(Pin), Own with { Pins = 1 }), (OfFile, Of(Pin), OfFile with { Pins = 1 }),
            (Own with { Pins = 2 }, Of(Unpin), Own with { Pins = 1 }),
            (Own, Of(Hold), Own with { Lent = 1 }), (Common, Of(Hold), Common with { Held = 1 }),
            (Own with { Lent = 2 }, Of(Release, writable: true), Own with { Lent = 1 }),
            (Common with { Held = 2 }, Of(Release), Common with { Held = 1 }),
            (Own with { Dirty = false }, Of(Store, content: 7), Own with { Content = 7 }),
            (Own with { Watched = true }, Of(Store, watched: true), Own with { Watched = true, Content = 0 }),
            (OfFile, Of(Write, content: 7), OfFile with { Content = 7 }),
            (Own, Of(Force, content: 7), Own with { Content = 7 }),
            (Own with { Pins = 1 }, Of(DeviceWrite, content: 7), Own with { Pins = 1, Content = 7 }),
            (OfFile, Of(MapShared), OfFile with { Shared = 2 }), (OfFile, Of(UnmapShared), OfFile with { Shared = 0 }),
            (New, Of(Map, writable: true) with { Dirty = true }, Own),
            (New, Of(Map, watched: true), New with { Private = 1, Watched = true }),
            (Zeros, Of(Map), Zeros with { Private = 4 }), (OfFile, Of(Map), OfFile with { Private = 2 }),
            (OfFile, Of(Map) with { Dirty = true }, OfFile with { Private = 2, Dirty = true }),
            (Common, Of(Fork), Common with { Private = 3 }),
            (Common, Of(Fork, watched: true), Watched with { Private = 3 }),
            (Own with { Writable = 0 }, Of(Fork), Common with { Dirty = true }),
            (Watched with { Pins = 1 }, Of(Fork), Watched with { Pins = 1, Private = 3 }),
            (Own, Of(Protect), Own with { Writable = 0 }),
            (Own with { Writable = 0 }, Of(Reuse, writable: true), Own),
            (Common with { Private = 1 }, Of(Reuse, writable: true) with { Dirty = true }, Own),
            (Common with { Private = 1 }, Of(Reuse), Own with { Writable = 0, Dirty = false }),
            (Common with { Dirty = true }, Of(Break), Common with { Private = 1, Dirty = true }),
            (Watched, Of(Break, watched: true), Common with { Private = 1 }),
            (Watched, Of(Unmap), Watched with { Private = 1 }),
            (Common with { Private = 1, Dirty = true }, Of(Unmap), Common with { Private = 0 }),
            (Own, Of(Unmap, writable: true), New),
        ];
        Assert.All(rows, row =>
            Assert.Equal(new(row.After, SharingRefusal.None), SharingSpec.Step(row.State, row.Happened)));
    }

    [Fact]
    public void The_invariant_holds_of_these_and_of_none_that_breaks_one_of_its_sentences()
    {
        SharingState[] right =
        [
            Free, Own, New, Common, OfFile, Zeros, Watched, Own with { Pins = 1, Lent = 1 }, Common with { Held = 1 },
            OfFile with { Pins = 1 }, OfFile with { Cached = false, Shared = 0, Private = 0 },
            New with { Watched = false },
        ];
        SharingState[] wrong =
        [
            Own with { Kind = FrameKind.Table }, Own with { Writable = 2 }, Own with { Exclusive = false },
            Common with { Writable = 1 }, OfFile with { Exclusive = true }, Own with { Private = 2, Writable = 0 },
            Own with { Held = 1 }, Own with { Shared = 1 }, Own with { Cached = true }, Common with { Pins = 1 },
            Zeros with { Shared = 1 }, Zeros with { Cached = true }, OfFile with { Cached = false, Shared = 0 },
            OfFile with { Cached = false, Private = 0 }, Zeros with { Content = 1 }, Zeros with { Dirty = true },
            Zeros with { Pins = 1 }, Zeros with { Lent = 1 }, Zeros with { Held = 1 }, Free with { Private = 1 },
            Free with { Held = 1 }, New with { Watched = true },
        ];
        Assert.All(right, state => Assert.True(SharingSpec.Invariant(state)));
        Assert.All(wrong, state => Assert.False(SharingSpec.Invariant(state)));
    }

    private static void Refused((SharingState State, SharingEvent Happened, SharingRefusal Why)[] rows) =>
        Assert.All(rows, row => Assert.Equal(row.Why, SharingSpec.Step(row.State, row.Happened).Refusal));

    private static SharingEvent Of(
        SharingEventKind kind, bool watched = false, bool writable = false, ulong content = 0) =>
        new(kind, watched, writable, false, content);
}

using System.Collections.Immutable;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>A page under WSClock.</summary>
/// <param name="LastUse">When it was last found used, in references.</param>
/// <param name="Marks">Its bits.</param>
public readonly record struct WsClockPage(long LastUse, MarkedPage Marks);

/// <summary>Memory under WSClock.</summary>
/// <param name="Frames">How many pages it holds.</param>
/// <param name="Window">How many references a page stays in the working set.</param>
/// <param name="Now">How many references were made.</param>
/// <param name="Circle">The page in each frame.</param>
/// <param name="Hand">The frame that is looked at next.</param>
/// <param name="Pages">The pages in memory.</param>
public sealed record WsClockState(
    int Frames,
    int Window,
    long Now,
    ImmutableList<PageNumber> Circle,
    int Hand,
    ImmutableDictionary<PageNumber, WsClockPage> Pages)
    : PolicyState(Frames)
{
    /// <inheritdoc/>
    public override IEnumerable<ResidentPage> Resident => Pages.Select(each => new ResidentPage(
        each.Key, each.Value.Marks.IsDirty, each.Value.Marks.IsReferenced, PageStanding.None));
}

/// <summary>
/// WSClock: a hand goes around the frames. A page that was used since it last passed loses its reference bit,
/// and the time is noted. A page that was not used for longer than the window has left the working set: if it is
/// clean it goes, if it is dirty its write is scheduled and it is passed.
/// Decided: a scheduled write is done when the hand comes back, and there is no limit to their number. When the hand
/// has been all around and no write was scheduled, all pages are in the working set: the first clean one behind the
/// hand goes, or the one at the hand when all are dirty (the paper would swap a process out instead). Time is the
/// number of references.
/// Source: Carr and Hennessy, "WSClock: a simple and effective algorithm for virtual memory management", SOSP 1981,
/// section 3; Tanenbaum and Bos, Modern Operating Systems, 4th ed., 3.4.9.
/// </summary>
public static class WsClockSpec
{
    /// <summary>An empty memory.</summary>
    public static WsClockState Begin(ReplacementSettings settings) => new(
        settings.Frames, settings.Window, 0, [], Hand: 0, ImmutableDictionary<PageNumber, WsClockPage>.Empty);

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(WsClockState before, Reference reference)
    {
        var (state, now) = (before with { Now = before.Now + 1 }, before.Now);
        bool writes = PolicySpec.Writes(reference);
        if (state.Pages.TryGetValue(reference.Page, out var page))
        {
            var used = page with { Marks = page.Marks.Used(writes) };
            var same = used == page ? state : state with { Pages = state.Pages.SetItem(reference.Page, used) };
            return new(same, ReferenceAnswer.Hit);
        }

        WsClockPage loaded = new(now, new(IsReferenced: true, writes));
        if (state.Pages.Count < state.Frames)
        {
            return new(
                state with
                {
                    Circle = state.Circle.Add(reference.Page),
                    Pages = state.Pages.Add(reference.Page, loaded),
                },
                ReferenceAnswer.Filled);
        }

        var (stopped, cleaned) = Sweep(state, now);
        var victim = stopped.Circle[stopped.Hand];
        return new(
            stopped with
            {
                Circle = stopped.Circle.SetItem(stopped.Hand, reference.Page),
                Hand = (stopped.Hand + 1) % stopped.Frames,
                Pages = stopped.Pages.Remove(victim).Add(reference.Page, loaded),
            },
            new(ReferenceOutcome.Replaced, victim, stopped.Pages[victim].Marks.IsDirty, cleaned));
    }

    // Where the hand stops, and how many writes were scheduled on the way.
    private static (WsClockState Stopped, int Cleaned) Sweep(WsClockState state, long now)
    {
        int cleaned = 0;
        for (int turn = 0; turn < state.Frames; turn++)
        {
            var passed = state.Circle[state.Hand];
            var (page, marks) = (state.Pages[passed], state.Pages[passed].Marks);
            bool isOld = !marks.IsReferenced && now - page.LastUse > state.Window;
            if (isOld && !marks.IsDirty)
            {
                return (state, cleaned);
            }

            cleaned += isOld ? 1 : 0;
            var left = marks.IsReferenced ? new(now, marks with { IsReferenced = false })
                : isOld ? page with { Marks = marks with { IsDirty = false } } : page;
            var pages = state.Pages.SetItem(passed, left);
            state = state with { Hand = (state.Hand + 1) % state.Frames, Pages = pages };
        }

        // Once around: what was scheduled is clean by now; what is young is only taken when nothing else is left.
        int first = FromHand(state).FirstOrDefault(frame => state.Pages[state.Circle[frame]] is { Marks.IsDirty: false }
            page && (cleaned == 0 || now - page.LastUse > state.Window), state.Hand);
        return (state with { Hand = first }, cleaned);
    }

    private static IEnumerable<int> FromHand(WsClockState state) =>
        Enumerable.Range(0, state.Frames).Select(step => (state.Hand + step) % state.Frames);
}

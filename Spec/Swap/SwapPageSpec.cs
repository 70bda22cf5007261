using PageProof.Contract.Swap;
using static PageProof.Spec.Swap.ProcessPageState;

namespace PageProof.Spec.Swap;

/// <summary>
/// What a process sees of its pages: what it stored last, wherever the page has been meanwhile. A page that comes back
/// by a load leaves its slot as it is, and goes again without being written; a store ends that. A read error is told
/// to who asks for the page, and changes nothing; after a write error the page is where it was.
/// Source: Linux, mm/memory.c on do_swap_page, mm/page_io.c (6.12) on read and write errors; sigaction(2) on SIGBUS.
/// </summary>
public static class SwapPageSpec
{
    private static readonly SwapAnswer Done = new() { Outcome = SwapOutcome.Done };

    /// <summary>A half of a page is filled.</summary>
    public static SwapStep Store(SwapState state, SwapCommand command)
    {
        var (page, value) = (command.Page, command.Value);
        if (state[page] is None)
        {
            return state.FramesFree == 0
                ? Ends(state, SwapOutcome.OutOfMemory)
                : new(state.With(page, Filled(PageContent.Zeros)), Done);
        }

        var step = Brought(state, page);
        if (step.Answer.Outcome != SwapOutcome.Done)
        {
            return step with { Answer = new() { Outcome = step.Answer.Outcome } };
        }

        var inFrame = (InFrame)step.State[page];
        var after = step.State.With(page, Filled(inFrame.Content));
        return new(inFrame.Place is { } place ? after.With(place, SlotEvent.Part) : after, Done);

        InFrame Filled(PageContent content) => new(
            command.Half == 0 ? content with { First = value } : content with { Second = value }, true, null, true);
    }

    /// <summary>A page is looked at.</summary>
    public static SwapStep Load(SwapState state, SwapCommand command) => state[command.Page] is None
        ? new(state, Done with { Content = PageContent.Zeros }) : Brought(state, command.Page);

    /// <summary>A page goes to a slot of the areas of the highest priority that have one.</summary>
    public static SwapStep Out(SwapState state, SwapCommand command, SwapPlace chosen)
    {
        var page = command.Page;
        if (state[page] is not InFrame inFrame)
        {
            return Ends(state, SwapOutcome.Refused);
        }

        if (inFrame.Place is { } kept)
        {
            var back = state.With(kept, SlotEvent.Unload);
            return new(
                back.With(page, new InSwap(kept, inFrame.IsMarked, inFrame.IsExclusive)), Done with { Place = kept });
        }

        var withRoom = state.Areas.Where(area => area.Free > 0).ToList();
        if (withRoom.Count == 0)
        {
            return Ends(state, SwapOutcome.Full);
        }

        short highest = withRoom.Max(area => area.Priority);
        if (!withRoom.Any(area => area.Number == chosen.Area && area.Priority == highest
            && chosen.Slot.Value < (ulong)area.Slots.Length
            && area.Slots[(int)chosen.Slot.Value] is { IsFree: true }))
        {
            return new(state, default, $"{chosen} is not free, or others with room have a higher priority");
        }

        var taken = state.With(chosen, SlotEvent.Take, Packed(inFrame.Content));
        (var after, bool fails) = taken.Write();
        return fails
            ? new(after.With(chosen, SlotEvent.Drop), new() { Outcome = SwapOutcome.WriteError, Place = chosen })
            : new(after.With(page, new InSwap(chosen, inFrame.IsMarked, true)), Done with { Place = chosen });
    }

    /// <summary>A page is no more.</summary>
    public static SwapStep Drop(SwapState state, SwapCommand command) => state[command.Page] switch
    {
        None => Ends(state, SwapOutcome.Refused),
        InSwap swapped => new(state.With(command.Page, new None()).With(swapped.Place, SlotEvent.Drop), Done),
        InFrame { Place: { } place } => new(state.With(command.Page, new None()).With(place, SlotEvent.Part), Done),
        _ => new(state.With(command.Page, new None()), Done),
    };

    /// <summary>
    /// What is in frames is copied at once; of what is in slots both refer to the slot, which neither has alone then.
    /// </summary>
    public static SwapStep Fork(SwapState state, SwapCommand command)
    {
        var pages = state.PagesOf(command.Page.Process).ToList();
        var places = pages.Select(each => each.State).OfType<InSwap>().Select(swapped => swapped.Place);
        if (state.PagesOf(command.Child).Any(each => each.State is not None))
        {
            return Ends(state, SwapOutcome.Refused);
        }

        bool isFull = places.CountBy(place => place)
            .Any(each => state.SlotAt(each.Key).References + each.Value > state.Start.ReferencesMost);
        if (isFull || pages.Count(each => each.State is InFrame) > state.FramesFree)
        {
            return Ends(state, SwapOutcome.OutOfMemory);
        }

        return new(pages.Aggregate(state, (each, page) => Forked(each, page.Page, command.Child)), Done);
    }

    /// <summary>No page of a process counts as stored to.</summary>
    public static SwapStep ClearMarks(SwapState state, SwapCommand command) => new(
        state.PagesOf(command.Page.Process).Aggregate(state, (each, page) => each.With(page.Page, page.State switch
        {
            InFrame inFrame => inFrame with { IsMarked = false },
            InSwap swapped => swapped with { IsMarked = false },
            var other => other,
        })),
        Done);

    /// <summary>A page in a frame, brought there from its slot if need be, and what it holds.</summary>
    public static SwapStep Brought(SwapState state, ProcessPage page)
    {
        if (state[page] is not InSwap swapped)
        {
            return state[page] is InFrame inFrame
                ? new(state, Done with { Content = inFrame.Content }) : Ends(state, SwapOutcome.Lost);
        }

        if (state.FramesFree == 0)
        {
            return Ends(state, SwapOutcome.OutOfMemory);
        }

        var (after, fails) = state.Read();
        return fails ? Ends(after, SwapOutcome.ReadError) : Installed(after, page, swapped);
    }

    /// <summary>A page in a frame that holds what its slot does.</summary>
    public static SwapStep Installed(SwapState state, ProcessPage page, InSwap swapped)
    {
        var content = Unpacked(state.SlotAt(swapped.Place).Content);
        InFrame inFrame = new(content, swapped.IsMarked, swapped.Place, swapped.IsExclusive);
        return new(state.With(page, inFrame).With(swapped.Place, SlotEvent.Load), Done with { Content = content });
    }

    /// <summary>A content as one number, as <see cref="SlotState"/> has it.</summary>
    public static ulong Packed(PageContent content) => ((ulong)content.First << 32) | content.Second;

    /// <summary>The content again.</summary>
    public static PageContent Unpacked(ulong content) => new((uint)(content >> 32), (uint)content, true);

    private static SwapState Forked(SwapState state, ProcessPage page, byte child)
    {
        ProcessPage copy = page with { Process = child };
        return state[page] switch
        {
            InFrame inFrame => state.With(copy, inFrame with { Place = null, IsExclusive = true }),
            InSwap swapped when swapped with { IsExclusive = false } is var shared =>
                state.With(page, shared).With(copy, shared).With(swapped.Place, SlotEvent.Duplicate),
            var other => state.With(copy, other),
        };
    }

    private static SwapStep Ends(SwapState state, SwapOutcome outcome) => new(state, new() { Outcome = outcome });
}

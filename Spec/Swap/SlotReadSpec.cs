using PageProof.Contract;

namespace PageProof.Spec.Swap;

/// <summary>Any one slot, any one page, and one reader who brings that page back without a lock.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Named">Whether the entry of the page names the slot.</param>
/// <param name="Reading">Whether the reader has noted the slot for the page.</param>
/// <param name="Generation">The generation that it has noted.</param>
/// <param name="HasRead">Whether it has read the slot since.</param>
/// <param name="Content">What it has read.</param>
public readonly record struct SlotReadState(
    SlotState Slot, bool Named, bool Reading, uint Generation, bool HasRead, ulong Content);

/// <summary>What can happen to them.</summary>
public enum SlotReadEvent : byte
{
    /// <summary>Something happens to the slot by other pages.</summary>
    Other,
    /// <summary>The page goes out to the slot.</summary>
    Out,
    /// <summary>The entry of the page names the slot by a fork, or because its frame goes.</summary>
    Name,
    /// <summary>The entry of the page names it no more.</summary>
    Leave,
    /// <summary>The reader finds the slot in the entry, and notes its generation.</summary>
    Begin,
    /// <summary>It reads the slot, whatever that holds by now.</summary>
    Read,
    /// <summary>The reader gives up.</summary>
    Forget,
    /// <summary>The page gets what the reader has read.</summary>
    End,
}

/// <summary>The state after an event, and whether it may happen.</summary>
public readonly record struct SlotReadStep(SlotReadState After, bool Permitted);

/// <summary>
/// Bringing a page back in steps. What was read is the page's when, under its lock, the entry names the slot
/// that was read, and the slot is of the generation that was noted. That the entry is the same is not enough: the
/// slot may have become free, and have been taken for another content of the same page.
/// Source: Linux, mm/memory.c on do_swap_page, and commit 31c4a3d3a0f8, the schedule in which comparing entries
/// alone goes wrong.
/// </summary>
public static class SlotReadSpec
{
    /// <summary>The state after the event, when it may happen.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="happened">The event.</param>
    /// <param name="slot">What happens to the slot by it.</param>
    /// <param name="content">Take: what is written.</param>
    /// <param name="most">How many may refer to a slot.</param>
    [Lifted("swap.read.step")]
    public static SlotReadStep Step(
        in SlotReadState before, SlotReadEvent happened, SlotEvent slot, ulong content, uint most)
    {
        var step = SlotSpec.Step(before.Slot, slot, content, most);
        var moved = before with { Slot = step.After };
        bool isLast = before.Named && before.Slot.Entries == 1;
        return happened switch
        {
            // The entry of the page is not one of the others.
            SlotReadEvent.Other => new(
                moved, step.Permitted && !(isLast && slot is SlotEvent.Drop or SlotEvent.Load)),
            SlotReadEvent.Out => new(
                moved with { Named = true }, step.Permitted && !before.Named && slot == SlotEvent.Take),
            SlotReadEvent.Name => new(
                moved with { Named = true },
                step.Permitted && !before.Named && slot is SlotEvent.Duplicate or SlotEvent.Unload),
            SlotReadEvent.Leave => new(
                moved with { Named = false },
                step.Permitted && before.Named && slot is SlotEvent.Drop or SlotEvent.Load),
            SlotReadEvent.Begin => new(
                before with { Reading = true, Generation = before.Slot.Generation, HasRead = false },
                before.Named),
            SlotReadEvent.Read => new(before with { HasRead = true, Content = before.Slot.Content }, before.Reading),
            SlotReadEvent.Forget => new(before with { Reading = false }, before.Reading),
            SlotReadEvent.End => new(
                moved with { Named = false, Reading = false },
                step.Permitted && slot == SlotEvent.Load && MayEnd(before)),
            _ => new(before, false),
        };
    }

    /// <summary>Whether the page may get what the reader has read.</summary>
    [Lifted("swap.read.mayEnd")]
    public static bool MayEnd(in SlotReadState state) =>
        state.Reading && state.HasRead && state.Named && state.Generation == state.Slot.Generation;

    /// <summary>What holds always: while the generation is the same, what was read is what the slot holds.</summary>
    [Lifted("swap.read.invariant")]
    public static bool Invariant(in SlotReadState state, uint most) =>
        SlotSpec.Invariant(state.Slot, most)
        && (!state.Named || state.Slot.Entries != 0)
        && (!state.Reading || state.Generation <= state.Slot.Generation)
        && (!state.Reading || state.Generation != state.Slot.Generation
            || (!state.Slot.IsFree && (!state.HasRead || state.Content == state.Slot.Content)));
}

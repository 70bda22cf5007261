using PageProof.Contract;

namespace PageProof.Spec.Swap;

/// <summary>Any one slot.</summary>
/// <param name="IsFree">Whether it can be taken.</param>
/// <param name="Entries">How many entries of page tables name it.</param>
/// <param name="Copies">How many frames hold what it holds, and name it: the swap cache.</param>
/// <param name="Generation">How often it has become free.</param>
/// <param name="Content">What it holds.</param>
public readonly record struct SlotState(bool IsFree, uint Entries, uint Copies, uint Generation, ulong Content)
{
    /// <summary>A slot that was never taken.</summary>
    public static SlotState Unused { get; } = new(true, 0, 0, 0, 0);

    /// <summary>How many refer to it.</summary>
    public uint References => Entries + Copies;
}

/// <summary>What can happen to a slot.</summary>
public enum SlotEvent : byte
{
    /// <summary>A page is written to it, and its entry names it.</summary>
    Take,
    /// <summary>A fork makes the twin of an entry that names it.</summary>
    Duplicate,
    /// <summary>An entry names it no more.</summary>
    Drop,
    /// <summary>An entry leads to a frame again, which holds the same and names it.</summary>
    Load,
    /// <summary>The frame goes, and the entry names the slot again.</summary>
    Unload,
    /// <summary>A frame does not hold the same any more.</summary>
    Part,
}

/// <summary>The slot after an event, and whether it may happen.</summary>
public readonly record struct SlotStep(SlotState After, bool Permitted);

/// <summary>
/// How one slot is taken and becomes free: it is free exactly when no entry and no frame names it, and each time it
/// becomes free begins a generation that was not there before. A slot is written once in a generation.
/// Source: Linux, Documentation/mm/swap-table.rst and the comments of mm/swapfile.c (6.12) on swap_map: a slot is
/// in use while its count, or its place in the swap cache, is not zero.
/// </summary>
public static class SlotSpec
{
    /// <summary>The slot after the event, when it may happen.</summary>
    /// <param name="before">The slot before.</param>
    /// <param name="happened">The event.</param>
    /// <param name="content">Take: what is written.</param>
    /// <param name="most">How many may refer to it.</param>
    [Lifted("swap.slot.step")]
    public static SlotStep Step(in SlotState before, SlotEvent happened, ulong content, uint most) => happened switch
    {
        SlotEvent.Take => new(
            new(false, 1, 0, before.Generation, content),
            before.IsFree && most != 0 && before.Generation != uint.MaxValue),
        SlotEvent.Duplicate => new(
            before with { Entries = before.Entries + 1 }, before.Entries != 0 && before.References < most),
        SlotEvent.Drop => new(Freed(before with { Entries = before.Entries - 1 }), before.Entries != 0),
        SlotEvent.Load => new(
            before with { Entries = before.Entries - 1, Copies = before.Copies + 1 }, before.Entries != 0),
        SlotEvent.Unload => new(
            before with { Entries = before.Entries + 1, Copies = before.Copies - 1 }, before.Copies != 0),
        SlotEvent.Part => new(Freed(before with { Copies = before.Copies - 1 }), before.Copies != 0),
        _ => new(before, false),
    };

    /// <summary>F8: it is free exactly when nothing names it; and no more name it than may.</summary>
    [Lifted("swap.slot.invariant")]
    public static bool Invariant(in SlotState slot, uint most) =>
        slot.Entries <= most && slot.Copies <= most - slot.Entries
        && slot.IsFree == (slot.Entries == 0 && slot.Copies == 0)
        && (slot.IsFree || slot.Generation != uint.MaxValue);

    private static SlotState Freed(in SlotState slot) => slot.Entries == 0 && slot.Copies == 0
        ? slot with { IsFree = true, Generation = slot.Generation + 1 } : slot;
}

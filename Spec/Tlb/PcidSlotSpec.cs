using PageProof.Contract;

namespace PageProof.Spec.Tlb;

/// <summary>An address space by a number that is never given twice; 0 is none.</summary>
public readonly record struct AddressSpaceNumber(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"space {Value}";
}

/// <summary>One PCID of one CPU, which address spaces use one after the other.</summary>
/// <param name="Owner">Whose it is now.</param>
/// <param name="HoldsOwn">The CPU may hold entries under it that are its owner's.</param>
/// <param name="HoldsOther">The CPU may hold entries under it that are an earlier owner's.</param>
/// <param name="Loaded">It is the PCID in CR3.</param>
public readonly record struct PcidSlotState(
    AddressSpaceNumber Owner, bool HoldsOwn, bool HoldsOther, bool Loaded);

/// <summary>What can happen to a PCID.</summary>
public enum PcidSlotEvent : byte
{
    /// <summary>It is given to an address space.</summary>
    Assign,
    /// <summary>Everything under it is flushed: INVPCID of type 1, or MOV to CR3 without bit 63.</summary>
    Flush,
    /// <summary>It comes into CR3.</summary>
    Load,
    /// <summary>Something is cached under it.</summary>
    Fill,
    /// <summary>Another comes into CR3.</summary>
    Unload,
}

/// <summary>The state after an event, and whether it may happen.</summary>
public readonly record struct PcidSlotStep(PcidSlotState State, bool Permitted);

/// <summary>
/// The recycling of PCIDs: entries are found by PCID alone, so before a PCID comes into CR3 for another
/// address space than before, everything under it is flushed.
/// Source: Intel SDM vol. 3A, 4.10.1 and 4.10.4.1.
/// </summary>
public static class PcidSlotSpec
{
    /// <summary>The state after the event, when it may happen.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="happened">The event.</param>
    /// <param name="owner">Assign: the address space.</param>
    [Lifted("pcidSlot.step")]
    public static PcidSlotStep Step(in PcidSlotState state, PcidSlotEvent happened, AddressSpaceNumber owner) =>
        happened switch
        {
            PcidSlotEvent.Assign => new(
                owner.Value == state.Owner.Value ? state : state with
                {
                    Owner = owner,
                    HoldsOwn = false,
                    HoldsOther = state.HoldsOther || state.HoldsOwn,
                },
                !state.Loaded),
            PcidSlotEvent.Flush => new(state with { HoldsOwn = false, HoldsOther = false }, true),
            PcidSlotEvent.Load => new(state with { Loaded = true }, !state.HoldsOther && state.Owner.Value != 0),
            PcidSlotEvent.Fill => new(state with { HoldsOwn = true }, state.Loaded),
            PcidSlotEvent.Unload => new(state with { Loaded = false }, true),
            _ => new(state, false),
        };

    /// <summary>What holds in every state: whoever runs under a PCID meets entries of its own alone.</summary>
    [Lifted("pcidSlot.invariant")]
    public static bool Invariant(in PcidSlotState state) =>
        (!state.Loaded || (!state.HoldsOther && state.Owner.Value != 0))
        && (!state.HoldsOwn || state.Owner.Value != 0);
}

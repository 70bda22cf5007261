using PageProof.Contract;

namespace PageProof.Spec.Tlb;

/// <summary>Counts the shootdowns of an address space.</summary>
public readonly record struct TlbGeneration(ulong Value)
{
    /// <summary>The last: it is not counted beyond, so that no number comes twice.</summary>
    public const ulong Most = ulong.MaxValue;

    /// <inheritdoc/>
    public override string ToString() => $"generation {Value}";
}

/// <summary>One address space and any one CPU, which is skipped by shootdowns while it is not there.</summary>
/// <param name="OfSpace">How many shootdowns there were.</param>
/// <param name="OfCpu">Up to which the CPU knows itself to have flushed.</param>
/// <param name="FlushedTo">Up to which it has.</param>
/// <param name="Due">Tables were stored to, and the shootdown has not been counted.</param>
/// <param name="Pending">The CPU may hold what the tables no longer give.</param>
/// <param name="Announced">The CPU has said that it is to be interrupted: it is in the mask, and not lazy.</param>
/// <param name="Checked">It has since read the generation of the space.</param>
/// <param name="Seen">What it has read.</param>
/// <param name="Active">It makes user accesses.</param>
/// <param name="Skipped">A shootdown does not wait for it.</param>
public readonly record struct GenerationState(
    TlbGeneration OfSpace,
    TlbGeneration OfCpu,
    TlbGeneration FlushedTo,
    bool Due,
    bool Pending,
    bool Announced,
    bool Checked,
    TlbGeneration Seen,
    bool Active,
    bool Skipped);

/// <summary>What can happen to the generations.</summary>
public enum GenerationEvent : byte
{
    /// <summary>A store to the tables takes something away.</summary>
    Store,
    /// <summary>The shootdown is counted.</summary>
    Advance,
    /// <summary>The initiator looks, and the CPU is not announced.</summary>
    Skip,
    /// <summary>The CPU says that it is to be interrupted.</summary>
    Announce,
    /// <summary>It reads the generation of the space.</summary>
    Check,
    /// <summary>It flushes everything of the space.</summary>
    Flush,
    /// <summary>It flushes the pages of the first shootdown that it has not flushed for.</summary>
    FlushNext,
    /// <summary>It makes a generation its own that it had read before the flush.</summary>
    Record,
    /// <summary>It begins with user accesses.</summary>
    Enter,
    /// <summary>It ends with them.</summary>
    Leave,
    /// <summary>It says that it need not be interrupted any more.</summary>
    Withdraw,
}

/// <summary>The state after an event, and whether it may happen.</summary>
public readonly record struct GenerationStep(GenerationState State, bool Permitted);

/// <summary>
/// How a CPU that was not interrupted catches up: it announces itself first, reads the generation after
/// that, and flushes unless its own is as high; the shootdown stores first, then counts, and then looks who
/// is announced. So either the shootdown sees the CPU, or the CPU sees the shootdown.
/// Source: Intel SDM vol. 3A, 4.10.4.2 and 4.10.5: a flush may be put off while its entries are not used.
/// </summary>
public static class GenerationSpec
{
    /// <summary>The state after the event, when it may happen.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="happened">The event.</param>
    /// <param name="read">Record: the generation.</param>
    [Lifted("generation.step")]
    public static GenerationStep Step(in GenerationState state, GenerationEvent happened, TlbGeneration read) =>
        happened switch
        {
            GenerationEvent.Store => new(state with { Due = true, Pending = true }, true),
            GenerationEvent.Advance => new(
                state with { OfSpace = new(state.OfSpace.Value + 1), Due = false },
                state.OfSpace.Value != TlbGeneration.Most),
            GenerationEvent.Skip => new(state with { Skipped = state.Pending }, !state.Due && !state.Announced),
            GenerationEvent.Announce => new(
                state with { Announced = true, Checked = false }, !state.Active),
            GenerationEvent.Check => new(
                state with { Checked = true, Seen = state.OfSpace }, state.Announced && !state.Active),
            GenerationEvent.Flush => new(
                state with { Pending = false, Skipped = false, FlushedTo = state.OfSpace }, true),
            GenerationEvent.FlushNext => FlushNext(state),
            GenerationEvent.Record => new(
                state with { OfCpu = read },
                read.Value <= state.FlushedTo.Value && read.Value >= state.OfCpu.Value),
            GenerationEvent.Enter => new(
                state with { Active = true }, state.Checked && state.OfCpu.Value >= state.Seen.Value),
            GenerationEvent.Leave => new(state with { Active = false }, true),
            GenerationEvent.Withdraw => new(state with { Announced = false, Checked = false }, !state.Active),
            _ => new(state, false),
        };

    // One shootdown after the other: to leave one out would be to know less than the generation says.
    private static GenerationStep FlushNext(in GenerationState state)
    {
        ulong next = state.FlushedTo.Value + 1;
        bool behind = next < state.OfSpace.Value;
        GenerationState after = state with
        {
            FlushedTo = new(next),
            Pending = state.Pending && (state.Due || behind),
            Skipped = state.Skipped && behind && (!state.Checked || next < state.Seen.Value),
        };
        return new(after, state.FlushedTo.Value < state.OfSpace.Value);
    }

    /// <summary>
    /// What holds in every state: a CPU whose generation is that of the space owes nothing but what is not
    /// yet counted, and one that was skipped makes no user access until it has flushed.
    /// </summary>
    [Lifted("generation.invariant")]
    public static bool Invariant(in GenerationState state) =>
        state.OfCpu.Value <= state.FlushedTo.Value && state.FlushedTo.Value <= state.OfSpace.Value
        && (!state.Pending || state.Due || state.FlushedTo.Value < state.OfSpace.Value)
        && (!state.Checked || (state.Announced && state.Seen.Value <= state.OfSpace.Value))
        && (!state.Active || (state.Checked && state.OfCpu.Value >= state.Seen.Value))
        && (!state.Skipped
            || (state.Pending && state.FlushedTo.Value < state.OfSpace.Value
                && (!state.Checked || state.FlushedTo.Value < state.Seen.Value)));
}

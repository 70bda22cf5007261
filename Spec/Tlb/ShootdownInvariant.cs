using PageProof.Contract;

namespace PageProof.Spec.Tlb;

/// <summary>
/// What holds in every state that steps come to. From it follows that no access reaches a frame which was
/// given back, and no walk a table page that was.
/// </summary>
public static class ShootdownInvariant
{
    /// <summary>All of it.</summary>
    [Lifted("shootdown.invariant")]
    public static bool Invariant(in ShootdownState state) =>
        IsWellFormed(state) && IsCurrentOrPending(state) && IsReachedOrPending(state) && FrameIsOwned(state)
        && TableIsOwned(state) && HasOneForm(state) && AcknowledgedMeansFlushed(state);

    /// <summary>Masks that are parts of others, and a table page on the way.</summary>
    [Lifted("shootdown.isWellFormed")]
    public static bool IsWellFormed(in ShootdownState state) =>
        state.Watched.Present
        && (!state.Linked || MappingSpec.Same(state.Given, state.Entry))
        && state.Active.IsWithin(state.Loaded)
        && state.Skipped.IsWithin(state.Pending - state.Active)
        && state.Flushed.IsWithin(state.Delivered);

    /// <summary>
    /// Who may hold the translation and owes no flush may use it: the tables give the same frame, size and
    /// type, no fewer rights, and D if it has D.
    /// </summary>
    [Lifted("shootdown.isCurrentOrPending")]
    public static bool IsCurrentOrPending(in ShootdownState state) =>
        (state.Held - state.Pending).IsEmpty || MappingSpec.Agrees(state.Watched, state.Given);

    /// <summary>Who may hold a partial walk to a table page that is not on the way owes a flush.</summary>
    [Lifted("shootdown.isReachedOrPending")]
    public static bool IsReachedOrPending(in ShootdownState state) =>
        state.Linked ? state.Loaded.IsWithin(state.Upper) : state.Upper.IsWithin(state.Pending);

    /// <summary>Only who flushes before its next user access may hold a frame that was given back.</summary>
    [Lifted("shootdown.frameIsOwned")]
    public static bool FrameIsOwned(in ShootdownState state) =>
        !state.FrameFree
        || (!MappingSpec.MapsFrameOf(state.Given, state.Watched)
            && state.Held.IsWithin(state.Skipped)
            && (!MappingSpec.MapsFrameOf(state.Entry, state.Watched) || state.Upper.IsWithin(state.Skipped)));

    /// <summary>Only whose CR3 leads elsewhere may hold a partial walk to a table page that was given back.</summary>
    [Lifted("shootdown.tableIsOwned")]
    public static bool TableIsOwned(in ShootdownState state) =>
        !state.TableFree || (!state.Linked && state.Upper.IsWithin(state.Skipped - state.Loaded));

    /// <summary>Nobody who is waited for holds, or may come to, another size or memory type than is given.</summary>
    [Lifted("shootdown.hasOneForm")]
    public static bool HasOneForm(in ShootdownState state) =>
        !state.Given.Present
        || (((state.Held - state.Skipped).IsEmpty || MappingSpec.HaveOneForm(state.Watched, state.Given))
            && (!state.Entry.Present || (state.Upper - state.Skipped).IsEmpty
                || MappingSpec.HaveOneForm(state.Entry, state.Given)));

    /// <summary>Who was asked and has acknowledged owes nothing.</summary>
    [Lifted("shootdown.acknowledgedMeansFlushed")]
    public static bool AcknowledgedMeansFlushed(in ShootdownState state) =>
        (state.Asked & state.Pending).IsWithin(state.Sent | (state.Delivered - state.Flushed));
}

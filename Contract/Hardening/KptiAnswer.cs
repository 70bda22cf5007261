using PageProof.Contract.Paging;

namespace PageProof.Contract.Hardening;

/// <summary>How a command ends.</summary>
public enum KptiOutcome : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>Carried out.</summary>
    Done,
    /// <summary>Not possible now; nothing has changed.</summary>
    Refused,
}

/// <summary>What a command has cost, on all CPUs together.</summary>
/// <param name="Cr3Writes">How often CR3 was written.</param>
/// <param name="EntriesCopied">How many entries of top tables were copied.</param>
/// <param name="PcidFlushes">How often all of a PCID was flushed.</param>
/// <param name="AddressFlushes">How many single addresses were flushed.</param>
public readonly record struct KptiCost(int Cr3Writes, int EntriesCopied, int PcidFlushes, int AddressFlushes)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Cr3Writes} CR3 writes, {EntriesCopied} entries, {PcidFlushes} PCID and {AddressFlushes} address flushes";
}

/// <summary>What a system says of one command.</summary>
public readonly record struct KptiAnswer
{
    /// <summary>How it ended.</summary>
    public KptiOutcome Outcome { get; init; }

    /// <summary>
    /// Access: how it ended. A page fault that the tables do not give is not told: the access is made again.
    /// </summary>
    public TranslationOutcome Walk { get; init; }

    /// <summary>What it cost.</summary>
    public KptiCost Cost { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        Outcome + (Walk.Kind == OutcomeKind.None ? "" : $", {Walk}") + (Cost == default ? "" : $"; {Cost}");
}

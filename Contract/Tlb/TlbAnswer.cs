using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>The kinds of answers to commands.</summary>
public enum TlbAnswerKind : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>The command was carried out.</summary>
    Done,
    /// <summary>The command itself ended in #GP(0) and changed nothing.</summary>
    GeneralProtection,
    /// <summary>The end of an access.</summary>
    Outcome,
    /// <summary>The content of a word.</summary>
    Word,
    /// <summary>The command itself ended in #UD and changed nothing.</summary>
    InvalidOpcode,
}

/// <summary>Where a translation came from, as far as a system tells.</summary>
public enum TlbSource : byte
{
    /// <summary>The system does not tell, or nothing was translated.</summary>
    Untold,
    /// <summary>An array before the TLBs, of accesses that were permitted before.</summary>
    Front,
    /// <summary>A TLB that serves this kind of access alone.</summary>
    FirstLevel,
    /// <summary>The TLB behind those.</summary>
    SecondLevel,
    /// <summary>A walk.</summary>
    Walk,
}

/// <summary>What a machine says of one command.</summary>
public readonly record struct TlbAnswer
{
    /// <summary>Which kind of answer this is.</summary>
    public TlbAnswerKind Kind { get; init; }

    /// <summary>Where the translation came from. No law of translation reads it.</summary>
    public TlbSource Source { get; init; }

    /// <summary>Access: how it ended.</summary>
    public TranslationOutcome Outcome { get; init; }

    /// <summary>
    /// Access: the parts of a translation that the machine does not show; they are zero in the outcome.
    /// </summary>
    public AnswerParts Hidden { get; init; }

    /// <summary>Load: what the word holds.</summary>
    public PagingEntry Entry { get; init; }

    /// <inheritdoc/>
    public override string ToString() => TlbText.Of(this);
}

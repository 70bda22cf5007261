namespace PageProof.Contract.Paging;

/// <summary>
/// The parts of an answer that a system can see. A real processor shows the fault, and by reading
/// memory the address, but not the attributes that it keeps to itself. The kind of the outcome, the
/// error code and CR2 are always told.
/// </summary>
[Flags]
public enum AnswerParts : byte
{
    /// <summary>Nothing but the fault, if there was one.</summary>
    None = 0,
    /// <summary>The physical address.</summary>
    Address = 1 << 0,
    /// <summary>The size of the page.</summary>
    Size = 1 << 1,
    /// <summary>The effective rights.</summary>
    Rights = 1 << 2,
    /// <summary>Whether the page is global.</summary>
    Global = 1 << 3,
    /// <summary>D of the leaf.</summary>
    Dirty = 1 << 4,
    /// <summary>The protection key.</summary>
    Key = 1 << 5,
    /// <summary>The memory type.</summary>
    Type = 1 << 6,

    /// <summary>The words as the walk left them.</summary>
    Words = 1 << 7,
    /// <summary>Everything.</summary>
    All = Address | Size | Rights | Global | Dirty | Key | Type | Words,
}

/// <summary>What a translator says of one case: the outcome, and the listed words as left.</summary>
public struct TranslationAnswer
{
    /// <summary>How the access ended.</summary>
    public TranslationOutcome Outcome;

    /// <summary>Which parts of this answer are to be believed.</summary>
    public AnswerParts Known;

    /// <summary>The words in the order of the case; those beyond its count mean nothing.</summary>
    public PagingEntryBuffer Left;
}

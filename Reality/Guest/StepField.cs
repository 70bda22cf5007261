namespace PageProof.Reality.Guest;

/// <summary>
/// The quadwords of the record of one command. The places where an access may come out follow it, two
/// quadwords each: linear address, and the background that belongs there. Results hold
/// <see cref="Record.NoAnswer"/> until the guest has written them.
/// </summary>
internal enum StepField
{
    /// <summary>The code that carries the command out.</summary>
    Entry,
    Next,

    /// <summary>Where the guest goes on after an exception.</summary>
    After,

    /// <summary>A linear address, or what is moved to a control register.</summary>
    Operand,

    /// <summary>What is stored.</summary>
    Content,

    /// <summary>The frame of IRETQ: RIP, CS, RFLAGS, RSP, SS.</summary>
    Frame,
    CodeSegment,
    Flags,
    StackPointer,
    StackSegment,

    // Results.
    Vector,
    ErrorCode,
    Rip,
    Cr2,
    Data,
    StoredAt,

    /// <summary>The number of fields.</summary>
    Count,
}

/// <summary>
/// The quadwords of the records by which a sequence begins and ends; those by which it begins are
/// followed by its words, three quadwords each, as in the record of a case.
/// </summary>
internal enum BeginField
{
    Entry,
    Next,
    After,
    Cr0,
    Efer,

    /// <summary>CR4 with PKE, so that PKRU can be loaded.</summary>
    Cr4WithKeys,
    Pkru,
    Cr4,
    Cr3,

    /// <summary>Where the words are restored, when all is done.</summary>
    RestoreEntry,

    /// <summary>Written when all commands have been carried out.</summary>
    IsAnswered,

    /// <summary>The number of fields.</summary>
    Count,

    /// <summary>In the record of the end: the record of the begin.</summary>
    Begin = Cr0,
}

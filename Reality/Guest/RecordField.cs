namespace PageProof.Reality.Guest;

/// <summary>
/// The quadwords at the head of a case record. The words of the case follow it, three quadwords
/// each: linear address, content (replaced by the content as left), and what to put there
/// afterwards. Results hold <see cref="Record.NoAnswer"/> until the guest has written them.
/// </summary>
internal enum RecordField
{
    /// <summary>Where the guest goes first: into the stores of this many words.</summary>
    SetEntry,
    SaveEntry,

    /// <summary>
    /// Where the guest goes after saving: the probe of a store or a fetch, or further on.
    /// </summary>
    ProbeEntry,

    /// <summary>Where it goes then: to its own tables, or at once into the restoring.</summary>
    HomeEntry,
    RestoreEntry,

    /// <summary>Where the guest goes after restoring: the undoing of a store, or none.</summary>
    UndoEntry,
    Next,
    Cr0,
    Efer,
    Cr4,
    Cr3,
    Pkru,
    Address,

    /// <summary>The frame of IRETQ: RIP, CS, RFLAGS, RSP, SS.</summary>
    Frame,
    CodeSegment,
    Flags,
    StackPointer,
    StackSegment,
    WordCount,

    /// <summary>
    /// A word of the case before, which could not be restored as long as its tables were in use,
    /// and its content. The address is that of <see cref="Scratch"/> if there is none.
    /// </summary>
    Leftover,
    LeftoverContent,
    Scratch,

    // Results.
    Vector,
    ErrorCode,
    Rip,
    Cr2,
    Data,
    Probe,
    StoredAt,

    /// <summary>The number of fields.</summary>
    Count,
}

/// <summary>Sizes of a record.</summary>
internal static class Record
{
    public const ulong NoAnswer = ulong.MaxValue;
    public const int WordLength = 3;

    public static int Length(int words) => (int)RecordField.Count + WordLength * words;
}

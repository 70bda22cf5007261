namespace PageProof.Contract.Tlb;

/// <summary>
/// The classes of steps that a run of the lockstep law of software-filled TLBs has to reach: command by
/// kind of answer.
/// </summary>
public enum SoftwareTlbClass : byte
{
    /// <summary>A register was written.</summary>
    RegisterWritten,
    /// <summary>A register was read that holds something known.</summary>
    RegisterRead,
    /// <summary>A register was read that an exception had left undefined.</summary>
    UndefinedRegisterRead,
    /// <summary>Random was read.</summary>
    RandomRead,
    /// <summary>TLBP found an entry.</summary>
    ProbeFound,
    /// <summary>TLBP found none.</summary>
    ProbeFailed,
    /// <summary>TLBR.</summary>
    EntryRead,
    /// <summary>TLBWI.</summary>
    IndexedWritten,
    /// <summary>TLBWR, with nothing wired.</summary>
    RandomWritten,
    /// <summary>TLBWR, with some entries wired.</summary>
    RandomWrittenAboveWired,
    /// <summary>A write as probed that took the place of the entry that was found.</summary>
    FoundWritten,
    /// <summary>An access by a page of 4 KiB.</summary>
    TranslatedSmall,
    /// <summary>An access by a larger page.</summary>
    TranslatedLarge,
    /// <summary>An access by a global pair that was written under another ASID.</summary>
    TranslatedGlobal,
    /// <summary>A store to a page whose D is set.</summary>
    StoreTranslated,
    /// <summary>An access that is not mapped.</summary>
    Unmapped,
    /// <summary>XTLB refill by a load or fetch.</summary>
    RefillLoad,
    /// <summary>XTLB refill by a store.</summary>
    RefillStore,
    /// <summary>A miss while an exception is handled.</summary>
    NestedMiss,
    /// <summary>TLB invalid by a load or fetch.</summary>
    InvalidLoad,
    /// <summary>TLB invalid by a store.</summary>
    InvalidStore,
    /// <summary>TLB modified.</summary>
    Modified,
    /// <summary>Address error by a load or fetch.</summary>
    AddressErrorLoad,
    /// <summary>Address error by a store.</summary>
    AddressErrorStore,
    /// <summary>ERET.</summary>
    Returned,
    /// <summary>Two entries match: the TLB shuts down.</summary>
    ShutDown,
    /// <summary>A command to a TLB that is shut down.</summary>
    AfterShutdown,
}

/// <summary>
/// The classes of steps that a run of the law of processes over a software-filled TLB has to reach.
/// </summary>
public enum SoftwareTlbKernelClass : byte
{
    /// <summary>A read or fetch without a trap.</summary>
    ReadHit,
    /// <summary>A read or fetch after traps.</summary>
    ReadFilled,
    /// <summary>A write without a trap.</summary>
    WriteHit,
    /// <summary>A write after traps.</summary>
    WriteFilled,
    /// <summary>A fault at a page that is not mapped.</summary>
    NotMapped,
    /// <summary>A fault at a page that may not be written.</summary>
    ReadOnly,
    /// <summary>A wired page was accessed.</summary>
    Wired,
    /// <summary>A page was mapped where none was.</summary>
    Mapped,
    /// <summary>A page was mapped to another frame.</summary>
    Remapped,
    /// <summary>A page was unmapped.</summary>
    Unmapped,
    /// <summary>A page became read-only.</summary>
    Protected,
    /// <summary>A page that was asked for was clean.</summary>
    WasClean,
    /// <summary>A page that was asked for was dirty.</summary>
    WasDirty,
    /// <summary>Another process became the current one.</summary>
    Switched,
    /// <summary>The current process ended.</summary>
    CurrentExited,
    /// <summary>Another process ended.</summary>
    OtherExited,
}

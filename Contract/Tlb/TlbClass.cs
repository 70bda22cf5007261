namespace PageProof.Contract.Tlb;

/// <summary>
/// The classes of steps that a run of the laws of TLBs has to reach: command by kind of answer, and
/// the answers that only a cache can explain.
/// </summary>
public enum TlbClass : byte
{
    /// <summary>A store to a word.</summary>
    Stored,
    /// <summary>A load that shows the word as it was stored.</summary>
    LoadedAsStored,
    /// <summary>A load that shows A, which the store had left clear.</summary>
    LoadedAccessed,
    /// <summary>A load that shows D, which the store had left clear.</summary>
    LoadedDirty,
    /// <summary>A read that was translated.</summary>
    ReadTranslated,
    /// <summary>A write that was translated.</summary>
    WriteTranslated,
    /// <summary>A fetch that was translated.</summary>
    FetchTranslated,
    /// <summary>An access to a shadow stack that was translated.</summary>
    ShadowStackTranslated,
    /// <summary>A page fault at an entry that is not present.</summary>
    NotPresentFault,
    /// <summary>A page fault by rights or by a key.</summary>
    RightsFault,
    /// <summary>A page fault by a reserved bit.</summary>
    ReservedFault,
    /// <summary>A linear address that is not canonical.</summary>
    NotCanonical,
    /// <summary>A table outside memory.</summary>
    OutsideMemory,
    /// <summary>INVLPG.</summary>
    PageInvalidated,
    /// <summary>INVPCID of type 0.</summary>
    AddressOfPcidInvalidated,
    /// <summary>INVPCID of type 1.</summary>
    PcidInvalidated,
    /// <summary>INVPCID of type 2.</summary>
    EverythingInvalidated,
    /// <summary>INVPCID of type 3.</summary>
    AllButGlobalInvalidated,
    /// <summary>INVPCID that ended in #GP.</summary>
    InvpcidRefused,
    /// <summary>MOV CR0.</summary>
    Cr0Moved,
    /// <summary>MOV CR0 that ended in #GP.</summary>
    Cr0Refused,
    /// <summary>MOV CR3 that invalidates.</summary>
    Cr3Moved,
    /// <summary>MOV CR3 with bit 63 of the operand set.</summary>
    Cr3MovedKeeping,
    /// <summary>MOV CR3 that ended in #GP.</summary>
    Cr3Refused,
    /// <summary>MOV CR4.</summary>
    Cr4Moved,
    /// <summary>MOV CR4 that ended in #GP.</summary>
    Cr4Refused,
    /// <summary>WRPKRU.</summary>
    PkruWritten,
    /// <summary>WRPKRU that ended in #UD.</summary>
    PkruRefused,

    /// <summary>A translation that the tables do not give any more.</summary>
    StaleTranslation,

    /// <summary>A translation by a leaf that is still there, below an upper entry that is not.</summary>
    StaleUpperLevel,

    /// <summary>A translation that a global entry gave which was cached under another PCID.</summary>
    GlobalOfAnotherPcid,

    /// <summary>A fault that the tables do not give any more: it comes once.</summary>
    SpuriousFault,

    /// <summary>A write that leaves D of the tables clear, since a cached entry has it.</summary>
    WriteWithoutMark,

    /// <summary>A translation to where the page was, when the tables lead elsewhere.</summary>
    StaleFrame,

    /// <summary>A translation of a page that the tables no longer have.</summary>
    StalePresence,

    /// <summary>A translation with rights that the tables no longer give.</summary>
    StaleRights,

    /// <summary>A load that shows A clear in an entry on the way of a translation since it was cleared.</summary>
    AccessedNotSetAgain,

    /// <summary>A load that shows D clear in the leaf of a write since it was cleared.</summary>
    DirtyNotSetAgain,
}

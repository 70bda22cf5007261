namespace PageProof.Contract.Swap;

/// <summary>
/// The classes of steps that a run of the laws of swap devices has to reach: command by kind of answer, and where
/// pages are and go.
/// </summary>
public enum SwapClass : byte
{
    /// <summary>A header is written.</summary>
    Made,
    /// <summary>A header that tells of bad pages is written.</summary>
    MadeWithBadPages,
    /// <summary>Make-swap: the device is on.</summary>
    MakeOfPartitionInUse,
    /// <summary>Make-swap: the file is on.</summary>
    MakeOfFileInUse,
    /// <summary>Make-swap: the device can only be read.</summary>
    MakeReadOnly,
    /// <summary>Make-swap: too few pages.</summary>
    MakeTooSmall,
    /// <summary>Make-swap: more pages than there are.</summary>
    MakeTooLarge,
    /// <summary>Make-swap: a bad page is not one of the area.</summary>
    MakeOfBadOutside,
    /// <summary>Make-swap: all pages are bad.</summary>
    MakeEmpty,
    /// <summary>Make-swap: the write fails.</summary>
    MakeWriteError,
    /// <summary>Bytes of a header are written.</summary>
    Poked,
    /// <summary>Poke: the device is on, or can only be read.</summary>
    PokeRefused,
    /// <summary>An area is on without a priority.</summary>
    On,
    /// <summary>An area is on with one.</summary>
    OnWithPriority,
    /// <summary>An area with bad pages is on.</summary>
    OnWithBadPages,
    /// <summary>An area with a header of the other byte order is on.</summary>
    OnOfOtherOrder,
    /// <summary>An area is on that was on before.</summary>
    OnAgain,
    /// <summary>Swap-on: there are as many as can be.</summary>
    OnTooMany,
    /// <summary>Swap-on: the device can only be read.</summary>
    OnReadOnly,
    /// <summary>Swap-on: it is on.</summary>
    OnInUse,
    /// <summary>Swap-on: the header cannot be read.</summary>
    OnReadError,
    /// <summary>Swap-on: there is no signature.</summary>
    OnNoSignature,
    /// <summary>Swap-on: of another version.</summary>
    OnWrongVersion,
    /// <summary>Swap-on: no page can be used.</summary>
    OnEmpty,
    /// <summary>Swap-on: fewer pages than the header says.</summary>
    OnShort,
    /// <summary>Swap-on: bad pages in a file.</summary>
    OnBadPagesOfFile,
    /// <summary>Swap-on: too many bad pages.</summary>
    OnTooManyBadPages,
    /// <summary>Swap-on: a bad page is not one of the area.</summary>
    OnBadPageOutside,
    /// <summary>Swap-on: the file has a hole.</summary>
    OnHole,
    /// <summary>An area without a page is off.</summary>
    Off,
    /// <summary>An area is off, and its pages have come back.</summary>
    OffWithPages,
    /// <summary>An area is off, and a page could not be read.</summary>
    OffWithLoss,
    /// <summary>Swap-off: no room for what would come back.</summary>
    OffNoRoom,
    /// <summary>Swap-off: it is not on.</summary>
    OffNotInUse,
    /// <summary>A page in a frame is stored to.</summary>
    Stored,
    /// <summary>A page in a frame is stored to, of which a slot held the same.</summary>
    StoredToClean,
    /// <summary>A new page.</summary>
    StoredNew,
    /// <summary>A page is read, and then stored to.</summary>
    StoredAfterRead,
    /// <summary>Store: no frame is free.</summary>
    StoreOutOfMemory,
    /// <summary>Store: the page cannot be read.</summary>
    StoreReadError,
    /// <summary>Store: the page is lost.</summary>
    StoreLost,
    /// <summary>A page in a frame is loaded.</summary>
    Loaded,
    /// <summary>What is no page is loaded: zeros.</summary>
    LoadedZeros,
    /// <summary>A page comes back from its slot.</summary>
    LoadedBack,
    /// <summary>A page comes back from a slot that others refer to.</summary>
    LoadedShared,
    /// <summary>Load: no frame is free.</summary>
    LoadOutOfMemory,
    /// <summary>Load: the page cannot be read.</summary>
    LoadReadError,
    /// <summary>Load: the page is lost.</summary>
    LoadLost,
    /// <summary>A page is written to a slot.</summary>
    Out,
    /// <summary>A page is written to an area that has a rival of the same priority.</summary>
    OutWithRival,
    /// <summary>A page is written to an area since those of higher priority are full.</summary>
    OutBelow,
    /// <summary>A page goes whose slot holds the same.</summary>
    OutClean,
    /// <summary>Page-out: all areas are full.</summary>
    OutFull,
    /// <summary>Page-out: there is no area.</summary>
    OutWithoutAreas,
    /// <summary>Page-out: the write fails.</summary>
    OutWriteError,
    /// <summary>Page-out: the page is in no frame.</summary>
    OutRefused,
    /// <summary>A reader has read a page.</summary>
    ReadBegun,
    /// <summary>A reader could not.</summary>
    ReadBegunWithError,
    /// <summary>Begin-read: the page is in no slot.</summary>
    BeginReadRefused,
    /// <summary>The process has what was read.</summary>
    ReadEnded,
    /// <summary>The page is elsewhere by now.</summary>
    ReadStale,
    /// <summary>The entry is as it was, and the slot is another page's, or holds another content.</summary>
    ReadStaleInSameSlot,
    /// <summary>The process is told that its page could not be read.</summary>
    ReadEndedWithError,
    /// <summary>End-read: no frame is free.</summary>
    ReadOutOfMemory,
    /// <summary>End-read: there is no such reader.</summary>
    EndReadRefused,
    /// <summary>A page in a frame is given up.</summary>
    Dropped,
    /// <summary>A page in a slot is given up, and the slot is free.</summary>
    DroppedSlot,
    /// <summary>A page in a slot is given up that others refer to.</summary>
    DroppedShared,
    /// <summary>A lost page is given up.</summary>
    DroppedLost,
    /// <summary>Drop: there is no page.</summary>
    DropRefused,
    /// <summary>A process is copied.</summary>
    Forked,
    /// <summary>A process with pages in slots is copied.</summary>
    ForkedWithSlots,
    /// <summary>A process with a lost page is copied.</summary>
    ForkedWithLoss,
    /// <summary>Fork: too few frames are free.</summary>
    ForkOutOfMemory,
    /// <summary>Fork: no more may refer to a slot.</summary>
    ForkSaturated,
    /// <summary>Fork: the child has pages.</summary>
    ForkRefused,
    /// <summary>Marks of pages in frames are cleared.</summary>
    MarksCleared,
    /// <summary>Marks of pages in slots are cleared.</summary>
    MarksClearedInSlots,
    /// <summary>A read is to fail.</summary>
    ReadFailureSet,
    /// <summary>A write is to fail.</summary>
    WriteFailureSet,
}

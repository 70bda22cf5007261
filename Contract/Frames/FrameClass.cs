namespace PageProof.Contract.Frames;

/// <summary>
/// The classes of steps that a run of the laws of frames has to reach: command by kind of answer, and where
/// the frames come from.
/// </summary>
public enum FrameClass : byte
{
    /// <summary>A frame that the CPU has kept is given out.</summary>
    AllocatedKept,
    /// <summary>A CPU that keeps none takes a batch.</summary>
    AllocatedFromBatch,
    /// <summary>A larger block is given out.</summary>
    AllocatedBlock,
    /// <summary>A block of the largest order is given out.</summary>
    AllocatedLargest,
    /// <summary>What CPUs keep has to be given back first.</summary>
    AllocatedFromKept,
    /// <summary>Too few frames are free.</summary>
    OutOfMemory,
    /// <summary>Enough frames are free, but no aligned run of them.</summary>
    OutOfRuns,
    /// <summary>The allocation that is made to fail.</summary>
    FailedOnPurpose,
    /// <summary>A hold is dropped, and others are left.</summary>
    Released,
    /// <summary>The last hold is dropped.</summary>
    ReleasedLast,
    /// <summary>A larger block is free again.</summary>
    ReleasedBlock,
    /// <summary>Release: nobody holds it.</summary>
    ReleaseRefused,
    /// <summary>A CPU that keeps as many as it may frees one more.</summary>
    FreedBatch,
    /// <summary>What is freed makes a larger block with its buddy.</summary>
    Merged,
    /// <summary>A block is held once more.</summary>
    Held,
    /// <summary>Hold: the count is full.</summary>
    HoldSaturated,
    /// <summary>Hold: the frame is not in use.</summary>
    HoldRefused,
    /// <summary>A block is mapped.</summary>
    Mapped,
    /// <summary>A block is mapped that is mapped elsewhere.</summary>
    MappedAgain,
    /// <summary>Map: the count is full.</summary>
    MapSaturated,
    /// <summary>Map: no more mappings can be noted.</summary>
    MapOutOfNodes,
    /// <summary>Map: the place is taken, or the block is nothing to be seen.</summary>
    MapRefused,
    /// <summary>A hold becomes a mapping.</summary>
    MappedFromHold,
    /// <summary>Map-from-hold: no more mappings can be noted.</summary>
    MapFromHoldOutOfNodes,
    /// <summary>Map-from-hold: refused.</summary>
    MapFromHoldRefused,
    /// <summary>A block is unmapped that others refer to.</summary>
    Unmapped,
    /// <summary>The last mapping goes.</summary>
    UnmappedLast,
    /// <summary>A block that is mapped at several places is unmapped at one.</summary>
    UnmappedOfSeveral,
    /// <summary>Unmap: nothing is mapped there.</summary>
    UnmapRefused,
    /// <summary>A mapping becomes a hold.</summary>
    UnmappedToHold,
    /// <summary>Unmap-to-hold: nothing is mapped there.</summary>
    UnmapToHoldRefused,
    /// <summary>A block is pinned.</summary>
    Pinned,
    /// <summary>Pin: the count is full.</summary>
    PinSaturated,
    /// <summary>Pin: the block is nothing to be seen.</summary>
    PinRefused,
    /// <summary>A pin goes, and other references are left.</summary>
    Unpinned,
    /// <summary>The last pin goes, and with it the last reference.</summary>
    UnpinnedLast,
    /// <summary>Unpin: there is no pin.</summary>
    UnpinRefused,
    /// <summary>A cache names a block.</summary>
    EnteredCache,
    /// <summary>Enter-cache: the count is full.</summary>
    EnterCacheSaturated,
    /// <summary>Enter-cache: the block is of no file, or named already.</summary>
    EnterCacheRefused,
    /// <summary>A cache gives a block up that others refer to.</summary>
    LeftCache,
    /// <summary>A cache gives a block up to which nobody else refers.</summary>
    LeftCacheLast,
    /// <summary>Leave-cache: no cache names it.</summary>
    LeaveCacheRefused,
    /// <summary>Something is noted.</summary>
    Marked,
    /// <summary>Mark: the frame is not in use.</summary>
    MarkRefused,
    /// <summary>Something is written.</summary>
    Written,
    /// <summary>Write: the frame is not in use.</summary>
    WriteRefused,
    /// <summary>A CPU gives back what it keeps.</summary>
    Drained,
    /// <summary>All CPUs give back what they keep.</summary>
    DrainedAll,
    /// <summary>A block of the order is free without a move.</summary>
    CompactedAlready,
    /// <summary>Frames are moved.</summary>
    CompactedByMoves,
    /// <summary>Compact: too few frames are free.</summary>
    CompactRefusedTooFew,
    /// <summary>Compact: something is in the way that must stay.</summary>
    CompactRefusedUnmovable,
    /// <summary>Measured where the order can be served.</summary>
    MeasuredSuitable,
    /// <summary>Measured where the free blocks are too small.</summary>
    MeasuredPieces,
    /// <summary>Measured where no block is free.</summary>
    MeasuredNothing,
    /// <summary>An allocation is to fail.</summary>
    FailureSet,
    /// <summary>The page of zeros is referred to, and is not counted.</summary>
    ZeroNotCounted,
}

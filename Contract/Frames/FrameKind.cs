namespace PageProof.Contract.Frames;

/// <summary>What a frame is used for.</summary>
public enum FrameKind : byte
{
    /// <summary>A frame of a block, free or in use, that is not its first.</summary>
    Tail,
    /// <summary>The first frame of a free block.</summary>
    Free,
    /// <summary>Free, and kept by a CPU for its next allocation.</summary>
    InCpuCache,
    /// <summary>Never given out, such as what the firmware keeps.</summary>
    Reserved,
    /// <summary>Page tables.</summary>
    Table,
    /// <summary>Memory of the kernel's own.</summary>
    Kernel,
    /// <summary>Pages of processes that are of no file.</summary>
    Anonymous,
    /// <summary>Pages of files.</summary>
    File,
    /// <summary>What is read where nothing was ever written. It is not counted, and never given back.</summary>
    Zero,
}

/// <summary>What is noted of a frame in use.</summary>
[Flags]
public enum FrameFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>It holds what was not written back.</summary>
    Dirty = 1 << 0,
    /// <summary>It is an anonymous page of one process alone.</summary>
    Exclusive = 1 << 1,
    /// <summary>It was used since this was last asked.</summary>
    Referenced = 1 << 2,
    /// <summary>It is on a list of those that may be given up.</summary>
    Listed = 1 << 3,
    /// <summary>A cache names it by its object and index, and holds a reference.</summary>
    Cached = 1 << 4,
    /// <summary>Its process has said that it does not need what is in it, until it stores to it.</summary>
    LazilyFreed = 1 << 5,
}

/// <summary>How an operation on frames ends.</summary>
public enum FrameOutcome : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>Carried out.</summary>
    Done,
    /// <summary>Carried out, and the last reference is gone: the frame is free.</summary>
    Freed,
    /// <summary>There is no free block of the order, or the allocation was made to fail.</summary>
    OutOfMemory,
    /// <summary>A count is at its limit; it stays there.</summary>
    Saturated,
    /// <summary>There is no memory to note one more mapping.</summary>
    OutOfNodes,
    /// <summary>No such thing can be done with this frame now; nothing has changed.</summary>
    Refused,
}

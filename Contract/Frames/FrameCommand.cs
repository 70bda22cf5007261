using PageProof.Contract.Tlb;

namespace PageProof.Contract.Frames;

/// <summary>What a command does.</summary>
public enum FrameCommandKind : byte
{
    /// <summary>Takes a block of an order for a use; it is held once.</summary>
    Allocate,
    /// <summary>Drops a hold. A block without a reference is free.</summary>
    Release,
    /// <summary>Holds a block once more, whatever else becomes of it.</summary>
    Hold,
    /// <summary>Maps a block at a place, with a reference of the mapping's own.</summary>
    Map,
    /// <summary>Maps a block; a hold becomes the reference of the mapping.</summary>
    MapFromHold,
    /// <summary>Unmaps what is mapped at a place, and drops its reference.</summary>
    Unmap,
    /// <summary>Unmaps what is mapped at a place; the reference of the mapping becomes a hold.</summary>
    UnmapToHold,
    /// <summary>Pins a block where it is.</summary>
    Pin,
    /// <summary>Undoes a pin.</summary>
    Unpin,
    /// <summary>A cache names a block of a file by its object and index.</summary>
    EnterCache,
    /// <summary>The cache names it no more.</summary>
    LeaveCache,
    /// <summary>Sets what is noted of a block.</summary>
    Mark,
    /// <summary>Writes to the block.</summary>
    Write,
    /// <summary>A CPU gives back the free frames that it keeps.</summary>
    Drain,
    /// <summary>All CPUs do.</summary>
    DrainAll,
    /// <summary>Moves frames until a block of an order is free.</summary>
    Compact,
    /// <summary>Asks how far the free blocks are from serving an order.</summary>
    Measure,
    /// <summary>Makes the n-th allocation from now on fail; none when n is 0.</summary>
    Fail,
}

/// <summary>
/// Which block a command is about: the n-th youngest of those in use, counted round; or a frame by its place
/// among all, whatever it is used for.
/// </summary>
/// <param name="IsInUse">Whether it is one in use.</param>
/// <param name="Number">Which.</param>
public readonly record struct FrameTarget(bool IsInUse, ushort Number)
{
    /// <inheritdoc/>
    public override string ToString() => (IsInUse ? "@" : "#") + Number;
}

/// <summary>A page of an object, as a cache names it.</summary>
public readonly record struct CachedPage(int Owner, uint Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"page {Index} of object {Owner}";
}

/// <summary>One step on one CPU, flat. Members that do not belong to its kind are zero.</summary>
public readonly record struct FrameCommand
{
    /// <summary>What is done.</summary>
    public FrameCommandKind Kind { get; init; }

    /// <summary>Which CPU does it.</summary>
    public CpuNumber Cpu { get; init; }

    /// <summary>Allocate, compact, measure: the order.</summary>
    public FrameOrder Order { get; init; }

    /// <summary>Allocate: what for.</summary>
    public FrameKind Use { get; init; }

    /// <summary>The block it is about, as a sequence names it.</summary>
    public FrameTarget Target { get; init; }

    /// <summary>The frame that the target is, when it comes to a system.</summary>
    public FrameNumber Frame { get; init; }

    /// <summary>Map and unmap: where.</summary>
    public FramePlace Place { get; init; }

    /// <summary>Enter-cache: as what.</summary>
    public CachedPage Page { get; init; }

    /// <summary>Mark: what is noted.</summary>
    public FrameFlags Flags { get; init; }

    /// <summary>Write: what; fail: which allocation.</summary>
    public uint Value { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FrameText.Of(this);
}

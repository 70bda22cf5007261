namespace PageProof.Contract.Frames;

/// <summary>What a system says of one command.</summary>
public readonly record struct FrameAnswer
{
    /// <summary>How it ended.</summary>
    public FrameOutcome Outcome { get; init; }

    /// <summary>Allocate: the first frame of the block.</summary>
    public FrameNumber Frame { get; init; }

    /// <summary>Measure: why an allocation of the order would fail, in thousandths.</summary>
    public int Index { get; init; }

    /// <summary>Measure: which part of the free frames is of no use for the order, in thousandths.</summary>
    public int Unusable { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        Outcome + (Frame == default ? "" : $", {Frame}")
        + (Index == 0 && Unusable == 0 ? "" : $", index {Index}, unusable {Unusable}");
}

/// <summary>What a system shows of one frame.</summary>
public readonly record struct FrameView
{
    /// <summary>What it is used for; but for the first frame of a block it is a tail.</summary>
    public FrameKind Kind { get; init; }

    /// <summary>The order of its block.</summary>
    public FrameOrder Order { get; init; }

    /// <summary>All references.</summary>
    public int References { get; init; }

    /// <summary>How many mappings are counted.</summary>
    public int Mappings { get; init; }

    /// <summary>How many pins are counted.</summary>
    public int Pins { get; init; }

    /// <summary>What is noted of it.</summary>
    public FrameFlags Flags { get; init; }

    /// <summary>As what a cache names it.</summary>
    public CachedPage Page { get; init; }

    /// <summary>What it holds.</summary>
    public uint Content { get; init; }
}

/// <summary>A free block.</summary>
public readonly record struct FreeBlock(FrameNumber First, FrameOrder Order)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Order} at {First}";
}

/// <summary>What a compaction has moved.</summary>
public readonly record struct FrameMove(FrameNumber From, FrameNumber To)
{
    /// <inheritdoc/>
    public override string ToString() => $"{From} to {To}";
}

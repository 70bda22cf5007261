namespace PageProof.Contract.Frames;

/// <summary>The number of a frame of 4 KiB: its physical address without the offset.</summary>
public readonly record struct FrameNumber(int Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"frame {Value}";
}

/// <summary>
/// How many frames a block has, as a power of two; a block begins at a multiple of its size.
/// </summary>
public readonly record struct FrameOrder(byte Value)
{
    /// <summary>The largest order: 1024 frames, 4 MiB.</summary>
    public const byte Most = 10;

    /// <summary>How many frames a block of this order has.</summary>
    public int Frames => 1 << Value;

    /// <inheritdoc/>
    public override string ToString() => $"order {Value}";
}

/// <summary>A page of an address space: where a frame can be mapped.</summary>
/// <param name="Space">Whose.</param>
/// <param name="Page">The number of the page: its linear address without the offset.</param>
public readonly record struct FramePlace(int Space, ulong Page)
{
    /// <inheritdoc/>
    public override string ToString() => $"page {Page} of space {Space}";
}

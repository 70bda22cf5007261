namespace PageProof.Contract.Swap;

/// <summary>The number of a swap area, which is a device or a file. Linux calls it the type of an entry.</summary>
public readonly record struct SwapAreaNumber(byte Value)
{
    /// <summary>The largest: of the 32 numbers of five bits one says that an entry is no page in an area.</summary>
    public const byte Most = 30;

    /// <inheritdoc/>
    public override string ToString() => $"swap area {Value}";
}

/// <summary>Room for one page in a swap area, counted from its start. Linux calls it the offset of an entry.</summary>
public readonly record struct SwapSlot(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"slot {Value}";
}

/// <summary>Where the content of a page lies while no frame holds it.</summary>
public readonly record struct SwapPlace(SwapAreaNumber Area, SwapSlot Slot)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Slot} of {Area}";
}

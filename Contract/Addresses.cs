namespace PageProof.Contract;

/// <summary>An address as a program names it, before paging. Source: Intel SDM vol. 3A, 4.1.</summary>
public readonly record struct LinearAddress(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x16}";
}

/// <summary>An address of memory or of a device, after paging. Source: Intel SDM vol. 3A, 4.1.</summary>
public readonly record struct PhysicalAddress(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x}";
}

/// <summary>A number of bytes.</summary>
public readonly record struct ByteCount(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value switch
    {
        > 0 when Value % (1UL << 30) == 0 => $"{Value >> 30} GiB",
        > 0 when Value % (1UL << 20) == 0 => $"{Value >> 20} MiB",
        > 0 when Value % (1UL << 10) == 0 => $"{Value >> 10} KiB",
        _ => $"{Value} B",
    };
}

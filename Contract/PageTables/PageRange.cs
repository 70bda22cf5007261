namespace PageProof.Contract.PageTables;

/// <summary>
/// Linear addresses from <paramref name="Start"/> on; what is edited lies on 4-KiB boundaries, in one
/// half of the address space.
/// </summary>
/// <param name="Start">The first address.</param>
/// <param name="Length">How many bytes, at least one.</param>
public readonly record struct PageRange(LinearAddress Start, ByteCount Length)
{
    /// <summary>The last address, since the end of the highest range has no address.</summary>
    public LinearAddress Last => new(Start.Value + Length.Value - 1);

    /// <inheritdoc/>
    public override string ToString() => $"{Start} +0x{Length.Value:x}";
}

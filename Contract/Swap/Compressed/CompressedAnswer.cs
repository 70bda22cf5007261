namespace PageProof.Contract.Swap.Compressed;

/// <summary>How a command ends.</summary>
public enum CompressedOutcome : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>Carried out.</summary>
    Done,
    /// <summary>A device failed, or the memory of zram is at its limit.</summary>
    IoError,
    /// <summary>Load: the slot of zswap holds nothing.</summary>
    Empty,
    /// <summary>Write-back: the backing device has no room left.</summary>
    NoSpace,
}

/// <summary>Where the content of a slot lies.</summary>
public enum StoredPlace : byte
{
    /// <summary>Nowhere: the slot holds nothing.</summary>
    None,
    /// <summary>The page is one word over and over, and the word is noted.</summary>
    Word,
    /// <summary>Compressed, in the pool.</summary>
    Pool,
    /// <summary>As it is, in the pool.</summary>
    Raw,
    /// <summary>On the swap device, or on the backing device.</summary>
    Device,
}

/// <summary>What a system says of one command.</summary>
public readonly record struct CompressedAnswer
{
    /// <summary>How it ended.</summary>
    public CompressedOutcome Outcome { get; init; }

    /// <summary>Store: where the page went. Load: where it came from.</summary>
    public StoredPlace Place { get; init; }

    /// <summary>Store: how long the compressed page is; a page's length when it does not become shorter.</summary>
    public int Length { get; init; }

    /// <summary>Store: the pages of the pool when what the slot held had been dropped.</summary>
    public int PagesMet { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Outcome + (Place == StoredPlace.None ? "" : $", {Place}")
        + (Length == 0 ? "" : $", length {Length}") + (PagesMet == 0 ? "" : $", met {PagesMet} pages");
}

/// <summary>A page on its way from the pool to a device.</summary>
/// <param name="Slot">Whose content it is.</param>
/// <param name="PagesBefore">The pages of the pool before.</param>
/// <param name="PagesAfter">The pages of the pool after.</param>
/// <param name="HasFailed">Whether the device did not take it.</param>
public readonly record struct PageWrittenBack(SwapSlot Slot, int PagesBefore, int PagesAfter, bool HasFailed)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Slot} {(HasFailed ? "not written" : "written")} back, {PagesBefore} -> {PagesAfter} pages";
}

using PageProof.Contract.Paging;

namespace PageProof.Contract.PageTables;

/// <summary>What must be flushed before anything that was given up is used again.</summary>
/// <param name="Needed">Whether anything must be. If not, the rest is zero.</param>
/// <param name="First">The first address.</param>
/// <param name="Last">The last address.</param>
/// <param name="Stride">The steps from the first address on by which single addresses are flushed.</param>
/// <param name="TablesUnlinked">Whether partial walks must be flushed too.</param>
public readonly record struct FlushNeed(
    bool Needed, LinearAddress First, LinearAddress Last, PageSize Stride, bool TablesUnlinked)
{
    /// <inheritdoc/>
    public override string ToString() => !Needed ? "no flush"
        : $"flush {First} to {Last} by {PagingText.Of(Stride)}" + (TablesUnlinked ? " and partial walks" : "");
}

/// <summary>A page, and what its leaf said.</summary>
public readonly record struct MappedPage(LinearAddress Page, PageMapping Mapping)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Page}: {Mapping}";
}

/// <summary>Memory that may not be used again before a flush.</summary>
/// <param name="Frame">Where it lies.</param>
/// <param name="Size">How large it is.</param>
/// <param name="IsTable">Whether it was a table; otherwise it was a page.</param>
/// <param name="Dirty">D of the page when it was unmapped.</param>
public readonly record struct HeldFrame(PhysicalAddress Frame, PageSize Size, bool IsTable, bool Dirty)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(IsTable ? "table" : "page")} {Frame} of {PagingText.Of(Size)}{(Dirty ? " dirty" : "")}";
}

/// <summary>What a system says of one command.</summary>
public readonly record struct PageTableAnswer
{
    /// <summary>How an edit ended; all other commands are done.</summary>
    public EditOutcome Outcome { get; init; }

    /// <summary>How the access ended; no answer when none was made.</summary>
    public TranslationOutcome Walk { get; init; }

    /// <summary>Find: what is mapped there; its size is none when nothing is.</summary>
    public MappedPage Found { get; init; }

    /// <summary>What all edits since the last flush leave to be flushed.</summary>
    public FlushNeed Flush { get; init; }

    /// <summary>How many frames for tables are free.</summary>
    public int TablesFree { get; init; }

    /// <inheritdoc/>
    public override string ToString() => PageTableText.Of(this);
}

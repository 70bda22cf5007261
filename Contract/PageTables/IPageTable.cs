using PageProof.Contract.Paging;

namespace PageProof.Contract.PageTables;

/// <summary>
/// The door of page tables: one address space whose tables are real entries in a memory that can be read.
/// </summary>
public interface IPageTable : IDisposable
{
    /// <summary>What this system can be asked, and what it promises.</summary>
    PageTableCapabilities Capabilities { get; }

    /// <summary>The top table, since the last <see cref="Reset"/>.</summary>
    PhysicalAddress Top { get; }

    /// <summary>
    /// The pages that the last command told: those whose D, or A, it cleared, as they were before, in the
    /// order of their addresses. Valid until the next command.
    /// </summary>
    ReadOnlySpan<MappedPage> Told { get; }

    /// <summary>
    /// What may not be used again before a flush, in any order. Valid until the next command.
    /// </summary>
    ReadOnlySpan<HeldFrame> Held { get; }

    /// <summary>
    /// Begins anew, with nothing mapped and nothing to be flushed. Frames for tables hold anything.
    /// </summary>
    void Reset(PageTableStart start);

    /// <summary>Carries a command out.</summary>
    PageTableAnswer Do(in PageTableCommand command);

    /// <summary>The 512 entries of the table at an address.</summary>
    void Show(PhysicalAddress table, Span<PagingEntry> entries);
}

/// <summary>What an editor of page tables offers. Whoever makes sequences stays within.</summary>
public sealed record PageTableCapabilities
{
    /// <summary>The most frames for tables, besides the top table.</summary>
    public required int Tables { get; init; }

    /// <summary>Whether there are five levels, too.</summary>
    public bool FiveLevels { get; init; } = true;

    /// <summary>
    /// The system promises to ask for a flush only where something stale may be cached, and for no
    /// address outside.
    /// </summary>
    public bool Elides { get; init; }
}

/// <summary>How a sequence begins.</summary>
/// <param name="Control">The registers by which processors walk; CR3 is of no account.</param>
/// <param name="Tables">How many frames for tables there are, besides the top table.</param>
public sealed record PageTableStart(ControlState Control, int Tables);

/// <summary>A start, and what is then done.</summary>
public readonly record struct PageTableSequence(
    PageTableStart Start, System.Collections.Immutable.ImmutableArray<PageTableCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 512;

    /// <inheritdoc/>
    public override string ToString() => PageTableText.Print(this);
}

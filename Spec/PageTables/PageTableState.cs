using System.Collections.Immutable;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;

namespace PageProof.Spec.PageTables;

/// <summary>One address space: what is mapped, and what the edits since the last flush have left behind.</summary>
/// <param name="Control">The registers by which processors walk, with the top table.</param>
/// <param name="Pages">The pages, in the order of their addresses.</param>
/// <param name="Tables">The tables that are linked.</param>
/// <param name="Stale">What may be cached and must not be used any more.</param>
/// <param name="Held">What may not be used again before a flush.</param>
/// <param name="Flush">The flush that was asked for last.</param>
/// <param name="TablesAll">How many frames for tables there are.</param>
/// <param name="TablesFree">How many of them are free.</param>
/// <param name="Elides">Whether no flush may be asked for in excess.</param>
public sealed record PageTableState(
    ControlState Control,
    ImmutableArray<MappedPage> Pages,
    ImmutableArray<LinkedTable> Tables,
    ImmutableArray<StaleEntry> Stale,
    ImmutableArray<HeldFrame> Held,
    FlushNeed Flush,
    int TablesAll,
    int TablesFree,
    bool Elides);

/// <summary>What following an answer comes to: the state after it, or why it is not permitted.</summary>
/// <param name="State">The state after a permitted answer.</param>
/// <param name="Refusal">Why the answer is not permitted.</param>
public readonly record struct PageTableStep(PageTableState? State, string? Refusal);

/// <summary>What a system shows after a command.</summary>
/// <param name="Tree">What its tables say.</param>
/// <param name="Told">The pages that the command told.</param>
/// <param name="Held">What may not be used again before a flush.</param>
public sealed record Shown(PageTree Tree, ImmutableArray<MappedPage> Told, ImmutableArray<HeldFrame> Held);

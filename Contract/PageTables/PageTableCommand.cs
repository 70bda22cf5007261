using PageProof.Contract.Paging;

namespace PageProof.Contract.PageTables;

/// <summary>What a command does.</summary>
public enum PageTableCommandKind : byte
{
    /// <summary>Maps the pages of a range.</summary>
    Map,
    /// <summary>Unmaps what is mapped in a range.</summary>
    Unmap,
    /// <summary>Moves what is mapped in a range to other addresses.</summary>
    Move,
    /// <summary>Gives what is mapped in a range other rights.</summary>
    Protect,
    /// <summary>Clears D in a range, and tells which pages had it.</summary>
    Clean,
    /// <summary>Clears A in a range, and tells which pages had it.</summary>
    Age,
    /// <summary>Unlinks the empty tables of a range.</summary>
    FreeTables,
    /// <summary>Tells what is mapped at an address, with its A and D.</summary>
    Find,
    /// <summary>An access of a processor, by a walk.</summary>
    Access,
    /// <summary>Flushes what the edits so far have left stale, and gives back what was held for that.</summary>
    Flush,
}

/// <summary>One step of a sequence, flat. Members that do not belong to its kind are zero.</summary>
public readonly record struct PageTableCommand
{
    /// <summary>What is done.</summary>
    public PageTableCommandKind Kind { get; init; }

    /// <summary>The addresses that are edited; find: the first of them.</summary>
    public PageRange Range { get; init; }

    /// <summary>Map: what the first page says; the frames of the others follow on.</summary>
    public PageMapping Mapping { get; init; }

    /// <summary>Move: where the range goes.</summary>
    public LinearAddress Target { get; init; }

    /// <summary>Protect: the rights.</summary>
    public PageRights Rights { get; init; }

    /// <summary>The access that is made, or that overtakes an edit.</summary>
    public Access Access { get; init; }

    /// <summary>
    /// Before which of its stores an edit is overtaken by <see cref="Access"/> on another CPU, from 1; 0 when
    /// it is not. Where the edit has fewer stores, no access is made.
    /// </summary>
    public byte OvertakenAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => PageTableText.Of(this);
}

namespace PageProof.Contract.PageTables;

/// <summary>How an edit of page tables ends. All but <see cref="Done"/> leave every page as it was.</summary>
public enum EditOutcome : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>Carried out on every page of the range.</summary>
    Done,

    /// <summary>The range is empty, not on page boundaries, or not canonical in one half.</summary>
    BadRange,

    /// <summary>Map: an entry cannot say this, or the half of the address space does not permit it.</summary>
    BadMapping,
    /// <summary>Map, move: something is at the place already.</summary>
    Occupied,
    /// <summary>An end of the range lies within a large page.</summary>
    PartOfPage,

    /// <summary>
    /// Map, move: what was there before may still be cached. The size, the frame or the memory type of a
    /// page changes only through an absent entry and a flush.
    /// </summary>
    FlushPending,

    /// <summary>There is no frame for a further table.</summary>
    NoTable,
}

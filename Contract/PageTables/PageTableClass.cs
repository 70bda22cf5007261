namespace PageProof.Contract.PageTables;

/// <summary>
/// The classes of steps that a run of the laws of page tables has to reach: command by kind of answer, and
/// what an access that overtakes an edit meets.
/// </summary>
public enum PageTableClass : byte
{
    /// <summary>A page of 4 KiB is mapped.</summary>
    MappedSmall,
    /// <summary>A page of 2 MiB is mapped.</summary>
    MappedLarge,
    /// <summary>A page of 1 GiB is mapped.</summary>
    MappedGigabyte,
    /// <summary>Map: the range is none.</summary>
    MapBadRange,
    /// <summary>Map: no entry says this.</summary>
    MapBadMapping,
    /// <summary>Map: something is there.</summary>
    MapOccupied,
    /// <summary>Map: what was there may be cached.</summary>
    MapFlushPending,
    /// <summary>Map: there is a table too few.</summary>
    MapNoTable,

    /// <summary>Pages of 4 KiB are unmapped.</summary>
    UnmappedSmall,
    /// <summary>Larger pages are unmapped.</summary>
    UnmappedLarge,
    /// <summary>Nothing is there to be unmapped.</summary>
    UnmappedNothing,
    /// <summary>Unmap: an end lies within a large page.</summary>
    UnmapPartOfPage,
    /// <summary>Unmap: the range is none.</summary>
    UnmapBadRange,

    /// <summary>Pages are moved.</summary>
    Moved,
    /// <summary>Nothing is there to be moved.</summary>
    MovedNothing,
    /// <summary>Move: a range is none, or they overlap.</summary>
    MoveBadRange,
    /// <summary>Move: something is at the target.</summary>
    MoveOccupied,
    /// <summary>Move: what was at the target may be cached.</summary>
    MoveFlushPending,
    /// <summary>Move: there is a table too few.</summary>
    MoveNoTable,
    /// <summary>Move: a large page would be cut, or lie off its boundary.</summary>
    MovePartOfPage,

    /// <summary>Rights are changed, and a flush is needed.</summary>
    ProtectedFlush,
    /// <summary>Rights are changed, and no flush is needed for it.</summary>
    ProtectedNoFlush,
    /// <summary>Protect: nothing changes.</summary>
    ProtectedNothing,
    /// <summary>Protect: no leaf can have these rights.</summary>
    ProtectBadMapping,
    /// <summary>Protect: an end lies within a large page.</summary>
    ProtectPartOfPage,
    /// <summary>Protect: the range is none.</summary>
    ProtectBadRange,

    /// <summary>Dirty pages become clean.</summary>
    Cleaned,
    /// <summary>No page was dirty.</summary>
    CleanedNothing,
    /// <summary>Clean: refused.</summary>
    CleanRefused,
    /// <summary>Pages that were used count as not used.</summary>
    Aged,
    /// <summary>No page was used.</summary>
    AgedNothing,
    /// <summary>Age: refused.</summary>
    AgeRefused,

    /// <summary>Empty tables are unlinked.</summary>
    FreedTables,
    /// <summary>No table was empty.</summary>
    FreedNothing,
    /// <summary>Free: the range is none.</summary>
    FreeRefused,

    /// <summary>A page is found.</summary>
    Found,
    /// <summary>Nothing is found.</summary>
    FoundNothing,
    /// <summary>An access is translated.</summary>
    AccessTranslated,
    /// <summary>An access ends in a page fault at an absent entry.</summary>
    AccessAbsent,
    /// <summary>An access ends in a page fault by rights or a key.</summary>
    AccessForbidden,
    /// <summary>An access to an address that is not canonical.</summary>
    AccessNotCanonical,

    /// <summary>A flush of something stale.</summary>
    Flushed,
    /// <summary>A flush with which tables come free.</summary>
    FlushedTables,
    /// <summary>A flush that was not needed.</summary>
    FlushedNothing,

    /// <summary>An edit that was carried out is overtaken by a read or a fetch that is translated.</summary>
    OvertakenByRead,
    /// <summary>An edit that was carried out is overtaken by the first write to a page.</summary>
    OvertakenByFirstWrite,
    /// <summary>An edit that was carried out is overtaken by an access that faults.</summary>
    OvertakenByFault,
    /// <summary>An edit that is refused is overtaken.</summary>
    RefusedOvertaken,
    /// <summary>A page is unmapped, moved, protected or cleaned, with D that an overtaking write set.</summary>
    LateDirtyKept,
}

namespace PageProof.Contract.Paging;

/// <summary>
/// The named bits of a paging-structure entry.
/// <code>
///  63 62      59 58    52 51                    12 11   9 8 7    6 5 4   3   2   1   0
/// +--+----------+--------+------------------------+------+-+----+-+-+---+---+---+---+-+
/// |XD| key      | ignored| frame or next table    | ign. |G|PS  |D|A|PCD|PWT|U/S|R/W|P|
/// |  | (leaf)   |        | (PAT in bit 12 if PS)  |      | |/PAT| | |   |   |   |   | |
/// +--+----------+--------+------------------------+------+-+----+-+-+---+---+---+---+-+
/// </code>
/// Source: Intel SDM vol. 3A, 4.5.5, table 4-15 to table 4-20.
/// </summary>
[Flags]
public enum EntryBit : ulong
{
    /// <summary>No bit.</summary>
    None = 0,
    /// <summary>P: the other bits have a meaning for the processor.</summary>
    Present = 1UL << 0,
    /// <summary>R/W: writes are not forbidden here.</summary>
    Writable = 1UL << 1,
    /// <summary>U/S: user mode is not forbidden here.</summary>
    User = 1UL << 2,
    /// <summary>PWT: part of the index into IA32_PAT.</summary>
    WriteThrough = 1UL << 3,
    /// <summary>PCD: part of the index into IA32_PAT.</summary>
    CacheDisable = 1UL << 4,
    /// <summary>A: the entry was used by a translation.</summary>
    Accessed = 1UL << 5,
    /// <summary>D: the page was written.</summary>
    Dirty = 1UL << 6,

    /// <summary>PS: the entry of a PDPT or of a page directory maps a page.</summary>
    PageSize = 1UL << 7,

    /// <summary>PAT of a 4-KiB page, in the place of PS.</summary>
    PatOfSmallPage = 1UL << 7,
    /// <summary>G: the translation belongs to every address space.</summary>
    Global = 1UL << 8,

    /// <summary>PAT of a 2-MiB or 1-GiB page.</summary>
    PatOfLargePage = 1UL << 12,
    /// <summary>XD: no fetches through this entry.</summary>
    ExecuteDisable = 1UL << 63,
}

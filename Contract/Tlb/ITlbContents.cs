using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>
/// A machine of TLBs that can be looked into, as no processor can: for teaching and for audits. No law
/// asks it.
/// </summary>
public interface ITlbContents
{
    /// <summary>What a CPU holds after the last command of the last run, in a fixed order.</summary>
    IReadOnlyList<TlbEntry> EntriesOf(CpuNumber cpu);

    /// <summary>What a CPU counted in the last run.</summary>
    TlbStatistics StatisticsOf(CpuNumber cpu);
}

/// <summary>The arrays in which a CPU holds translations and parts of them.</summary>
public enum TlbPlace : byte
{
    /// <summary>The front array, which holds what one kind of access in one mode may use.</summary>
    Front,
    /// <summary>The first level for loads and stores.</summary>
    FirstData,
    /// <summary>The first level for fetches.</summary>
    FirstInstructions,
    /// <summary>The second level.</summary>
    Second,
    /// <summary>The paging-structure caches, which hold entries that lead to a table.</summary>
    UpperEntries,
}

/// <summary>One entry that a CPU holds.</summary>
public readonly record struct TlbEntry
{
    /// <summary>In which array it is.</summary>
    public TlbPlace Place { get; init; }

    /// <summary>Front: for which kind of access.</summary>
    public AccessKind Kind { get; init; }

    /// <summary>Front: for user mode.</summary>
    public bool UserMode { get; init; }

    /// <summary>Front: for explicit accesses with EFLAGS.AC set.</summary>
    public bool AlignmentCheck { get; init; }

    /// <summary>The level of the page-table entry: of a leaf it tells the size of the page.</summary>
    public int Level { get; init; }

    /// <summary>The first address that it serves; of a large page the front holds parts of 4 KiB.</summary>
    public LinearAddress Page { get; init; }

    /// <summary>The PCID under which it serves; null when it is global, or in the front.</summary>
    public Pcid? Pcid { get; init; }

    /// <summary>Where the page begins, or the next table.</summary>
    public PhysicalAddress Target { get; init; }

    /// <summary>What it permits, as far as it was walked.</summary>
    public PageRights Rights { get; init; }

    /// <summary>A translation that has D, so that a write needs no walk.</summary>
    public bool Dirty { get; init; }
}

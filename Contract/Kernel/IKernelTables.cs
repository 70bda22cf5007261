using PageProof.Contract.Frames;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Kernel;

/// <summary>
/// A kernel whose page tables can be looked at, as no process can: for teaching. No law asks it.
/// </summary>
public interface IKernelTables
{
    /// <summary>
    /// The entries of the tables of a process that are not empty, after the last command of the last run, each
    /// followed by those of the table to which it leads; none when there is no such process.
    /// </summary>
    IReadOnlyList<TableLine> TablesOf(ProcessNumber process);
}

/// <summary>One entry of a page table, and the frame to which it leads.</summary>
public readonly record struct TableLine
{
    /// <summary>The level of its table; the lowest is 1.</summary>
    public int Level { get; init; }

    /// <summary>Its place in the table.</summary>
    public int Index { get; init; }

    /// <summary>The first address that it serves.</summary>
    public LinearAddress Page { get; init; }

    /// <summary>The table.</summary>
    public FrameNumber Table { get; init; }

    /// <summary>The entry.</summary>
    public PagingEntry Entry { get; init; }

    /// <summary>The frame to which it leads, also when it is one that processors find not present.</summary>
    public FrameNumber Frame { get; init; }

    /// <summary>What is known of that frame.</summary>
    public FrameView View { get; init; }
}

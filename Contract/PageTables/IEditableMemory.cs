using PageProof.Contract.Paging;

namespace PageProof.Contract.PageTables;

/// <summary>
/// Memory as an editor of page tables needs it: walkers of other CPUs set A and D in the same quadwords
/// at any time, so an entry that they can reach is only ever changed in one step that tells what it was.
/// </summary>
public interface IEditableMemory : IPhysicalMemory
{
    /// <summary>Stores to a quadword that no walker can reach.</summary>
    void Write(PhysicalAddress address, PagingEntry entry);

    /// <summary>Replaces the quadword in one step, and tells what it held.</summary>
    PagingEntry Exchange(PhysicalAddress address, PagingEntry entry);

    /// <summary>
    /// Replaces the quadword in one step if it holds <paramref name="expected"/>, and tells what it held.
    /// </summary>
    PagingEntry CompareExchange(PhysicalAddress address, PagingEntry entry, PagingEntry expected);
}

using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Hardening;

/// <summary>
/// Memory in which one top table has a user's table beside it: a store to an entry of its lower half is made
/// in both, and in the kernel's the entry forbids fetches. So the editor of page tables knows nothing of pairs.
/// </summary>
public readonly struct PairedMemory(FlatMemory memory, ulong kernelTop) : IEditableMemory
{
    private const ulong HalfTable = 2048;

    public bool Contains(PhysicalAddress address) => memory.Contains(address);

    public PagingEntry Read(PhysicalAddress address) => memory.Read(address);

    public void Write(PhysicalAddress address, PagingEntry entry) => memory.Write(address, entry);

    public PagingEntry Exchange(PhysicalAddress address, PagingEntry entry)
    {
        if (address.Value - kernelTop >= HalfTable)
        {
            return memory.Exchange(address, entry);
        }

        memory.Exchange(new(KptiEncoding.UserTop(address.Value)), entry);
        return memory.Exchange(address, new(KptiEncoding.KernelCopy(entry.Value)));
    }

    /// <summary>Entries of a top table are exchanged only.</summary>
    public PagingEntry CompareExchange(PhysicalAddress address, PagingEntry entry, PagingEntry expected) =>
        memory.CompareExchange(address, entry, expected);
}

using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>The memory of a case, which keeps a list of what is read.</summary>
public readonly ref struct WatchedMemory(ref readonly TranslationCase asked, List<PhysicalAddress> read)
    : IPhysicalMemory
{
    private readonly CaseMemory _memory = new(in asked);

    public bool Contains(PhysicalAddress address) => _memory.Contains(address);

    public PagingEntry Read(PhysicalAddress address)
    {
        read.Add(address);
        return _memory.Read(address);
    }
}

using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Spec.Paging;

/// <summary>The memory of one case: its listed words, the background elsewhere. Read only.</summary>
public readonly ref struct CaseMemory(ref readonly TranslationCase translationCase) : IPhysicalMemory
{
    private readonly ref readonly TranslationCase _case = ref translationCase;

    /// <inheritdoc/>
    public bool Contains(PhysicalAddress address) => address.Value < _case.Memory.Value;

    /// <inheritdoc/>
    public PagingEntry Read(PhysicalAddress address) => _case.Read(address);
}

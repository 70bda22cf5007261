using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Cli.Walk;

/// <summary>An image as a walker reads it: what the image does not hold is no memory.</summary>
public readonly struct ImageMemory(MemoryImage image) : IPhysicalMemory
{
    /// <inheritdoc/>
    public bool Contains(PhysicalAddress address) => image.Read(address) is not null;

    /// <inheritdoc/>
    public PagingEntry Read(PhysicalAddress address) => image.Read(address)!.Value;
}

using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>
/// Memory of which every address holds a word worked out from it, most often a present entry, and those
/// that were written.
/// </summary>
internal sealed class MemoryContent(ulong seed, ulong size)
{
    public ulong Size { get; } = size;

    public Dictionary<ulong, ulong> Written { get; } = [];

    public ulong Initial(ulong address)
    {
        RandomWords random = new(seed ^ address);
        ulong word = random.Next();
        ulong kept = (word & 7) switch
        {
            0 => ulong.MaxValue,
            1 => 0x8000_0000_0000_0FFF,
            2 => 0x000F_FFFF_FFFF_F0FF,
            _ => 0x0000_000F_FFFF_F07F,
        };
        return random.Next() & kept | (word >> 8 & 15) switch
        {
            0 => 0,
            1 or 2 => 0x87,
            _ => 0x07UL,
        };
    }

    public ulong Read(ulong address) => Written.TryGetValue(address, out ulong word) ? word : Initial(address);
}

/// <summary>Such memory, as a walker takes it.</summary>
public readonly struct TestMemory : IMarkableMemory
{
    private readonly MemoryContent _content;

    internal TestMemory(MemoryContent content) => _content = content;

    public bool Contains(PhysicalAddress address) => address.Value < _content.Size;

    public PagingEntry Read(PhysicalAddress address) => new(_content.Read(address.Value));

    public void Or(PhysicalAddress address, EntryBit bits) =>
        _content.Written[address.Value] = _content.Read(address.Value) | (ulong)bits;
}

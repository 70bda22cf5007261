namespace PageProof.Contract.Paging;

/// <summary>Memory as a walker reads it: aligned quadwords.</summary>
public interface IPhysicalMemory
{
    /// <summary>Whether there is memory at <paramref name="address"/>. Only then may it be read.</summary>
    bool Contains(PhysicalAddress address);

    /// <summary>The content of the aligned quadword at <paramref name="address"/>.</summary>
    PagingEntry Read(PhysicalAddress address);
}

/// <summary>Memory as a walker leaves it: with the locked OR by which A and D are set.</summary>
public interface IMarkableMemory : IPhysicalMemory
{
    /// <summary>Sets <paramref name="bits"/> in the quadword in one step, and changes no other bit.</summary>
    void Or(PhysicalAddress address, EntryBit bits);
}

using PageProof.Contract.PageCache;

namespace PageProof.Implementation.PageCache;

/// <summary>Something that processes share: a file, or memory without a name.</summary>
internal struct MemoryObject
{
    /// <summary>How many bytes it has.</summary>
    public ulong Length;

    /// <summary>The areas that map it, and whoever has it open.</summary>
    public int References;

    /// <summary>The first of its pages that are in memory, by their frames; the others follow by the records.</summary>
    public int First;

    /// <summary>How many of its pages are in slots of swap devices.</summary>
    public int Swapped;

    /// <summary>The spaces that may have areas of it, a bit each.</summary>
    public uint Spaces;

    public FileRights Rights;

    /// <summary>How many pages it has, the last perhaps in part.</summary>
    public readonly ulong PageCount => (Length >> 12) + ((Length & 4095) == 0 ? 0UL : 1UL);
}

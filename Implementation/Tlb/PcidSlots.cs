using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// The PCIDs of one CPU, fewer than there are address spaces: whose entries each of them has, and up to which
/// shootdown those are flushed. A PCID that is taken from one space for another has to be flushed when it
/// is next loaded.
/// </summary>
internal sealed class PcidSlots
{
    private const int Count = 2;

    private readonly SharedSpace?[] _owners = new SharedSpace?[Count];
    private readonly ulong[] _generations = new ulong[Count];
    private int _next;

    /// <summary>No PCID is anyone's.</summary>
    public void Reset()
    {
        _owners.AsSpan().Clear();
        _generations.AsSpan().Clear();
        _next = 0;
    }

    /// <summary>The slot of a space, or -1.</summary>
    public int Of(SharedSpace space) => Array.IndexOf(_owners, space);

    /// <summary>The PCID of a slot. Zero is kept for who has none.</summary>
    public static Pcid PcidOf(int slot) => new((ushort)(slot + 1));

    /// <summary>Up to which shootdown of its space a slot is flushed.</summary>
    public ulong GenerationOf(int slot) => _generations[slot];

    /// <summary>Notes up to which shootdown a slot is flushed.</summary>
    public void SetGeneration(int slot, ulong generation) => _generations[slot] = generation;

    /// <summary>
    /// Gives the slot whose turn it is to a space, but never that of the space in CR3. Its entries are still
    /// those of the last owner.
    /// </summary>
    public int Recycle(SharedSpace space, SharedSpace? loaded)
    {
        int slot = loaded is not null && _owners[_next] == loaded ? (_next + 1) % Count : _next;
        _next = (slot + 1) % Count;
        _owners[slot] = space;
        return slot;
    }
}

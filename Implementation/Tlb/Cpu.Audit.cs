using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>Is shown what caches hold.</summary>
internal interface IEntryVisitor
{
    /// <summary>An entry: its tag and its payload.</summary>
    void Entry(ulong tag, ulong payload);
}

public sealed partial class Cpu
{
    /// <summary>Adds the translations that are held: a page may be in several places.</summary>
    internal void ListCached(ICollection<CachedPage> cached)
    {
        Lister lister = new(this, cached);
        _tlb.Visit(ref lister);
    }

    // The front keeps translations of the PCID in CR3 alone, under tags without a level.
    private readonly struct Lister(Cpu cpu, ICollection<CachedPage> cached) : IEntryVisitor
    {
        public void Entry(ulong tag, ulong payload)
        {
            bool front = TlbTag.LevelOf(tag) == 0;
            ulong page = front ? tag << 12 : TlbTag.AddressOf(tag);
            ulong pcid = TlbTag.PcidOf(front ? cpu._pcid : tag);

            // Survivor: whoever asks has small pages alone.
            var outcome = cpu._tables.Translated(payload, front ? 1 : TlbTag.LevelOf(tag), page, global: false);
            cached.Add(new(new((ushort)pcid), new(page), outcome));
        }
    }
}

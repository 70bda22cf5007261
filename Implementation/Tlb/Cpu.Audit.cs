using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>Is shown what caches hold.</summary>
internal interface IEntryVisitor
{
    /// <summary>An entry: its tag and its payload.</summary>
    void Entry(ulong tag, ulong payload);

    /// <summary>The way of a set that is evicted next.</summary>
    void Turn(byte way);
}

public sealed partial class Cpu
{
    /// <summary>Adds the translations that are held: a page may be in several places.</summary>
    internal void ListCached(ICollection<CachedPage> cached)
    {
        Lister lister = new(this, cached);
        _tlb.Visit(ref lister);
    }

    /// <summary>A hash of everything that is cached, and of what will be evicted next.</summary>
    internal ulong CachesHash()
    {
        Hasher hasher = default;
        _tlb.Visit(ref hasher);
        _upper.Visit(ref hasher);
        return hasher.Hash;
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

        public void Turn(byte way)
        {
        }
    }

    private struct Hasher : IEntryVisitor
    {
        private ulong _place;

        public ulong Hash { get; private set; }

        // Survivor: another mixture of the same parts tells states apart as well.
        public void Entry(ulong tag, ulong payload) =>
            Hash = MachineWatch.Mix(Hash + MachineWatch.Mix(tag ^ ++_place) ^ payload);

        // Survivor: as above.
        public void Turn(byte way) => Hash = MachineWatch.Mix(Hash + way);
    }
}

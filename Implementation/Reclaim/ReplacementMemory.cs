using PageProof.Contract.Reclaim;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// A memory under one policy, and what it counts. A record is the number of a page times eight, and a mask of how
/// it is touched.
/// </summary>
public abstract class ReplacementMemory(ReplacementSettings settings)
{
    /// <summary>By how many bits the page of a record is shifted.</summary>
    public const int MaskBits = 3;

    /// <summary>How the policy is set up.</summary>
    public ReplacementSettings Settings { get; } = settings;

    /// <summary>How many references were made.</summary>
    public long References { get; protected set; }

    /// <summary>How many of them missed.</summary>
    public long Misses { get; protected set; }

    /// <summary>How many pages were written back.</summary>
    public long WriteBacks { get; protected set; }

    /// <summary>Whether the policy has to be told how far away the next uses are.</summary>
    public virtual bool NeedsFuture => false;

    /// <summary>Makes room for pages of numbers below this.</summary>
    public abstract void Grow(int pages);

    /// <summary>Makes references, and counts.</summary>
    public abstract void Replay(ReadOnlySpan<uint> records);

    /// <summary>
    /// Tells how many references each of the next ones is before the next one to the same page; 0 for never again.
    /// </summary>
    public virtual void Foresee(ReadOnlyMemory<uint> distances)
    {
    }

    // Makes references, and tells what had to go: a victim below -1 stands for a hit.
    internal abstract void Refer(ReadOnlySpan<uint> records, Span<Eviction> evictions);

    internal abstract PageMarks Look(int page);
}

/// <summary>The memory of one policy: the loop over references, compiled for it.</summary>
internal sealed class ReplacementMemory<TPolicy>(ReplacementSettings settings, TPolicy policy)
    : ReplacementMemory(settings)
    where TPolicy : struct, IPolicy
{
    internal static readonly Eviction Hit = new(-2, 0, 0);

    private TPolicy _policy = policy;

    public override bool NeedsFuture => _policy is OptPolicy;

    public override void Grow(int pages) => _policy.Grow(pages);

    public override void Replay(ReadOnlySpan<uint> records)
    {
        // A local, so that the numbers of the policy can stay in registers.
        var policy = _policy;
        long misses = 0, writeBacks = 0;
        foreach (uint record in records)
        {
            int page = (int)(record >> MaskBits);
            if (!policy.TryUse(page, record))
            {
                var eviction = policy.Load(page, record);
                misses++;
                writeBacks += eviction.Dirty + eviction.Cleaned;
            }
        }

        _policy = policy;
        References += records.Length;
        Misses += misses;
        WriteBacks += writeBacks;
    }

    public override void Foresee(ReadOnlyMemory<uint> distances)
    {
        if (_policy is OptPolicy opt)
        {
            opt.Foresee(distances);
            _policy = (TPolicy)(object)opt;
        }
    }

    internal override void Refer(ReadOnlySpan<uint> records, Span<Eviction> evictions)
    {
        for (int place = 0; place < records.Length; place++)
        {
            int page = (int)(records[place] >> MaskBits);
            evictions[place] = _policy.TryUse(page, records[place]) ? Hit : _policy.Load(page, records[place]);
        }
    }

    internal override PageMarks Look(int page) => _policy.Look(page);
}

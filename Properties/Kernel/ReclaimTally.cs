using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Adds up what kernels have done to have frames free, and judges it against the floor.</summary>
internal sealed class ReclaimTally
{
    private static readonly (string Name, Func<ReclaimCounts, long> Of)[] OfSwap =
    [
        ("pages swapped out", each => each.SwappedOut),
        ("pages swapped in", each => each.SwappedIn),
        ("pages of shared memory swapped out", each => each.SharedOut),
        ("pages of shared memory swapped in", each => each.SharedIn),
        ("pages found in the cache of swap", each => each.CacheHits),
        ("frames dropped without a transfer", each => each.CleanDrops),
        ("second chances", each => each.SecondChances),
        ("pages of files dropped", each => each.FilesDropped),
        ("pages that were freed and went", each => each.FreedDropped),
        ("pages that were freed and stayed", each => each.FreedKept),
        ("pages that cannot go", each => each.Unevictable),
        ("writes that fail", each => each.WriteErrors),
        ("reads that fail", each => each.ReadErrors),
        ("devices that are full", each => each.DeviceFull),
        ("direct reclaims", each => each.DirectReclaims),
        ("reclaims in the background", each => each.BackgroundReclaims),
    ];

    private static readonly (string Name, Func<ReclaimCounts, long> Of)[] OfZswap =
    [
        ("pages compressed", each => each.Compressed),
        ("pages of one word", each => each.OfOneWord),
        ("pages that the pool sends on", each => each.PassedOn),
        ("pages that come back from the pool", each => each.FromPool),
        ("pages written back from the pool", each => each.WrittenBack),
        ("pages that cannot be written back", each => each.WriteBacksFailed),
    ];

    private static readonly (string Name, Func<ReclaimCounts, long> Of)[] OfMoves =
    [
        ("pages moved", each => each.Moved),
        ("pages that stay where they are", each => each.Stayed),
    ];

    private static readonly (string Name, Func<ReclaimCounts, long> Of)[] Events =
        [.. OfSwap, .. OfZswap, .. OfMoves];

    private readonly long[] _sums = new long[Events.Length];
    private readonly int[] _counted;

    /// <summary>Of a kernel that compresses pages on their way to a device, or moves pages, or does not.</summary>
    public ReclaimTally(KernelCapabilities capabilities)
    {
        bool compresses = capabilities.Compressors.Count > 0;
        bool moves = capabilities.Commands.Contains(KernelCommandKind.Compact);
        _counted =
        [
            .. Enumerable.Range(0, OfSwap.Length),
            .. Enumerable.Range(OfSwap.Length, compresses ? OfZswap.Length : 0),
            .. Enumerable.Range(OfSwap.Length + OfZswap.Length, moves ? OfMoves.Length : 0),
        ];
    }

    /// <summary>What is counted.</summary>
    public IEnumerable<string> Names => _counted.Select(place => Events[place].Name);

    /// <summary>How many transfers have failed.</summary>
    public long Failed { get; private set; }

    /// <summary>The count of the rarest.</summary>
    public long Least => _counted.Min(place => _sums[place]);

    /// <summary>Those that were seen too seldom, with their counts.</summary>
    public IEnumerable<string> Below =>
        from place in _counted
        where _sums[place] < KernelCoverage.Floor
        select $"{Events[place].Name}: {_sums[place]}";

    public void Add(in ReclaimCounts counts)
    {
        Failed += counts.ReadErrors + counts.WriteErrors;
        for (int place = 0; place < Events.Length; place++)
        {
            _sums[place] += Events[place].Of(counts);
        }
    }

    public void Add(ReclaimTally other)
    {
        Failed += other.Failed;
        for (int place = 0; place < _sums.Length; place++)
        {
            _sums[place] += other._sums[place];
        }
    }
}

namespace PageProof.Implementation.Swap;

/// <summary>
/// How many slots are free in each cluster of an area, and two rings through the clusters: those of which every
/// slot is free, and those of which some are. A cluster moves between them in one step.
/// </summary>
public sealed class SwapClusters
{
    private readonly int[] _free;
    private readonly int[] _usable;
    private readonly int[] _next;
    private readonly int[] _previous;

    /// <param name="usable">How many slots each cluster has that can be used at all.</param>
    public SwapClusters(int[] usable)
    {
        (_usable, _free) = (usable, new int[usable.Length]);
        (_next, _previous) = (new int[usable.Length + 2], new int[usable.Length + 2]);
        for (int ring = usable.Length; ring < _next.Length; ring++)
        {
            (_next[ring], _previous[ring]) = (ring, ring);
        }

        for (int cluster = 0; cluster < usable.Length; cluster++)
        {
            _free[cluster] = usable[cluster];
            Enter(cluster, RingOf(cluster));
        }
    }

    private int WholeRing => _free.Length;

    private int PartRing => _free.Length + 1;

    /// <summary>The cluster to begin with: one that is free altogether if there is one; -1 when all are full.</summary>
    public int First =>
        _next[WholeRing] != WholeRing ? _next[WholeRing] : _next[PartRing] != PartRing ? _next[PartRing] : -1;

    /// <summary>A slot of the cluster is free, or free no more.</summary>
    public void Add(int cluster, int slots)
    {
        int before = RingOf(cluster);
        _free[cluster] += slots;
        int after = RingOf(cluster);
        if (before != after)
        {
            Leave(cluster, before);
            Enter(cluster, after);
        }
    }

    private int RingOf(int cluster) =>
        _free[cluster] == 0 ? -1 : _free[cluster] == _usable[cluster] ? WholeRing : PartRing;

    private void Leave(int cluster, int ring)
    {
        if (ring >= 0)
        {
            (_next[_previous[cluster]], _previous[_next[cluster]]) = (_next[cluster], _previous[cluster]);
        }
    }

    private void Enter(int cluster, int ring)
    {
        if (ring >= 0)
        {
            int last = _previous[ring];
            (_next[cluster], _previous[cluster]) = (ring, last);
            (_next[last], _previous[ring]) = (cluster, cluster);
        }
    }
}

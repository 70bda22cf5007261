using System.Diagnostics;
using System.Numerics;

namespace PageProof.Implementation.Swap;

/// <summary>
/// One swap area: a bit for each free slot, how many refer to it, and how often it has been free, so that whoever
/// has looked away knows a slot that was given to somebody else in the meantime. Slots are taken in clusters of
/// neighbours, from the first of a cluster to its last.
/// </summary>
public sealed class SwapArea
{
    /// <summary>How many refer to a slot that is never given out: the header, and pages that are bad.</summary>
    public const int Bad = -1;

    private const int WordBits = 64;

    private readonly ulong[] _free;
    private readonly int[] _references;
    private readonly uint[] _generations;
    private readonly SwapClusters _clusters;
    private readonly int _clusterShift;

    /// <param name="storage">What keeps its pages.</param>
    /// <param name="slots">How many there are, with the header; no more than the storage has.</param>
    /// <param name="bad">Those that cannot be used; 0 is the header, which never can.</param>
    /// <param name="clusterShift">How many slots a cluster has, as a power of two.</param>
    /// <param name="generation">The generation that all slots begin with.</param>
    public SwapArea(ISwapStorage storage, int slots, ReadOnlySpan<int> bad, int clusterShift, uint generation)
    {
        (Storage, Slots, _clusterShift) = (storage, slots, clusterShift);
        // Survivor: a word more is never looked at.
        _free = new ulong[(slots + WordBits - 1) / WordBits];
        _references = new int[slots];
        _generations = new uint[slots];
        Array.Fill(_generations, generation);
        _references[0] = Bad;
        foreach (int slot in bad)
        {
            _references[slot] = Bad;
        }

        var usable = new int[(slots + (1 << clusterShift) - 1) >> clusterShift];
        for (int slot = 0; slot < slots; slot++)
        {
            if (_references[slot] == 0)
            {
                _free[slot / WordBits] |= 1UL << slot;
                usable[slot >> clusterShift]++;
                Free++;
            }
        }

        (_clusters, Usable) = (new(usable), Free);
    }

    public ISwapStorage Storage { get; }

    /// <summary>How many slots there are, with those that cannot be used.</summary>
    public int Slots { get; }

    /// <summary>How many of them can be used.</summary>
    public int Usable { get; }

    public int Free { get; private set; }

    public int Used => Usable - Free;

    public int Priority { get; set; }

    /// <summary>Whether pages can go to it.</summary>
    public bool IsOpen { get; set; }

    /// <summary>How many refer to a slot; <see cref="Bad"/> when it is never given out.</summary>
    public int ReferencesOf(int slot) => _references[slot];

    /// <summary>How often the slot has been free again, and what it began with.</summary>
    public uint GenerationOf(int slot) => _generations[slot];

    /// <summary>A generation that no slot has had yet.</summary>
    public uint NextGeneration
    {
        get
        {
            uint most = 0;
            foreach (uint generation in _generations)
            {
                most = Math.Max(most, generation);
            }

            return most + 1;
        }
    }

    /// <summary>The first free slot of a cluster to begin with; -1 when none is free.</summary>
    public int FirstFree()
    {
        int cluster = _clusters.First;
        return cluster < 0 ? -1 : FindFree(cluster << _clusterShift, EndOf(cluster));
    }

    /// <summary>The next free slot of the same cluster; -1 when none is left.</summary>
    public int NextFree(int slot) => FindFree(slot + 1, EndOf(slot >> _clusterShift));

    /// <summary>A free slot has one who refers to it from now on.</summary>
    public void Take(int slot)
    {
        Debug.Assert(_references[slot] == 0, "A slot is given to one at a time.");
        _references[slot] = 1;
        _free[slot / WordBits] &= ~(1UL << slot);
        _clusters.Add(slot >> _clusterShift, -1);
        Free--;
    }

    /// <summary>One more refers to the slot.</summary>
    public void Hold(int slot)
    {
        Debug.Assert(_references[slot] > 0, "Nobody refers to a free slot.");
        _references[slot]++;
    }

    /// <summary>One less does; true when it was the last, and the slot is free.</summary>
    public bool Drop(int slot)
    {
        Debug.Assert(_references[slot] > 0, "Nobody refers to a free slot.");
        if (--_references[slot] != 0)
        {
            return false;
        }

        _generations[slot]++;
        _free[slot / WordBits] |= 1UL << slot;
        _clusters.Add(slot >> _clusterShift, 1);
        Free++;
        Storage.Forget(slot);
        return true;
    }

    /// <summary>The first slot from one on that somebody refers to; -1 when there is none.</summary>
    public int NextUsed(int slot)
    {
        while (slot < Slots && _references[slot] <= 0)
        {
            slot++;
        }

        return slot < Slots ? slot : -1;
    }

    private int EndOf(int cluster) => Math.Min((cluster + 1) << _clusterShift, Slots);

    private int FindFree(int from, int end)
    {
        while (from < end)
        {
            ulong word = _free[from / WordBits] >> from;
            if (word != 0)
            {
                from += BitOperations.TrailingZeroCount(word);
                return from < end ? from : -1;
            }

            from = (from / WordBits + 1) * WordBits;
        }

        return -1;
    }
}

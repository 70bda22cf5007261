namespace PageProof.Contract.Reclaim;

/// <summary>How a victim is chosen when memory is full.</summary>
public enum ReplacementKind : byte
{
    /// <summary>The page whose next use is farthest away: the optimum, which needs to know the future.</summary>
    Opt,
    /// <summary>The page that was loaded first.</summary>
    Fifo,
    /// <summary>The page whose last use is longest ago.</summary>
    Lru,
    /// <summary>The first page in a circle without its reference bit, which loading sets.</summary>
    Clock,
    /// <summary>The same, where loading leaves the reference bit clear.</summary>
    ClockClear,
    /// <summary>Not recently used: a page of the lowest of four classes by reference and dirty bit.</summary>
    Nru,
    /// <summary>The page with the lowest counter, into which reference bits are shifted at each tick.</summary>
    Aging,
    /// <summary>The first clean page in a circle that has left its working set.</summary>
    WsClock,
    /// <summary>The tail of an inactive list, from which pages that are used again move to an active one.</summary>
    TwoList,
}

/// <summary>How a policy is set up.</summary>
/// <param name="Kind">Which it is.</param>
/// <param name="Frames">How many pages memory holds.</param>
/// <param name="Tick">NRU, aging: after how many references the clock ticks.</param>
/// <param name="Window">WSClock: how many references a page stays in the working set.</param>
/// <param name="Ratio">
/// Two lists: how many times larger than the inactive list the active one may be; 0 to follow the size of memory.
/// </param>
public sealed record ReplacementSettings(ReplacementKind Kind, int Frames, int Tick, int Window, int Ratio)
{
    /// <summary>The most frames.</summary>
    public const int FramesMost = 1 << 24;
}

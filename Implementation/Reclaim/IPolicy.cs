namespace PageProof.Implementation.Reclaim;

/// <summary>
/// A replacement policy as a struct, so that the loop over references is compiled for each alone. Pages are
/// small numbers in the order in which they were first seen.
/// </summary>
internal interface IPolicy
{
    /// <summary>Makes room for pages of numbers below this.</summary>
    void Grow(int pages);

    /// <summary>Notes the use of a page in memory; false when it is not there. Each reference comes here
    /// first.</summary>
    bool TryUse(int page, uint mask);

    /// <summary>Brings a page into memory, and tells what had to go.</summary>
    Eviction Load(int page, uint mask);

    /// <summary>What is noted of a page.</summary>
    PageMarks Look(int page);
}

/// <summary>What goes when a page comes.</summary>
/// <param name="Victim">The page, or -1 when a frame was free.</param>
/// <param name="Dirty">1 when it has to be written back, else 0.</param>
/// <param name="Cleaned">How many pages were written back and stayed.</param>
internal readonly record struct Eviction(int Victim, int Dirty, int Cleaned)
{
    public static Eviction None => new(-1, 0, 0);
}

/// <summary>What is noted of a page, in a byte.</summary>
[Flags]
internal enum PageMarks : byte
{
    None = 0,
    Resident = 1,
    Dirty = 2,
    Referenced = 4,
    // Two lists: on the active one, and found used there, or on the inactive one.
    Active = 8,
    FoundUsed = 16,
}

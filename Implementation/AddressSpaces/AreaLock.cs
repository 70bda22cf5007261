namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// The lock of one area, for faults that do without that of the whole space. Whoever changes the area holds the write
/// lock of the space, marks the area, and waits for its readers; all marks are void when the write lock is given up.
/// Whoever reads it is noted first, and looks for the mark then: so one of both sees the other.
/// </summary>
internal struct AreaLock
{
    /// <summary>The epoch of the tree in which it was marked last.</summary>
    public ulong Mark;

    /// <summary>The CPUs that read it, a bit each.</summary>
    public uint Readers;
}

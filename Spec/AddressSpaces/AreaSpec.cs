using PageProof.Contract;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// The parts of areas, and which neighbours are one.
/// Source: mmap(2) and mprotect(2), of what is done to a part of a mapping; proc_pid_maps(5) on offsets.
/// </summary>
public static class AreaSpec
{
    /// <summary>The part of an area below an address.</summary>
    [Lifted("areas.spec.lower")]
    public static Area LowerOf(in Area area, ulong address) => area with { End = address };

    /// <summary>The part from an address on: what lies behind an address stays there.</summary>
    [Lifted("areas.spec.upper")]
    public static Area UpperOf(in Area area, ulong address) => area with
    {
        Start = address,
        Offset = area.IsPrivateAnonymous ? 0 : area.Offset + (address - area.Start),
    };

    /// <summary>
    /// Whether two areas are one: the second begins where the first ends, behind it lies what comes next, and nothing
    /// else that a process could know of tells them apart.
    /// </summary>
    [Lifted("areas.spec.areOne")]
    public static bool AreOne(in Area low, in Area high) =>
        low.End == high.Start && low.Protection == high.Protection && low.Shared == high.Shared
        && low.Object == high.Object && low.Locked == high.Locked && low.GrowsDown == high.GrowsDown
        && high.Offset == (low.IsPrivateAnonymous ? 0 : low.Offset + (low.End - low.Start));

    /// <summary>Two areas as one.</summary>
    [Lifted("areas.spec.joined")]
    public static Area Joined(in Area low, in Area high) => low with
    {
        End = high.End,
        Touched = low.Touched || high.Touched,
        Seams = low.Seams || high.Seams,
    };

    /// <summary>The page of the object that lies behind an address.</summary>
    [Lifted("areas.spec.page")]
    public static ulong PageOf(in Area area, ulong address) =>
        (area.Offset + (address - area.Start)) / PageContent.Bytes;
}

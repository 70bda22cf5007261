using PageProof.Contract;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// Which parts areas have, and which of them could be one: sums of addresses and offsets that the tables and the
/// tree do not matter to. None of them overflows for addresses of users.
/// </summary>
internal static class AreaArithmetic
{
    /// <summary>The part of an area below an address in it.</summary>
    [Lifted("areas.lower")]
    public static Area LowerOf(in Area area, ulong address)
    {
        Area lower = area;
        lower.End = address;
        return lower;
    }

    /// <summary>The part from an address on, with what lies behind it.</summary>
    [Lifted("areas.upper")]
    public static Area UpperOf(in Area area, ulong address)
    {
        Area upper = area;
        upper.Offset += address - area.Start;
        upper.Start = address;
        return upper;
    }

    /// <summary>An area elsewhere, of another size, which begins with what lies behind an address of it.</summary>
    [Lifted("areas.moved")]
    public static Area Moved(in Area area, ulong from, ulong target, ulong size)
    {
        Area moved = area;
        moved.Offset += from - area.Start;
        (moved.Start, moved.End) = (target, target + size);
        return moved;
    }

    /// <summary>Whether what follows could as well be a part of an area.</summary>
    [Lifted("areas.continues")]
    public static bool Continues(in Area area, in Area next) => area.End == next.Start && area.Object == next.Object
        && area.Protection == next.Protection
        && (area.IsAnonymous || area.Offset + (area.End - area.Start) == next.Offset)
        && ((area.Flags ^ next.Flags) & ~AreaFlags.Touched) == 0;

    /// <summary>An area and what continues it as one.</summary>
    [Lifted("areas.merged")]
    public static Area Merged(in Area area, in Area next)
    {
        Area merged = area;
        merged.Flags |= next.Flags;
        merged.End = next.End;
        return merged;
    }

    /// <summary>The page of the object that lies behind an address.</summary>
    [Lifted("areas.page")]
    public static ulong PageOf(in Area area, ulong address) =>
        area.Offset + (address - area.Start) >> AddressSpace.PageBits;
}

using PageProof.Contract.AddressSpaces;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>What is known of an area besides its protection.</summary>
[Flags]
internal enum AreaFlags : byte
{
    None = 0,

    /// <summary>Stores go to what lies behind; otherwise the process gets copies.</summary>
    Shared = 1 << 0,

    /// <summary>A page of it may be the process's own, so that a fork has to look.</summary>
    Touched = 1 << 1,

    /// <summary>Its pages are to stay in memory.</summary>
    Locked = 1 << 2,

    /// <summary>It grows when an address below it is accessed.</summary>
    GrowsDown = 1 << 3,
}

/// <summary>A range of addresses of a process that are mapped alike.</summary>
internal struct Area
{
    /// <summary>There is no object: each process has zeros of its own.</summary>
    public const int NoObject = -1;

    /// <summary>The first address.</summary>
    public ulong Start;

    /// <summary>The address after the last.</summary>
    public ulong End;

    /// <summary>Where in the object it begins; of no account without one.</summary>
    public ulong Offset;

    /// <summary>The object that lies behind.</summary>
    public int Object;

    public MemoryProtection Protection;

    public AreaFlags Flags;

    public readonly bool IsShared => (Flags & AreaFlags.Shared) != 0;

    public readonly bool IsLocked => (Flags & AreaFlags.Locked) != 0;

    public readonly bool GrowsDown => (Flags & AreaFlags.GrowsDown) != 0;

    /// <summary>It is private, and a store makes a page of one's own.</summary>
    public readonly bool GetsCopies => !IsShared && (Protection & MemoryProtection.Write) != 0;

    public readonly bool IsAnonymous => Object == NoObject;

    /// <summary>Whether an address lies in it.</summary>
    public readonly bool Contains(ulong address) => address - Start < End - Start;

    /// <summary>The page of the object that lies behind an address.</summary>
    public readonly ulong PageAt(ulong address) => AreaArithmetic.PageOf(this, address);

    /// <summary>
    /// The addresses behind which pages of the object lie, from one to another; false when there are none here.
    /// </summary>
    public readonly bool PagesOf(ulong first, ulong last, out ulong start, out ulong end)
    {
        ulong low = PageAt(Start), high = PageAt(End - 1);
        start = Start + (Math.Max(first, low) - low << 12);
        end = Start + (Math.Min(last, high) - low + 1 << 12);
        return first <= high && last >= low;
    }

    public override readonly string ToString() =>
        $"{Start:x}-{End:x} {Protection} of {Object} from 0x{Offset:x}, {Flags}";

    /// <summary>Whether what follows could as well be a part of it.</summary>
    public readonly bool Continues(in Area next) => AreaArithmetic.Continues(this, next);
}

using PageProof.Contract.Frames;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Swap;

namespace PageProof.Implementation.AddressSpaces;

internal readonly ref partial struct PageFault<TYield>
{
    // A slot has the page: it comes back as it was, and a store then goes on as to any page that is there.
    private FaultEnd FromSwap(ref Area area, ulong at, ulong entry)
    {
        if (!TryLock(at, entry))
        {
            return FaultEnd.Resolved;
        }

        var end = BringBack(area, at, entry, out bool read);
        ulong leaf = EntryAt(at);
        _cpu.UnlockTables(space);
        if (end != FaultEnd.Resolved)
        {
            return end;
        }

        long minor = space.MinorFaults;
        if (writes && (leaf & EntryBits.Writable) == 0 && !TryWritable(ref area, at, leaf))
        {
            return FaultEnd.NoMemory;
        }

        // All of it is one fault.
        space.MinorFaults = minor;
        Count(read);
        return FaultEnd.Resolved;
    }

    /// <summary>The entry of a page in a slot leads to its frame again. Under the lock of the tables.</summary>
    public FaultEnd BringBack(in Area area, ulong at, ulong entry, out bool read)
    {
        var place = SwapLeaves.PlaceOf(entry);
        var end = SwapLeaves.Bring(_cpu, place, out int frame, out read);
        if (end != FaultEnd.Resolved)
        {
            return end;
        }

        if (_cpu.Pages.Table.Map(frame, space.Number, page >> AddressSpace.PageBits) != FrameOutcome.Done)
        {
            return FaultEnd.NoMemory;
        }

        bool own = AbsentLeaf.IsExclusive(entry);
        _cpu.Pages.Table[frame].Flags |= own ? FrameFlags.Exclusive : FrameFlags.None;
        ulong marks = EntryBits.Accessed | (own && writes ? EntryBits.Dirty : 0);
        Store(area, at, page, PhysicalPages.AddressOf(frame) | marks, own);
        SwapLeaves.Drop(_cpu, space, entry);

        // What is about to be changed, or takes a slot that is missed, is kept in memory alone.
        var swap = _cpu.Core.Swap.Space;
        if (writes || 2 * swap.Free < swap.Usable)
        {
            SwapLeaves.TryForget(_cpu, frame);
        }

        return FaultEnd.Resolved;
    }
}

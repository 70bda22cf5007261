using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>Pages of a process for whoever reaches them behind its tables, under the lock of its space.</summary>
internal static class UserPages
{
    /// <summary>
    /// The frame of a page that is to be read. Where the process has another right than to read, only pages of its own
    /// can be taken: whether those of files are present depends on what others did.
    /// </summary>
    public static FaultEnd TakeForReading<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong page, out int frame)
        where TYield : struct, IWait
    {
        frame = 0;
        int node = space.AreaAt(page);
        if (node == 0 || space.Areas[node].Protection == MemoryProtection.None)
        {
            return node == 0 ? FaultEnd.NoArea : FaultEnd.Forbidden;
        }

        ref var area = ref space.Areas[node];
        bool reads = (area.Protection & MemoryProtection.Read) != 0;
        bool tries = reads || SwapLeaves.IsAway(EntryOf(cpu, space, page));
        var end = tries ? TouchUntilThere(cpu, space, ref area, page, writes: false) : FaultEnd.Resolved;
        if (end == FaultEnd.Resolved)
        {
            ulong entry = EntryOf(cpu, space, page);
            frame = PhysicalPages.FrameOf(entry);
            end = reads || cpu.Pages.Table[frame].Kind == FrameKind.Anonymous ? end : FaultEnd.Forbidden;
        }

        return end;
    }

    /// <summary>
    /// The frame of a page that is to be pinned. In private memory that is the process's own, so that no copy comes
    /// between it and who has pinned it; but who reads for a short time can have what is not anonymous, too.
    /// </summary>
    public static FaultEnd TakeToPin<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong page, PinFlags flags, out int frame)
        where TYield : struct, IWait
    {
        frame = 0;
        bool writes = (flags & PinFlags.Write) != 0;
        int node = space.AreaAt(page);
        if (node == 0 || (space.Areas[node].Protection
            & (writes ? MemoryProtection.Write : MemoryProtection.Read)) == 0)
        {
            return node == 0 ? FaultEnd.NoArea : FaultEnd.Forbidden;
        }

        ref var area = ref space.Areas[node];
        var end = TouchUntilThere(cpu, space, ref area, page, writes);
        FaultRetries retries = default;
        while (end == FaultEnd.Resolved && !area.IsShared && MustUnshare(cpu, EntryOf(cpu, space, page), flags))
        {
            end = TouchUntilThere(cpu, space, ref area, page, writes: true);
            retries.Add(page);
        }

        frame = end == FaultEnd.Resolved ? PhysicalPages.FrameOf(EntryOf(cpu, space, page)) : 0;
        return end;
    }

    /// <summary>The entry of a page; 0 when there is none.</summary>
    public static ulong EntryOf<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong page)
        where TYield : struct, IWait
    {
        var entries = cpu.EntriesOf(space, page, page + AddressSpace.PageBytes);
        return entries.MoveNext() ? entries.Entry : 0;
    }

    // A fault of another CPU may take the page away once more to put its own copy there.
    private static FaultEnd TouchUntilThere<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ref Area area, ulong page, bool writes)
        where TYield : struct, IWait
    {
        FaultRetries retries = default;
        var end = Population.Touch(cpu, space, ref area, page, writes);
        while (end == FaultEnd.Resolved && IsAway(EntryOf(cpu, space, page)))
        {
            retries.Add(page);
            end = Population.Touch(cpu, space, ref area, page, writes);
        }

        return end;
    }

    private static bool IsAway(ulong entry) => entry == 0 || SwapLeaves.IsAway(entry);

    // Whether another page could take the place of a private one while it is pinned.
    private static bool MustUnshare<TYield>(in KernelCpu<TYield> cpu, ulong entry, PinFlags flags)
        where TYield : struct, IWait =>
        IsAway(entry) || (cpu.Pages.Table[PhysicalPages.FrameOf(entry)].Kind == FrameKind.Anonymous
            ? !PageEdits.IsExclusive(cpu, entry)
            : (flags & PinFlags.LongTerm) != 0);
}

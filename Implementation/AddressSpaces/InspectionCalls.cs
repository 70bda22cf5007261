using System.Buffers.Binary;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>The memory of a process as others see it: written by force, and told by what is present.</summary>
internal static class InspectionCalls
{
    private const int PagesMost = 64;

    /// <summary>
    /// Writes up to eight bytes, whatever the process itself may do, up to the first page that cannot be: to a copy
    /// of the process's own in private memory, and to what lies behind only where that can be stored to. If it is
    /// raced, the first page is dropped once, as another thread could do it, when it has just been made ready.
    /// </summary>
    public static CallEnd ForceWrite<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, ulong length, ulong value, bool raced)
        where TYield : struct, IWait
    {
        if ((long)address < 0)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        int written = 0, evictions = 0;
        var end = FaultEnd.Resolved;
        FaultRetries retries = default;
        cpu.LockToLook(space);
        while (written < (int)length && end == FaultEnd.Resolved)
        {
            ulong at = address + (ulong)written;
            int offset = (int)(at % AddressSpace.PageBytes);
            int count = Math.Min((int)length - written, (int)AddressSpace.PageBytes - offset);
            end = Reach(cpu, space, at, raced && written == 0, out int frame);
            if (end == FaultEnd.Resolved)
            {
                // Before the next page is looked at, which may be a copy of this one.
                Write(cpu.Pages, frame, bytes.Slice(written, count), offset);
                cpu.Core.Watch?.Tell(SharingNoteKind.Force, space, AddressSpace.PageStart(at), LeafOf(frame));
                written += count;
            }
            else if (end == FaultEnd.Migrating)
            {
                retries.Add(at);
                Population.AwaitMigration(cpu, space);
                end = FaultEnd.Resolved;
            }
            else if (end == FaultEnd.NoMemory && written > 0 && evictions++ < Population.EvictionsMost
                && Population.TryMakeRoom(cpu, space))
            {
                // What has been written is not written again, as it would be if all of the call began anew.
                end = FaultEnd.Resolved;
            }
        }

        cpu.Flush(space);
        cpu.Unlock(space);
        return written > 0 || length == 0 ? CallEnd.Done(0, (ulong)written)
            : CallEnd.Failed(end == FaultEnd.NoMemory ? Errno.ENOMEM : Errno.EIO);
    }

    /// <summary>Tells which of the pages of a range are mapped to frames, a bit each.</summary>
    public static CallEnd Presence<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length)
        where TYield : struct, IWait
    {
        ulong present = 0;
        cpu.LockToLook(space);
        for (int place = 0; place < PagesMost && (ulong)place * AddressSpace.PageBytes < length; place++)
        {
            ulong page = start + (ulong)place * AddressSpace.PageBytes;
            ulong entry = space.AreaAt(page) == 0 ? 0 : UserPages.EntryOf(cpu, space, page);
            present |= entry != 0 && !SwapLeaves.IsSwap(entry) ? 1UL << place : 0;
        }

        cpu.Unlock(space);
        return CallEnd.Done(present);
    }

    // The frame in which a page can be written by force: it is looked up, and as long as it is not as it has to be,
    // made so, and looked up again.
    private static FaultEnd Reach<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, bool raced, out int frame)
        where TYield : struct, IWait
    {
        frame = 0;
        int node = StackGrowth.Reach(cpu, space, address);
        if (node == 0)
        {
            return FaultEnd.NoArea;
        }

        ref var area = ref space.Areas[node];
        if (area.IsShared && (area.Protection & MemoryProtection.Write) == 0)
        {
            return FaultEnd.Forbidden;
        }

        ulong page = AddressSpace.PageStart(address);
        bool writes = true;
        FaultRetries retries = default;
        while (raced || !TryFind(cpu, space, area, page, writes, out frame))
        {
            var end = Population.Touch(cpu, space, ref area, page, writes);
            if (end != FaultEnd.Resolved)
            {
                return end;
            }

            if (raced && !area.IsLocked)
            {
                cpu.LockTables(space);
                PageEdits.Zap(cpu, space, area, page, page + AddressSpace.PageBytes);
                cpu.Flush(space);
                cpu.UnlockTables(space);
            }

            raced = false;
            retries.Add(address);
        }

        return FaultEnd.Resolved;
    }

    // In private memory only a page of the process's own is to be written, whether or not it may do that itself.
    private static bool TryFind<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, in Area area, ulong page, bool writes, out int frame)
        where TYield : struct, IWait
    {
        ulong entry = UserPages.EntryOf(cpu, space, page);
        entry = SwapLeaves.IsAway(entry) ? 0 : entry;
        ulong leaf = area.Protection == MemoryProtection.None && entry != 0 ? HiddenLeaf.Shown(entry) : entry;
        frame = PhysicalPages.FrameOf(leaf);
        return entry != 0 && (!writes
            || (area.IsShared ? (leaf & EntryBits.Writable) != 0 : PageEdits.IsExclusive(cpu, leaf)));
    }

    private static ulong LeafOf(int frame) => PhysicalPages.AddressOf(frame) | EntryBits.Present;

    private static void Write(PhysicalPages pages, int frame, ReadOnlySpan<byte> bytes, int at)
    {
        bytes.CopyTo(pages.BytesOf(frame)[at..]);
        pages.Table[frame].Flags |= FrameFlags.Dirty;
    }
}

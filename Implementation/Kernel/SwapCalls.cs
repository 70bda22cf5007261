using System.Diagnostics;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Swap;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Swap;

namespace PageProof.Implementation.Kernel;

/// <summary>swapon and swapoff, zswap, and frames that are given up or moved because somebody asks for it.</summary>
internal static class SwapCalls
{
    // Not for ever, since pages can come back as fast as they go.
    private const int RoomsMost = 64;

    // What goes to a device that is being emptied was on its way before: that ends, unless slots are never given up.
    private const int RoundsMost = 1000;

    /// <summary>What a command asks of it.</summary>
    public static CallEnd Call<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        switch (command.Kind)
        {
            case KernelCommandKind.SwapOn:
                return On(cpu, command.Swap.Value, command.Value);
            case KernelCommandKind.SwapOff:
                return Off(cpu, command.Swap.Value);
            case KernelCommandKind.Reclaim:
                return Reclaim(cpu, command.Length.Value);
            case KernelCommandKind.SwapFault:
                cpu.Core.Swap.FailsIn = command.Value;
                return CallEnd.Done();
            case KernelCommandKind.Zswap:
                return Compress(cpu, command.Compressor, command.Value);
            case KernelCommandKind.Compact:
                return Compact(cpu, space, address, command);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Lets pages go to a device.</summary>
    private static CallEnd On<TYield>(in KernelCpu<TYield> cpu, int device, ulong priority)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        if (swap.AreaOf(device) is not null)
        {
            return CallEnd.Failed(Errno.EBUSY);
        }

        swap.SwitchOn(device, priority == 0 ? null : (int)Math.Min(priority - 1, (ulong)short.MaxValue));
        return CallEnd.Done();
    }

    /// <summary>
    /// Brings back all that a device holds, and lets it go. When there is no room for all, or one of its pages cannot
    /// be read, it stays on, and so does what it holds.
    /// </summary>
    private static CallEnd Off<TYield>(in KernelCpu<TYield> cpu, int device)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        if (swap.AreaOf(device) is not { } area || !swap.Space.AreaOf(area)!.IsOpen)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        swap.Space.Close(area);
        var end = FaultEnd.Resolved;
        for (int rooms = 0; swap.Space.AreaOf(area)!.Used > 0; rooms++)
        {
            if (rooms > RoundsMost)
            {
                throw new InvalidOperationException($"Swap device {device} is never empty.");
            }

            end = BringAll(cpu, area);
            if (end == FaultEnd.NoMemory ? rooms >= RoomsMost || !PageReclaim.TryMakeRoom(cpu) : end == FaultEnd.Lost)
            {
                swap.Space.Reopen(area);
                return CallEnd.Failed(end == FaultEnd.Lost ? Errno.EIO : Errno.ENOMEM);
            }

            Forget(cpu, area);
        }

        swap.SwitchOff(device);
        return CallEnd.Done();
    }

    /// <summary>Gives up so many bytes of pages; without a number, what the background does.</summary>
    private static CallEnd Reclaim<TYield>(in KernelCpu<TYield> cpu, ulong bytes)
        where TYield : struct, IWait
    {
        if (bytes == 0)
        {
            PageReclaim.Balance(cpu);
        }
        else
        {
            ulong pages = AddressSpace.PageAlign(bytes) >> AddressSpace.PageBits;
            PageReclaim.Shrink(cpu, (int)Math.Min(pages, int.MaxValue));
        }

        return CallEnd.Done();
    }

    /// <summary>Puts zswap before the devices, or takes it away; what is in it stays.</summary>
    private static CallEnd Compress<TYield>(in KernelCpu<TYield> cpu, ZswapCompressor compressor, ulong pages)
        where TYield : struct, IWait
    {
        cpu.Core.Swap.Compress(compressor, (int)pages);
        return CallEnd.Done();
    }

    /// <summary>Moves the pages of a range; without a length, what is in the way of a free block.</summary>
    private static CallEnd Compact<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        if (command.Length.Value == 0)
        {
            MemoryCompaction.MakeBlock(cpu, (int)Math.Min(command.Value, int.MaxValue));
        }
        else
        {
            MemoryCompaction.MoveRange(cpu, space, address, command.Length.Value);
        }

        return CallEnd.Done();
    }

    private static FaultEnd BringAll<TYield>(in KernelCpu<TYield> cpu, SwapAreaNumber area)
        where TYield : struct, IWait
    {
        foreach (var space in cpu.Core.Spaces)
        {
            if (space.Swapped > 0 && cpu.TryVisit(space))
            {
                var end = BringAll(cpu, space, area);
                cpu.Flush(space);
                cpu.EndVisit(space);
                if (end != FaultEnd.Resolved)
                {
                    return end;
                }
            }
        }

        return ObjectPages.BringFrom(cpu, area);
    }

    private static FaultEnd BringAll<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, SwapAreaNumber area)
        where TYield : struct, IWait
    {
        var end = FaultEnd.Resolved;
        var entries = cpu.EntriesOf(space, 0, AddressSpace.UserEnd);
        while (end == FaultEnd.Resolved && space.Swapped > 0 && entries.MoveNext())
        {
            if (SwapLeaves.IsSwap(entries.Entry) && SwapLeaves.PlaceOf(entries.Entry).Area == area)
            {
                PageFault<TYield> fault = new(cpu, space, entries.Page, false);
                end = fault.BringBack(space.Areas[space.AreaAt(entries.Page)], entries.At, entries.Entry, out _);
            }
        }

        return end;
    }

    // Pages of which only the cache still names the slot.
    private static void Forget<TYield>(in KernelCpu<TYield> cpu, SwapAreaNumber area)
        where TYield : struct, IWait
    {
        var swap = cpu.Core.Swap;
        for (int from = 0; swap.Space.TryNextUsed(area, from, out var place); from = (int)place.Slot.Value + 1)
        {
            if (swap.Cache.Find(place) is var frame and not SwapCache.None)
            {
                SwapLeaves.TryForget(cpu, frame);
            }
        }
    }
}

using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Frames;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// Which pages are moved, and to where: those of a range of a process, or those in the way of a block that is to be
/// free. Others take frames and give them back meanwhile, so that a block may still not be free in the end.
/// </summary>
internal static class MemoryCompaction
{
    /// <summary>Moves the pages of a range; what has no frame to go to stays.</summary>
    public static void MoveRange<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length)
        where TYield : struct, IWait
    {
        ulong from = Math.Min(start, AddressSpace.UserEnd), end = from + Math.Min(length, AddressSpace.UserEnd - from);
        ulong first = AddressSpace.PageStart(from);
        if (first >= end)
        {
            return;
        }

        cpu.LockToLook(space);
        AdviceOut.Note(cpu, space, first, end);
        cpu.Unlock(space);
        var going = cpu.Core.GoingOf[cpu.Self.Number.Value];
        while (going.Count > 0)
        {
            int frame = going[^1];
            going.RemoveAt(going.Count - 1);
            if (cpu.TryTake(cpu.Pages.Table[frame].Kind, out int target))
            {
                PageMigration.TryMove(cpu, frame, target);
            }
            else
            {
                SwapLeaves.LetGo(cpu, frame);
            }
        }
    }

    /// <summary>
    /// Empties the block of an order that takes the fewest moves, if none is free, and so many frames are.
    /// </summary>
    public static void MakeBlock<TYield>(in KernelCpu<TYield> cpu, int order)
        where TYield : struct, IWait
    {
        cpu.Frames.DrainAll();
        var free = cpu.Pages.Frames.Free;
        if (order > FrameOrder.Most || free.Has(order) || free.FreeFrames >> order == 0)
        {
            return;
        }

        BlockChoice<Content<TYield>> choice = new(cpu.Pages.Table, new(cpu));
        int block = choice.Cheapest(PhysicalPages.FirstFree, cpu.Pages.Total, order);
        if (block != BlockChoice<Content<TYield>>.None)
        {
            Empty(cpu, block, block + (1 << order));
            cpu.Frames.DrainAll();
        }
    }

    private static void Empty<TYield>(in KernelCpu<TYield> cpu, int block, int end)
        where TYield : struct, IWait
    {
        Content<TYield> content = new(cpu);
        var table = cpu.Pages.Table;
        int target = PhysicalPages.FirstFree + cpu.Pages.Total;
        for (int frame = block; frame < end; frame++)
        {
            cpu.Yield.Point(YieldKind.Lock);
            if (!content.IsMovable(frame))
            {
                continue;
            }

            do
            {
                target = target == end ? block - 1 : target - 1;
            }
            while (target >= PhysicalPages.FirstFree && !cpu.Pages.Frames.Free.TryTakeFrame(target));

            if (target < PhysicalPages.FirstFree)
            {
                return;
            }

            table.Begin(target, 0, table[frame].Kind);
            table.Hold(frame);
            PageMigration.TryMove(cpu, frame, target);
        }
    }

    // What is on a list is a page of somebody, and can go if nobody but entries and caches has it.
    private readonly struct Content<TYield>(KernelCpu<TYield> cpu) : IBlockContent
        where TYield : struct, IWait
    {
        private readonly KernelCpu<TYield> _cpu = cpu;

        public bool IsMovable(int frame)
        {
            ref var record = ref _cpu.Pages.Table[frame];
            return (record.Flags & FrameFlags.Listed) != 0 && record.Pins == 0 && record.References > 0
                && record.Holds == (_cpu.Core.Swap.Cache.Has(frame) ? 1 : 0);
        }
    }
}

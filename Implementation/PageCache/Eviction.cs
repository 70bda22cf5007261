using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>
/// Gives frames of file pages back when none is free: those that have been in memory longest. Each is unmapped by
/// its mappings, and flushed, and written back if it is dirty, before its frame is another's.
/// </summary>
internal static class Eviction
{
    // Few, so that what an instruction has just brought in is not what goes.
    private const int Batch = 4;

    /// <summary>
    /// Frees some frames, if none is free; false when there is no need or no way. No lock of a space is held.
    /// </summary>
    public static bool TryFree<TYield>(in KernelCpu<TYield> cpu)
        where TYield : struct, IWait
    {
        int freed = 0;
        for (int file = 0; file < cpu.Core.Cache.Files && cpu.Pages.Frames.FreeFrames == 0; file++)
        {
            for (int frame = OldestOf(cpu.Core, file); frame != ObjectCache.None && freed < Batch;)
            {
                ref var record = ref cpu.Pages.Table[frame];
                int younger = record.Previous;
                if (record.Pins == 0 && record.Holds == 0 && record.Order == 0)
                {
                    Evict(cpu, frame);
                    freed++;
                }

                frame = younger;
            }
        }

        return freed > 0;
    }

    // New ones are put in front.
    private static int OldestOf(KernelCore core, int file)
    {
        int frame = core.Cache[file].First;
        while (frame != ObjectCache.None && core.Pages.Table[frame].Next != ObjectCache.None)
        {
            frame = core.Pages.Table[frame].Next;
        }

        return frame;
    }

    private static void Evict<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        var table = cpu.Pages.Table;
        while (table[frame].FirstMapping != 0)
        {
            ref readonly var mapping = ref table.Mapping(table[frame].FirstMapping);
            Unmap(cpu, cpu.Core.Spaces[mapping.Space], mapping.Page << AddressSpace.PageBits);
        }

        WriteBack.WriteOne(cpu, frame);
        ObjectPages.Remove(cpu, frame);
    }

    private static void Unmap<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong page)
        where TYield : struct, IWait
    {
        cpu.Lock(space);
        cpu.LockTables(space);
        PageEdits.ZapKind(cpu, space, page, page + AddressSpace.PageBytes, FrameKind.File);
        cpu.UnlockTables(space);
        cpu.Flush(space);
        cpu.Unlock(space);
    }
}

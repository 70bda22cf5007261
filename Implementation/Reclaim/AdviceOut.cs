using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// MADV_PAGEOUT: the frames of a range are noted and held under the lock of its space, and given up without it.
/// </summary>
internal static class AdviceOut
{
    /// <summary>Notes what is present in a range.</summary>
    public static void Note<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var going = cpu.Core.GoingOf[cpu.Self.Number.Value];
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            ulong entry = entries.Entry;
            int frame = SwapLeaves.IsAway(entry) ? PhysicalPages.ZeroFrame
                : PhysicalPages.FrameOf(entry.IsPresent ? entry : HiddenLeaf.Shown(entry));
            if (frame != PhysicalPages.ZeroFrame && cpu.Pages.Table.Hold(frame) == FrameOutcome.Done)
            {
                going.Add(frame);
            }
        }
    }

    /// <summary>Gives up what was noted.</summary>
    public static void Go<TYield>(in KernelCpu<TYield> cpu)
        where TYield : struct, IWait
    {
        var going = cpu.Core.GoingOf[cpu.Self.Number.Value];
        while (going.Count > 0)
        {
            int frame = going[^1];
            going.RemoveAt(going.Count - 1);
            PageReclaim.PageOut(cpu, frame);
        }
    }
}

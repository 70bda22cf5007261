using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Frames;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>One CPU at work for the kernel. A handle of a few words.</summary>
/// <typeparam name="TYield">Where other CPUs may run.</typeparam>
internal readonly partial struct KernelCpu<TYield>(KernelCore core, SmpCpu self, TYield yield)
    where TYield : struct, IWait
{
    private const int Levels = 4;

    public KernelCore Core => core;

    public SmpCpu Self => self;

    public TYield Yield => yield;

    public PhysicalPages Pages => core.Pages;

    public FlatMemory Memory => core.Pages.Memory;

    /// <summary>What edits leave to be flushed.</summary>
    public Gather Gather => self.Gather;

    /// <summary>Areas that are unmapped, with pages that are not gone yet.</summary>
    public List<Area> Detached => Waits.Detached;

    /// <summary>The frames as this CPU gives them out and takes them back.</summary>
    public CpuFrames<TYield> Frames => new(core.Pages.Frames, self.Number.Value, yield);

    /// <summary>Runs a process on this CPU from now on.</summary>
    public void Run(AddressSpace space) => ContextSwitch.To(self, space.Shared!, yield);

    /// <summary>The tables of a space, to be edited under their lock.</summary>
    public PageTableEditor<FlatMemory, CpuFrames<TYield>, TYield> EditorOf(AddressSpace space) =>
        new(Memory, Frames, yield, space.Top, Levels);

    /// <summary>The entries for small pages of a space in a range that are not empty.</summary>
    public LeafCursor<FlatMemory> EntriesOf(AddressSpace space, ulong start, ulong end) =>
        new(Memory, space.Top.Value, Levels, start, end - 1, absent: true);

    /// <summary>
    /// Makes all CPUs forget what the edits of a space have left stale, and only then gives up what they held back.
    /// </summary>
    public void Flush(AddressSpace space) =>
        Shootdown.Run(self, space.Shared!, core.Cpus, new HeldPages<TYield>(this), yield);

    /// <summary>A frame for a page of processes, held once, whatever is in it; false when there is none.</summary>
    public bool TryTake(FrameKind kind, out int frame) => Frames.TryAllocate(0, kind, out frame);

    /// <summary>A frame for an anonymous page, which may be given up from now on; false when there is none.</summary>
    public bool TryTakeAnonymous(out int frame)
    {
        bool taken = TryTake(FrameKind.Anonymous, out frame);
        if (taken)
        {
            core.Lists.Add(frame, PageList.InactiveAnonymous);
        }

        return taken;
    }

    /// <summary>Makes a space with nothing in it; false when there is no memory.</summary>
    public bool TryBegin(AddressSpace space, ulong lastMapped)
    {
        if (!Frames.TryTake(out ulong top))
        {
            return false;
        }

        Pages.Clear(PhysicalPages.FrameOf(top));
        space.Begin(top, lastMapped);
        return true;
    }
}

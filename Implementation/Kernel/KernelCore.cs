using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// All that a kernel keeps: memory and its frames, CPUs, address spaces, and the cache of objects. What is
/// done with it is done by a <see cref="KernelCpu{TYield}"/>.
/// </summary>
internal sealed class KernelCore
{
    private const int MappingsOfFrame = 4;

    private readonly SmpCpu[] _all;
    private readonly CpuWaits[] _waits;
    private readonly MachineWatch _watch = new();
    private int _cpus;

    /// <summary>A kernel on CPUs whose TLBs have these sizes, with so much memory.</summary>
    public KernelCore(TlbGeometry geometry, int frames)
    {
        _all = [.. Enumerable.Range(0, KernelStart.CpusMax)
            .Select(number => new SmpCpu(new((byte)number), _watch, geometry))];
        _waits = [.. _all.Select(cpu => new CpuWaits(cpu, Migrations))];
        CallWaits = [.. _all.Select(cpu => new CallWait(cpu))];
        Spaces = [.. Enumerable.Range(0, KernelStart.ProcessesMax).Select(number => new AddressSpace(number))];
        Idle = new(KernelStart.ProcessesMax);
        Pages = new(frames, frames * MappingsOfFrame, KernelStart.CpusMax, new(High: 32, Batch: 8));
        Cache = new(Pages);
        Swap = new(frames);
        Pages.Frames.Lists = Lists = new(Pages.Table);
    }

    /// <summary>Faults take the slow path alone, for who compares both.</summary>
    public bool AlwaysSearches { get; set; }

    /// <summary>Which paths faults have taken.</summary>
    public FaultPathCounts Faults;

    public PhysicalPages Pages { get; }

    public ObjectCache Cache { get; }

    /// <summary>The frames that may be given up.</summary>
    public PageLists Lists { get; }

    /// <summary>The pages that are on their way to other frames.</summary>
    public Migrations Migrations { get; } = new(KernelStart.CpusMax);

    /// <summary>How many frames are to be free.</summary>
    public FrameMarks Marks { get; private set; }

    /// <summary>The devices of pages that are in no file.</summary>
    public SwapDevices Swap { get; }

    /// <summary>The frames that a CPU holds, to give them up when it has no lock; by its number.</summary>
    public List<int>[] GoingOf { get; } = [.. Enumerable.Range(0, KernelStart.CpusMax).Select(_ => new List<int>())];

    /// <summary>The mappings of the frame that a CPU looks at, by its number.</summary>
    public List<(int Space, ulong Page)>[] MappingsOf { get; } =
        [.. Enumerable.Range(0, KernelStart.CpusMax).Select(_ => new List<(int, ulong)>())];

    /// <summary>The device of the files.</summary>
    public FileStore Store { get; } = new();

    /// <summary>The address spaces by the numbers of their processes, whether or not there are any.</summary>
    public AddressSpace[] Spaces { get; }

    /// <summary>Who is told of frames that are shared; null for nobody.</summary>
    public SharingWatch? Watch { get; set; }

    /// <summary>The pipes by their numbers.</summary>
    public Pipe[] Pipes { get; } = [.. KernelSequence.PipeBuffers.Select(most => new Pipe(most))];

    /// <summary>What devices have pinned, by number.</summary>
    public PinSlot[] Pins { get; } =
        [.. Enumerable.Range(0, KernelSequence.Pins).Select(_ => new PinSlot(KernelSequence.PinMax))];

    /// <summary>The locks of files, of pipes and of pins.</summary>
    public CallLockSet Locks { get; } = new();

    /// <summary>What each CPU waits for in a call.</summary>
    public CallWait[] CallWaits { get; }

    /// <summary>What a CPU runs that has no process: no user address is mapped in it.</summary>
    public AddressSpace Idle { get; }

    public ReadOnlySpan<SmpCpu> Cpus => _all.AsSpan(0, _cpus);

    /// <summary>What a CPU waits for.</summary>
    public CpuWaits WaitsOf(int cpu) => _waits[cpu];

    /// <summary>A CPU whose waiting is to have others served.</summary>
    public KernelCpu<ServedAtOnce> Sequential(int cpu) => new(this, _all[cpu], new(_all));

    /// <summary>Begins anew: process 0 is there with nothing mapped, and so are the files.</summary>
    public void Reset(KernelStart start, ulong lastMapped, ulong heap)
    {
        _cpus = start.Cpus;
        foreach (var space in Spaces)
        {
            space.Reset();
        }

        foreach (var pipe in Pipes)
        {
            pipe.Reset();
        }

        foreach (var slot in Pins)
        {
            slot.Clear();
        }

        Locks.Reset();
        Pages.Reset(start.Frames);
        Lists.Reset();
        Migrations.Reset();
        Swap.Reset();
        Marks = FrameMarks.Of(Pages.Total);
        _watch.Reset();
        Watch?.Observer.Begin();
        Store.Clear();
        Cache.Reset(start.Files.AsSpan());
        foreach (var cpu in _all)
        {
            cpu.Reset();
        }

        foreach (var waits in _waits)
        {
            waits.Reset();
        }

        // Nothing runs yet, so what there is cannot be too little.
        Begin(Idle, lastMapped);
        Begin(Spaces[0], lastMapped);
        (Spaces[0].Heap, Spaces[0].Break) = (heap, heap);
        foreach (var cpu in Cpus)
        {
            Start(cpu, Idle.Shared!);
        }
    }

    private void Begin(AddressSpace space, ulong lastMapped)
    {
        if (!Sequential(0).TryBegin(space, lastMapped))
        {
            throw new InvalidOperationException("There is no memory for the first process.");
        }
    }

    private static void Start(SmpCpu cpu, SharedSpace space)
    {
        int slot = cpu.Slots.Recycle(space, null);
        cpu.Core.Reset(ControlState.LongMode with
        {
            Cr3 = new(space.Top.Value | PcidSlots.PcidOf(slot).Value),
            Cr4 = ControlState.LongMode.Cr4 | Cr4.ProcessContextIdentifiers,
            Efer = ControlState.LongMode.Efer | Efer.NoExecuteEnable,
        });
        cpu.Core.Enter(PrivilegeLevel.Ring3, alignmentCheck: false);
        cpu.Space = space;
        space.Mask |= cpu.Bit;
    }
}

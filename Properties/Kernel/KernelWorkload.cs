using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;

namespace PageProof.Properties.Kernel;

/// <summary>
/// A fixed sequence that asks for some thousands of frames: pages, tables at every level, forks of them, a stack, a
/// heap, a file and its cached pages, moves, pins and what forks copy of them, images, and processes that end. In the
/// end all that the first process has is read. No command touches pages in advance.
/// </summary>
internal static class KernelWorkload
{
    private const ulong Page = 4096;
    private const int Regions = 18;
    private const int PagesOfRegion = 3;
    private const int Rounds = 36;
    private const int FilePages = 40;
    private const int RoundsOfImages = 9;
    private const int PagesOfHeap = 4;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const MmapFlags OwnMemory = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;

    /// <summary>The sequence, at addresses of a kernel.</summary>
    public static KernelSequence Of(KernelCapabilities kernel)
    {
        List<KernelCommand> commands = [];
        ulong arena = kernel.Arena.Value;
        for (int region = 0; region < Regions; region++)
        {
            commands.Add(Map(RegionAt(arena, region), PagesOfRegion, OwnMemory));
            for (int page = 0; page < PagesOfRegion; page++)
            {
                commands.Add(Store(0, RegionAt(arena, region) + (ulong)page * Page, region));
            }
        }

        AddObjects(commands, arena);
        for (int round = 0; round < Rounds; round++)
        {
            AddRound(commands, arena, round);
        }

        for (int round = 0; round < RoundsOfImages; round++)
        {
            AddImage(commands, kernel, round);
        }

        AddTree(commands, arena);
        AddReading(commands, arena);
        KernelFile file = new(new(FilePages * Page), FileRights.Read | FileRights.Write);
        return new(new(KernelStart.ProcessesMax, 2, [file]), [.. commands]);
    }

    // Tables of their own for each, and for every second one a table above.
    private static ulong RegionAt(ulong arena, int region) => arena + ((ulong)(region / 2) << 30)
        + ((ulong)(region % 2) << 21);

    // A stack that grows, a file that is mapped, read and written, and shared memory without a name.
    private static void AddObjects(List<KernelCommand> commands, ulong arena)
    {
        ulong stack = arena + (40UL << 30), mapped = arena + (41UL << 30), shared = arena + (42UL << 30);
        commands.Add(Map(stack, 1, OwnMemory | MmapFlags.GrowsDown));
        for (ulong depth = 0; depth < 12; depth++)
        {
            commands.Add(Store(0, stack - depth * Page, 3));
        }

        commands.Add(Map(mapped, FilePages, MmapFlags.Shared | MmapFlags.Fixed));
        commands.Add(
            new() { Kind = KernelCommandKind.Checksum, Address = new(mapped), Length = new(FilePages * Page) });
        commands.Add(Map(mapped + (1UL << 21), FilePages, MmapFlags.Private | MmapFlags.Fixed));
        commands.Add(Map(shared, 8, MmapFlags.Shared | MmapFlags.Anonymous | MmapFlags.Fixed));
        for (int page = 0; page < 8; page++)
        {
            commands.Add(Store(0, shared + (ulong)page * Page, 5));
            commands.Add(Store(0, mapped + (1UL << 21) + (ulong)page * Page + Page - 4, 6));
            commands.Add(new()
            {
                Kind = KernelCommandKind.FileWrite,
                Offset = (ulong)(FilePages + 2 * page) * Page - 4,
                Length = new(8),
                Value = 7,
            });
        }
    }

    // A child that writes to what it has in common with its parent, moves some of it, and ends.
    private static void AddRound(List<KernelCommand> commands, ulong arena, int round)
    {
        commands.Add(Fork(0, 1));
        for (int region = 0; region < Regions; region += 3)
        {
            commands.Add(Store(1, RegionAt(arena, region) + Page - 4, round));
            commands.Add(Load(0, RegionAt(arena, region)));
        }

        ulong moved = RegionAt(arena, round % Regions), target = arena + (64UL << 30) + ((ulong)round << 30);
        commands.Add(Store(0, moved + 2 * Page, round));
        commands.Add(new()
        {
            Kind = KernelCommandKind.Mremap,
            Process = new(1),
            Address = new(moved),
            Length = new(PagesOfRegion * Page),
            NewLength = new(PagesOfRegion * Page),
            Target = new(target),
            Remap = MremapFlags.MayMove | MremapFlags.Fixed,
        });
        commands.Add(Load(1, target));
        commands.Add(new() { Kind = KernelCommandKind.Exit, Process = new(1) });
    }

    // What a device has pinned of the parent is copied for its child at once; the child has a heap, becomes an image
    // with a heap of its own, and ends.
    private static void AddImage(List<KernelCommand> commands, KernelCapabilities kernel, int round)
    {
        ulong arena = kernel.Arena.Value, pinned = RegionAt(arena, round), heap = kernel.Heap.Value;
        ulong text = arena + 4 * Page, data = text + 4 * Page, end = data + 3 * Page;
        PinNumber pin = new((byte)(round % KernelSequence.Pins));
        KernelCommand device = new() { Pin = pin, Length = new(8) };
        commands.Add(device with
        {
            Kind = KernelCommandKind.Pin,
            Address = new(pinned),
            Length = new(PagesOfRegion * Page),
            Pinning = PinFlags.Write | PinFlags.LongTerm,
        });
        commands.Add(Fork(0, 1));
        commands.Add(device with { Kind = KernelCommandKind.PinStore, Offset = Page - 4, Value = (ulong)round });
        commands.Add(device with { Kind = KernelCommandKind.PinLoad, Offset = Page });
        commands.Add(Load(0, pinned + Page - 4));
        commands.Add(Load(1, pinned + Page - 4));
        commands.Add(Store(1, pinned + Page, round));
        AddHeap(commands, 1, heap);
        commands.Add(new()
        {
            Kind = KernelCommandKind.Exec,
            Process = new(1),
            Address = new(text),
            Length = new(2 * Page - 16),
            Offset = (ulong)round * Page,
            Target = new(data + 16),
            NewLength = new(Page + 100),
            Value = Page,
        });
        commands.Add(Load(1, text + Page));
        commands.Add(Load(1, data + Page + 112));
        commands.Add(Store(1, end - Page, round));
        commands.Add(Store(1, kernel.StackTop.Value - 8, round));
        AddHeap(commands, 1, end);
        commands.Add(new() { Kind = KernelCommandKind.Exit, Process = new(1) });
        commands.Add(device with { Kind = KernelCommandKind.Unpin, Length = default });
        AddHeap(commands, 0, heap);
    }

    // It grows, and becomes smaller again by its upper half.
    private static void AddHeap(List<KernelCommand> commands, int process, ulong heap)
    {
        KernelCommand call = new() { Kind = KernelCommandKind.Brk, Process = new((byte)process) };
        commands.Add(call with { Address = new(heap + PagesOfHeap * Page) });
        for (int page = 0; page < PagesOfHeap; page++)
        {
            commands.Add(Store(process, heap + (ulong)page * Page, page));
        }

        commands.Add(call with { Address = new(heap + PagesOfHeap / 2 * Page) });
    }

    private static void AddReading(List<KernelCommand> commands, ulong arena)
    {
        KernelCommand all = new() { Kind = KernelCommandKind.Checksum, Length = new(32 * Page) };
        commands.Add(new() { Kind = KernelCommandKind.Maps });
        for (int region = 0; region < Regions; region++)
        {
            commands.Add(all with { Address = new(RegionAt(arena, region)) });
        }

        commands.Add(all with { Address = new(arena + (40UL << 30) - 16 * Page) });
        commands.Add(all with { Address = new(arena + (41UL << 30) + (1UL << 21)) });
        commands.Add(all with { Address = new(arena + (42UL << 30)) });
    }

    // Forks of forks, which all write, and end in another order.
    private static void AddTree(List<KernelCommand> commands, ulong arena)
    {
        for (int child = 1; child < KernelStart.ProcessesMax; child++)
        {
            commands.Add(Fork(child / 2, child));
            for (int region = 0; region < Regions; region += 6)
            {
                commands.Add(Store(child, RegionAt(arena, region) + 8, child));
            }
        }

        for (int child = 0; child < KernelStart.ProcessesMax; child++)
        {
            commands.Add(Load(child, RegionAt(arena, 0) + 8));
            commands.Add(Load(child, RegionAt(arena, 1) + 2 * Page));
        }

        for (int child = 1; child < KernelStart.ProcessesMax; child++)
        {
            commands.Add(new() { Kind = KernelCommandKind.Exit, Process = new((byte)child) });
        }
    }

    private static KernelCommand Map(ulong address, int pages, MmapFlags flags) => new()
    {
        Kind = KernelCommandKind.Mmap,
        Address = new(address),
        Length = new((ulong)pages * Page),
        Protection = ReadWrite,
        Flags = flags,
    };

    private static KernelCommand Store(int process, ulong address, int value) => new()
    {
        Kind = KernelCommandKind.Store,
        Process = new((byte)process),
        Cpu = new((byte)(process % 2)),
        Address = new(address),
        Length = new(8),
        Value = (ulong)value + 1,
    };

    private static KernelCommand Load(int process, ulong address) => new()
    {
        Kind = KernelCommandKind.Load,
        Process = new((byte)process),
        Cpu = new((byte)(process % 2)),
        Address = new(address),
        Length = new(8),
    };

    private static KernelCommand Fork(int process, int child) => new()
    {
        Kind = KernelCommandKind.Fork,
        Process = new((byte)process),
        Other = new((byte)child),
    };
}

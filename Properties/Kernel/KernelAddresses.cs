using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Addresses and lengths for commands: mostly of what was mapped last or beside it, at the edges of pages, and
/// now and then what no process can have.
/// </summary>
internal sealed class KernelAddresses(KernelCapabilities capabilities)
{
    private const ulong Page = 0x1000;
    private static readonly ulong[] LongLengths = [ulong.MaxValue, ulong.MaxValue - 0xFFF, ulong.MaxValue - 0x1FFF];
    private static readonly ulong[] StrangeAddresses =
    [
        AddressSpaceSpec.UserEnd, (1UL << 47) - 4, 1UL << 47, 1UL << 63, 0xFFFF_8000_0000_0000, 0xFFFF_FFFF_FFFF_F000,
        0xFFFF_FFFF_FFFF_FFFC,
    ];
    private static readonly ulong[] StrangeBreaks =
        [AddressSpaceSpec.UserEnd + 1, 1UL << 47, 1UL << 63, ulong.MaxValue - 0xFFF, ulong.MaxValue];
    private static readonly int[] Widths = [4, 8, 16, 64];
    private static readonly int[] Sizes = [1, 2, 4, 8];

    /// <summary>Begins a sequence: it uses so much of the arena that its ranges often meet.</summary>
    public void Begin(ref CaseRandom random, KernelWorld world) =>
        world.Width = Math.Min(random.Of(Widths), capabilities.ArenaPages);

    /// <summary>A range of pages for a call.</summary>
    public KernelCommand Range(ref CaseRandom random, KernelWorld world, KernelCommand command)
    {
        bool pages = command.Kind is KernelCommandKind.Checksum or KernelCommandKind.Presence;
        bool last = random.OneIn(12);
        ulong start = last ? (ulong)random.Below(4) * Page : Start(ref random, world, command);
        ulong length = (ulong)(1 + random.Below(random.OneIn(3) ? 8 : 3)) * Page;
        if (!last && random.OneIn(3) && Of(ref random, world, command) is { } whole)
        {
            (start, length) = (whole.Start, whole.End - whole.Start);
        }

        (start, length) = (pages ? 99 : random.Below(48)) switch
        {
            0 => (start, 0UL),
            1 or 2 => (start, length - (ulong)random.Below(0xFFF)),
            3 => (start + 1, length),
            4 => (start + (ulong)random.Below(0x1000), length),
            5 or 6 => (start, random.Of(LongLengths)),
            7 => (random.Of(StrangeAddresses), length),
            _ => (start, length),
        };
        return command with { FromLast = last, Address = new(start), Length = new(length) };
    }

    /// <summary>Some bytes for an access.</summary>
    public KernelCommand Bytes(ref CaseRandom random, KernelWorld world, KernelCommand command)
    {
        int size = random.Of(Sizes);
        bool last = random.OneIn(10);
        ulong start = last ? (ulong)random.Below(3) * Page
            : random.OneIn(8) && world.StackOf(command.Process.Value) is { } stack ? BelowStack(ref random, stack)
            : Start(ref random, world, command);
        ulong offset = random.Below(6) switch
        {
            0 => 0,
            1 => Page - (ulong)size,
            2 => Page - (ulong)(1 + random.Below(8)),
            3 => (ulong)random.Below(0x1000),
            _ => (ulong)random.Below(6) * 8,
        };
        return command with
        {
            FromLast = last,
            Address = new(!last && random.OneIn(30) ? random.Of(StrangeAddresses) : start + offset),
            Length = new((ulong)size),
        };
    }

    /// <summary>The command for an address that no process has.</summary>
    public KernelCommand Strange(ref CaseRandom random, KernelCommand command) =>
        command with { FromLast = false, Address = new(random.Of(StrangeAddresses)) };

    /// <summary>
    /// A mapping that is to grow down: about as far above the arena as the gap is long, or at the lowest address that
    /// there can be.
    /// </summary>
    public KernelCommand Stack(ref CaseRandom random, KernelCommand command) => command with
    {
        Address = new(random.OneIn(2)
            ? capabilities.MmapMinAddress + (ulong)random.Below(3) * Page
            : capabilities.Arena.Value + (KernelCapabilities.StackGapPages + (ulong)random.Below(20)) * Page),
        Length = new((ulong)(1 + random.Below(3)) * Page),
        Protection = random.OneIn(6) ? MemoryProtection.None : MemoryProtection.Read | MemoryProtection.Write,
        Flags = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.GrowsDown | MmapFlags.Fixed
            | (random.OneIn(6) ? capabilities.Flags & MmapFlags.Locked : 0),
    };

    /// <summary>An image whose parts lie in the arena, text before data.</summary>
    public KernelCommand Image(ref CaseRandom random, KernelCommand command) => command with
    {
        Address = new(capabilities.Arena.Value + (ulong)random.Below(4) * Page),
        Length = new((ulong)(1 + random.Below(3)) * Page - (ulong)random.Below(0x1000)),
        Offset = (ulong)random.Below(random.OneIn(3) ? 3 : 1) * Page,
        Target = new(capabilities.Arena.Value + (ulong)(8 + random.Below(4)) * Page
            + (random.OneIn(3) ? (ulong)random.Below(0x1000) : 0)),
        NewLength = new(random.OneIn(6) ? 0 : (ulong)random.Below(random.OneIn(2) ? 9 : 0x1800)),
        Value = random.OneIn(4) ? 0 : (ulong)random.Below(0x2800),
    };

    /// <summary>A break: mostly near the first one, at the edges of pages and within them.</summary>
    public KernelCommand Break(ref CaseRandom random, KernelCommand command)
    {
        ulong heap = capabilities.Heap.Value, page = heap + (ulong)random.Below(random.OneIn(3) ? 24 : 6) * Page;
        return command with
        {
            Address = new(random.Below(16) switch
            {
                0 => 0UL,
                1 => heap - (ulong)(1 + random.Below(0x1001)),
                2 => random.Of(StrangeBreaks),
                < 6 => page + (ulong)random.Below(0x1000),
                6 => page + 1,
                _ => page,
            }),
        };
    }

    private static AddressRange? Of(ref CaseRandom random, KernelWorld world, in KernelCommand command)
    {
        var ranges = world.RangesOf(command.Process.Value);
        return ranges.Count == 0 ? null : random.Of(ranges);
    }

    // A page below a stack, or as far down as it may grow.
    private ulong BelowStack(ref CaseRandom random, AddressRange stack) =>
        random.OneIn(4) && stack.End > capabilities.StackLimit + Page
            ? stack.End - capabilities.StackLimit - (ulong)random.Below(2) * Page
            : stack.Start - (ulong)(1 + random.Below(3)) * Page;

    // A page of what was mapped, or just beside it, or anywhere in the part of the arena that is used.
    private ulong Start(ref CaseRandom random, KernelWorld world, in KernelCommand command)
    {
        bool maps = command.Kind == KernelCommandKind.Mmap;
        if (!random.OneIn(maps ? 2 : 8) && Of(ref random, world, command) is { } range)
        {
            ulong pages = Math.Clamp((range.End - range.Start) / Page, 1, 64);
            ulong page = random.Below(16) switch
            {
                0 or 1 => pages,
                2 => 0UL - (ulong)(1 + random.Below(3)),
                _ => (ulong)random.Below((int)pages),
            };
            return AddressSpaceSpec.PageStart(range.Start) + page * Page;
        }

        return capabilities.Arena.Value + (ulong)random.Below(world.Width) * Page - (random.OneIn(20) ? 2 * Page : 0);
    }
}

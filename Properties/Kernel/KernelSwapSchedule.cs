using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Commands for CPUs that touch pages while others of them make these pages go: one or two pages of one process, or of
/// two that have them in common, with a swap device; now and then with zswap before it, or of shared memory.
/// </summary>
internal static class KernelSwapSchedule
{
    private const ulong Page = 4096;
    private const int Pages = 2;
    private const int CompressedOneIn = 4;
    private const int SharedOneIn = 4;
    private const int MapPlace = 1;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;

    /// <summary>A case of them.</summary>
    public static ScheduledCase Make(ref CaseRandom random, KernelCapabilities capabilities, ScheduleKind kind)
    {
        ulong arena = capabilities.Arena.Value;
        int cpus = random.OneIn(4) ? 3 : 2;
        bool second = random.OneIn(2);
        List<KernelCommand> commands =
        [
            new() { Kind = KernelCommandKind.SwapOn },
            new()
            {
                Kind = KernelCommandKind.Mmap,
                Address = new(arena),
                Length = new(Pages * Page),
                Protection = ReadWrite,
                Flags = Own,
            },
            Access(ref random, arena) with { Kind = KernelCommandKind.Store, Address = new(arena), Value = 1 },
        ];
        if (second)
        {
            commands.Add(new() { Kind = KernelCommandKind.Fork, Other = new(1) });
        }

        if (random.Below(3) > 0)
        {
            commands.Add(Going(ref random, arena));
        }

        int first = commands.Count;
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            int process = second ? random.Below(2) : 0;
            for (int count = 1 + random.Below(cpus == 3 ? 2 : 3); count > 0; count--)
            {
                var command = random.Below(5) < 3 ? Access(ref random, arena) : Going(ref random, arena);
                commands.Add(command with { Cpu = new((byte)cpu), Process = new((byte)process) });
            }
        }

        ulong seed = random.Next();
        if ((seed >> 32) % SharedOneIn == 0)
        {
            commands[MapPlace] = commands[MapPlace] with { Flags = Own & ~MmapFlags.Private | MmapFlags.Shared };
        }

        if (seed % CompressedOneIn == 0 && capabilities.Compressors.Count > 0)
        {
            commands.Insert(0, new()
            {
                Kind = KernelCommandKind.Zswap,
                Compressor = capabilities.Compressors[0],
                Value = 1 + seed / CompressedOneIn % Pages,
            });
            first++;
        }

        return new(new(new(2, cpus, []), [.. commands]), first, seed, kind, default);
    }

    private static KernelCommand Access(ref CaseRandom random, ulong arena)
    {
        bool stores = random.OneIn(2);
        return new()
        {
            Kind = stores ? KernelCommandKind.Store : KernelCommandKind.Load,
            Address = new(arena + (random.OneIn(5) ? Page : 0)),
            Length = new(8),
            Value = stores ? 1 + (ulong)random.Below(1 << 16) : 0,
        };
    }

    // Mostly by advice, and seldom what is dropped.
    private static KernelCommand Going(ref CaseRandom random, ulong arena) => random.Below(8) switch
    {
        0 => new() { Kind = KernelCommandKind.SwapOff },
        1 or 2 => new() { Kind = KernelCommandKind.Reclaim, Length = new(Pages * Page) },
        3 => new()
        {
            Kind = KernelCommandKind.Madvise,
            Address = new(arena),
            Length = new(Page),
            Advice = MemoryAdvice.DontNeed,
        },
        _ => new()
        {
            Kind = KernelCommandKind.Madvise,
            Address = new(arena),
            Length = new(Page),
            Advice = MemoryAdvice.PageOut,
        },
    };
}

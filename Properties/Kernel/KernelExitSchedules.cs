using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Makes commands for CPUs of which one ends a process, while others are at work for it, have its tables loaded, or
/// come to it from the side of a file or of a frame that it maps. Its number is mostly taken again at once.
/// </summary>
internal sealed class KernelExitSchedules(KernelCapabilities capabilities, ScheduleKind kind)
{
    private const ulong Page = 4096;
    private const int OwnPages = 2;
    private const int FilePages = 2;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;

    private static readonly ProcessNumber Parent = new(0);
    private static readonly ProcessNumber Child = new(1);

    /// <summary>What an exit is to meet.</summary>
    public static ImmutableArray<KernelCommandKind> Others { get; } =
    [
        KernelCommandKind.Load,
        KernelCommandKind.Store,
        KernelCommandKind.Mmap,
        KernelCommandKind.Madvise,
        KernelCommandKind.MadviseOther,
        KernelCommandKind.Fork,
        KernelCommandKind.Exit,
        KernelCommandKind.Truncate,
        KernelCommandKind.Reclaim,
    ];

    /// <summary>The case of a number.</summary>
    public ScheduledCase Make(ref CaseRandom random)
    {
        var other = random.Of(Others);
        var drawn = kind != ScheduleKind.Mixed ? kind : random.OneIn(2) ? ScheduleKind.Random : ScheduleKind.Priority;
        int cpus = random.OneIn(4) ? 3 : 2;
        List<KernelCommand> commands = [];
        Prepare(ref random, cpus, commands);
        int first = commands.Count;
        End(ref random, commands);
        for (int cpu = 1; cpu < cpus; cpu++)
        {
            for (int count = 1 + random.Below(cpus == 3 ? 2 : 3); count > 0; count--)
            {
                var does = random.OneIn(3) ? random.Of(Others) : other;
                commands.Add(Fill(ref random, does, cpu) with { Cpu = new((byte)cpu) });
            }
        }

        KernelFile file = new(new(FilePages * Page), FileRights.Read | FileRights.Write);
        return new(new(new(2 + cpus, cpus, [file]), [.. commands]), first, random.Next(), drawn, default);
    }

    // Two processes that have private pages and a file in common; most CPUs have the tables of the child loaded.
    private void Prepare(ref CaseRandom random, int cpus, List<KernelCommand> commands)
    {
        if (random.OneIn(3) && capabilities.Commands.Contains(KernelCommandKind.SwapOn))
        {
            commands.Add(new() { Kind = KernelCommandKind.SwapOn });
        }

        commands.Add(Map(0, OwnPages, Own));
        commands.Add(Map(OwnPages, FilePages, MmapFlags.Shared | MmapFlags.Fixed));
        for (int stores = 1 + random.Below(3); stores > 0; stores--)
        {
            commands.Add(Access(ref random, KernelCommandKind.Store));
        }

        commands.Add(new() { Kind = KernelCommandKind.Fork, Other = Child });
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            if (!random.OneIn(4))
            {
                var does = random.OneIn(2) ? KernelCommandKind.Store : KernelCommandKind.Load;
                commands.Add(Access(ref random, does) with { Cpu = new((byte)cpu), Process = Child });
            }
        }
    }

    // Seldom it is the parent that ends, or the child itself of which another makes a child meanwhile.
    private void End(ref CaseRandom random, List<KernelCommand> commands)
    {
        var (ends, stays) = random.OneIn(5) ? (Parent, Child) : (Child, Parent);
        if (random.OneIn(3))
        {
            commands.Add(Access(ref random, KernelCommandKind.Store) with { Process = ends });
        }

        commands.Add(new() { Kind = KernelCommandKind.Exit, Process = ends });
        if (!random.OneIn(3))
        {
            commands.Add(new() { Kind = KernelCommandKind.Fork, Process = stays, Other = ends });
            commands.Add(Access(ref random, KernelCommandKind.Load) with { Process = ends });
        }
    }

    private KernelCommand Fill(ref CaseRandom random, KernelCommandKind does, int cpu) => does switch
    {
        KernelCommandKind.Load or KernelCommandKind.Store => Access(ref random, does) with { Process = Child },
        KernelCommandKind.Mmap => Map(random.Below(OwnPages), 1, Own) with { Process = Child },
        KernelCommandKind.Madvise => new()
        {
            Kind = does,
            Process = Child,
            Address = At(random.Below(OwnPages)),
            Length = new(Page),
            Advice = random.OneIn(2) ? MemoryAdvice.DontNeed : MemoryAdvice.PageOut,
        },
        KernelCommandKind.MadviseOther => new()
        {
            Kind = does,
            Other = Child,
            Address = At(random.Below(OwnPages + FilePages)),
            Length = new(Page),
            Advice = MemoryAdvice.PageOut,
        },
        KernelCommandKind.Fork => random.OneIn(2)
            ? new() { Kind = does, Other = Child }
            : new() { Kind = does, Process = Child, Other = new((byte)(2 + cpu)) },
        KernelCommandKind.Truncate => new() { Kind = does, Offset = (ulong)random.Below(FilePages) * Page },
        KernelCommandKind.Reclaim => new() { Kind = does, Length = new((OwnPages + FilePages) * Page) },
        _ => new() { Kind = does, Process = Child },
    };

    private KernelCommand Access(ref CaseRandom random, KernelCommandKind does) => new()
    {
        Kind = does,
        Address = At(random.Below(OwnPages + FilePages)),
        Length = new(8),
        Value = does == KernelCommandKind.Store ? 1 + (ulong)random.Below(1 << 16) : 0,
    };

    private KernelCommand Map(int page, int pages, MmapFlags flags) => new()
    {
        Kind = KernelCommandKind.Mmap,
        Address = At(page),
        Length = new((ulong)pages * Page),
        Protection = ReadWrite,
        Flags = flags,
    };

    private LinearAddress At(int page) => new(capabilities.Arena.Value + (ulong)page * Page);
}

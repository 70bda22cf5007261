using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Makes commands for two or three CPUs that run one process, or two that have a part of their memory in common. So
/// that they meet there are few pages, most commands of a case are about one of them, and besides loads and stores it
/// has two kinds of commands.
/// </summary>
internal sealed class KernelScheduleGenerator(KernelCapabilities capabilities, ScheduleKind kind)
{
    /// <summary>How many pages there are, from the start of the arena on.</summary>
    public const int Pages = 6;

    private const int MappedMost = 3;
    private const int EditKinds = 8;
    private const int MoveKind = 6;
    private const int SwapsOneIn = 5;
    private const int ExitsOneIn = 12;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;
    private const MmapFlags Common = MmapFlags.Shared | MmapFlags.Anonymous | MmapFlags.Fixed;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private static readonly MemoryProtection[] Protections =
        [MemoryProtection.None, MemoryProtection.Read, ReadWrite, ReadWrite];

    // Of one case: the page that most is about, and where it is moved to, if it is.
    private int _focus;
    private int _target;

    /// <summary>The case of a number.</summary>
    public ScheduledCase Generate(ulong seed, long index)
    {
        CaseRandom ending = new(~seed - 1, index);
        if (ending.OneIn(ExitsOneIn))
        {
            return new KernelExitSchedules(capabilities, kind).Make(ref ending);
        }

        CaseRandom moving = new(~seed - 3, index);
        if (capabilities.Commands.Contains(KernelCommandKind.Compact)
            && moving.OneIn(KernelMigrationSchedules.CasesOneIn))
        {
            return new KernelMigrationSchedules(capabilities, kind).Make(ref moving);
        }

        // Drawn apart, so that cases without swap are what they are to who cannot swap.
        CaseRandom random = new(seed, index), apart = new(~seed, index);
        if (capabilities.Commands.Contains(KernelCommandKind.SwapOn) && apart.OneIn(SwapsOneIn))
        {
            var how = kind != ScheduleKind.Mixed ? kind
                : apart.OneIn(2) ? ScheduleKind.Random : ScheduleKind.Priority;
            return KernelSwapSchedule.Make(ref apart, capabilities, how);
        }

        return new KernelScheduleGenerator(capabilities, kind) { _focus = random.Below(MappedMost) }.Make(ref random);
    }

    private ScheduledCase Make(ref CaseRandom random)
    {
        (int one, int other) = (random.Below(EditKinds), random.Below(EditKinds));
        _target = one == MoveKind || other == MoveKind ? MappedMost + random.Below(Pages - MappedMost - 1) : _focus;
        var drawn = kind != ScheduleKind.Mixed ? kind : random.OneIn(2) ? ScheduleKind.Random : ScheduleKind.Priority;
        int cpus = random.OneIn(4) ? 3 : 2;
        List<KernelCommand> commands = [];
        if (random.OneIn(5))
        {
            var (made, before) = new KernelStackSchedules(capabilities).Make(ref random, cpus);
            return new(new(new(2 + cpus, cpus, []), [.. made]), before, random.Next(), drawn, default);
        }

        if (random.OneIn(12))
        {
            return new(new(new(2, 2, []), [.. MoveAndLook(ref random)]), 2, random.Next(), drawn, default);
        }

        bool second = Prepare(ref random, cpus, commands);
        int first = commands.Count;
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            int process = second && random.OneIn(2) ? 1 : 0;
            int count = 1 + random.Below(cpus == 3 ? 2 : 3);
            for (; count > 0; count--)
            {
                var command = random.OneIn(2)
                    ? Access(ref random)
                    : Edit(ref random, random.OneIn(2) ? one : other, cpu);
                commands.Add(command with { Cpu = new((byte)cpu), Process = new((byte)process) });
            }
        }

        KernelStart start = new(2 + cpus, cpus, []);
        return new(new(start, [.. commands]), first, random.Next(), drawn, default);
    }

    // What was wrong once, and random commands seldom meet: one CPU finds at its new place what it can still reach at
    // the old one.
    private KernelCommand[] MoveAndLook(ref CaseRandom random)
    {
        _target = MappedMost;
        var access = Access(ref random);
        return
        [
            Map(0, MappedMost, ReadWrite, Own),
            access with { Kind = KernelCommandKind.Store, Address = At(_focus), Value = 1 },
            Move(ref random) with { Cpu = new(1) },
            access with { Kind = KernelCommandKind.Load, Address = At(_target), Value = 0 },
            access with { Kind = KernelCommandKind.Store, Address = At(_focus), Value = 2 },
        ];
    }

    // What is there before: areas, pages of them, perhaps a child, and what TLBs keep of it.
    private bool Prepare(ref CaseRandom random, int cpus, List<KernelCommand> commands)
    {
        bool second = random.OneIn(3);
        commands.Add(Map(0, MappedMost, ReadWrite, random.OneIn(second ? 2 : 4) ? Common : Own));
        if (random.OneIn(2))
        {
            commands.Add(Map(MappedMost, 1 + random.Below(2), random.Of(Protections), Own));
        }

        for (int stores = random.Below(4); stores > 0; stores--)
        {
            commands.Add(Access(ref random) with { Cpu = new((byte)random.Below(cpus)) });
        }

        if (second)
        {
            commands.Add(new() { Kind = KernelCommandKind.Fork, Other = new(1) });
        }

        for (int loads = random.Below(2 * cpus); loads > 0; loads--)
        {
            commands.Add(Access(ref random) with
            {
                Cpu = new((byte)random.Below(cpus)),
                Process = new((byte)(second ? random.Below(2) : 0)),
            });
        }

        return second;
    }

    private KernelCommand Edit(ref CaseRandom random, int kind, int cpu) => kind switch
    {
        0 => Range(ref random, KernelCommandKind.Munmap),
        1 => Range(ref random, KernelCommandKind.Mprotect) with { Protection = random.Of(Protections) },
        2 => Range(ref random, KernelCommandKind.Mprotect) with { Protection = MemoryProtection.Read },
        3 => Range(ref random, KernelCommandKind.Madvise) with { Advice = MemoryAdvice.DontNeed },
        4 or 5 => Map(PageOf(ref random), 1 + random.Below(2), random.Of(Protections), random.OneIn(4) ? Common : Own),
        MoveKind => Move(ref random),
        _ => new() { Kind = KernelCommandKind.Fork, Other = new((byte)(2 + cpu)) },
    };

    private int PageOf(ref CaseRandom random) => random.OneIn(4) ? random.Below(Pages - 1)
        : random.OneIn(3) ? _target : _focus;

    private KernelCommand Access(ref CaseRandom random)
    {
        bool stores = random.Below(5) < 3;
        return new()
        {
            Kind = stores ? KernelCommandKind.Store : KernelCommandKind.Load,
            Address = At(PageOf(ref random)),
            Length = new(8),
            Value = stores ? 1 + (ulong)random.Below(1 << 16) : 0,
        };
    }

    private KernelCommand Range(ref CaseRandom random, KernelCommandKind kind)
    {
        int page = PageOf(ref random);
        return new()
        {
            Kind = kind,
            Address = At(page),
            Length = LengthOf(1 + random.Below(Math.Min(2, Pages - page))),
        };
    }

    private KernelCommand Move(ref CaseRandom random)
    {
        int pages = 1 + random.Below(2);
        return new()
        {
            Kind = KernelCommandKind.Mremap,
            Address = At(_focus),
            Length = LengthOf(pages),
            NewLength = LengthOf(pages),
            Target = At(_target == _focus ? MappedMost : _target),
            Remap = MremapFlags.MayMove | MremapFlags.Fixed,
        };
    }

    private KernelCommand Map(int page, int pages, MemoryProtection protection, MmapFlags flags) => new()
    {
        Kind = KernelCommandKind.Mmap,
        Address = At(page),
        Length = LengthOf(pages),
        Protection = protection,
        Flags = flags,
    };

    private LinearAddress At(int page) => new(capabilities.Arena.Value + (ulong)page * 4096);

    private static ByteCount LengthOf(int pages) => new((ulong)pages * 4096);
}

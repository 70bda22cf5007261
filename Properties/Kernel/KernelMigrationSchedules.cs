using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Makes commands for CPUs of which one has pages moved to other frames, while others touch these pages, share, unmap
/// or pin them, or come to them from the side of their file. Most of a case is about one page.
/// </summary>
internal sealed class KernelMigrationSchedules(KernelCapabilities capabilities, ScheduleKind kind)
{
    /// <summary>Every so many cases are about moves.</summary>
    public const int CasesOneIn = 16;

    private const ulong Page = 4096;
    private const int OwnPages = 2;
    private const int FilePages = 2;
    private const int AllPages = OwnPages + 2 * FilePages;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;

    private static readonly ProcessNumber Child = new(1);
    private static readonly MemoryProtection[] Protections =
        [MemoryProtection.None, MemoryProtection.Read, ReadWrite];

    private int _focus;

    /// <summary>What a move is to meet.</summary>
    public static ImmutableArray<KernelCommandKind> Others { get; } =
    [
        KernelCommandKind.Load,
        KernelCommandKind.Store,
        KernelCommandKind.Fork,
        KernelCommandKind.Munmap,
        KernelCommandKind.Mprotect,
        KernelCommandKind.Mremap,
        KernelCommandKind.Madvise,
        KernelCommandKind.Exit,
        KernelCommandKind.Truncate,
        KernelCommandKind.FileWrite,
        KernelCommandKind.Fsync,
        KernelCommandKind.Pin,
        KernelCommandKind.VmSplice,
        KernelCommandKind.Mlock,
        KernelCommandKind.Reclaim,
        KernelCommandKind.Compact,
    ];

    /// <summary>A case of them.</summary>
    public ScheduledCase Make(ref CaseRandom random)
    {
        _focus = random.Below(random.OneIn(2) ? OwnPages : AllPages);
        var other = random.OneIn(5) ? KernelCommandKind.Fork : random.Of(Others);
        var drawn = kind != ScheduleKind.Mixed ? kind : random.OneIn(2) ? ScheduleKind.Random : ScheduleKind.Priority;
        int cpus = random.OneIn(3) ? 3 : 2;
        List<KernelCommand> commands = [];
        bool second = Prepare(ref random, cpus, commands);
        int first = commands.Count;
        for (int moves = 1 + random.Below(2); moves > 0; moves--)
        {
            commands.Add(Fill(ref random, KernelCommandKind.Compact, 0));
        }

        for (int cpu = 1; cpu < cpus; cpu++)
        {
            for (int count = 1 + random.Below(cpus == 3 ? 2 : 3); count > 0; count--)
            {
                var does = random.OneIn(3) ? random.Of(Others) : other;
                does = random.OneIn(4) ? KernelCommandKind.Store : does;
                var by = second && (does == KernelCommandKind.Exit || random.OneIn(2)) ? Child : default;
                commands.Add(Fill(ref random, does, cpu) with { Cpu = new((byte)cpu), Process = by });
            }
        }

        KernelFile file = new(new(FilePages * Page), FileRights.Read | FileRights.Write);
        return new(new(new(2 + cpus, cpus, [file]), [.. commands]), first, random.Next(), drawn, default);
    }

    // Pages of one's own, of a file and copies of those, perhaps with another process, and what TLBs keep of them.
    private bool Prepare(ref CaseRandom random, int cpus, List<KernelCommand> commands)
    {
        if (random.OneIn(3) && capabilities.Commands.Contains(KernelCommandKind.SwapOn))
        {
            commands.Add(new() { Kind = KernelCommandKind.SwapOn });
        }

        commands.Add(Map(0, OwnPages, random.OneIn(4) ? Own & ~MmapFlags.Private | MmapFlags.Shared : Own));
        commands.Add(Map(OwnPages, FilePages, MmapFlags.Shared | MmapFlags.Fixed));
        commands.Add(Map(OwnPages + FilePages, FilePages, MmapFlags.Private | MmapFlags.Fixed));
        commands.Add(Access(ref random, KernelCommandKind.Store));
        for (int accesses = random.Below(3); accesses > 0; accesses--)
        {
            commands.Add(Access(ref random, random.OneIn(2) ? KernelCommandKind.Store : KernelCommandKind.Load));
        }

        bool second = random.OneIn(2);
        if (second)
        {
            commands.Add(new() { Kind = KernelCommandKind.Fork, Other = Child });
        }

        for (int cpu = 0; cpu < cpus; cpu++)
        {
            if (!random.OneIn(3))
            {
                var does = random.OneIn(2) ? KernelCommandKind.Store : KernelCommandKind.Load;
                commands.Add(Access(ref random, does) with
                {
                    Cpu = new((byte)cpu),
                    Process = second && random.OneIn(2) ? Child : default,
                });
            }
        }

        return second;
    }

    private KernelCommand Fill(ref CaseRandom random, KernelCommandKind does, int cpu) => does switch
    {
        KernelCommandKind.Load or KernelCommandKind.Store => Access(ref random, does),
        KernelCommandKind.Fork => new() { Kind = does, Other = new((byte)(2 + cpu)) },
        KernelCommandKind.Mprotect => Range(ref random, does) with { Protection = random.Of(Protections) },
        KernelCommandKind.Mremap => Range(ref random, does) with
        {
            NewLength = new(Page),
            Target = At(random.Below(AllPages)),
            Remap = MremapFlags.MayMove | MremapFlags.Fixed,
        },
        KernelCommandKind.Madvise => Range(ref random, does) with
        {
            Advice = random.OneIn(3) ? MemoryAdvice.PageOut : MemoryAdvice.DontNeed,
        },
        KernelCommandKind.Truncate => new() { Kind = does, Offset = (ulong)random.Below(FilePages) * Page },
        KernelCommandKind.FileWrite => new()
        {
            Kind = does,
            Offset = (ulong)random.Below(FilePages) * Page,
            Length = new(8),
            Value = 1 + (ulong)random.Below(1 << 16),
        },
        KernelCommandKind.Pin => Range(ref random, does) with
        {
            Length = new(8),
            Pinning = random.OneIn(3) ? PinFlags.None : PinFlags.Write | PinFlags.LongTerm,
        },
        KernelCommandKind.VmSplice => Range(ref random, does) with { Length = new(8) },
        KernelCommandKind.Reclaim => new() { Kind = does, Length = new(AllPages * Page) },
        KernelCommandKind.Exit or KernelCommandKind.Fsync => new() { Kind = does },
        KernelCommandKind.Compact when random.OneIn(3) => Range(ref random, does) with
        {
            Address = capabilities.Arena,
            Length = new(AllPages * Page),
        },
        _ => Range(ref random, does),
    };

    private KernelCommand Access(ref CaseRandom random, KernelCommandKind does) => Range(ref random, does) with
    {
        Length = new(8),
        Value = does == KernelCommandKind.Store ? 1 + (ulong)random.Below(1 << 16) : 0,
    };

    private KernelCommand Range(ref CaseRandom random, KernelCommandKind does) => new()
    {
        Kind = does,
        Address = At(random.OneIn(4) ? random.Below(AllPages) : _focus),
        Length = new(Page),
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

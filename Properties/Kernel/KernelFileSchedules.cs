using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Makes commands for two or three CPUs that meet at one page of a file: calls on it, accesses to mappings of it,
/// pipes that hold it, and devices that have pinned it. Each case has two kinds that are to meet, of which one CPU does
/// more of the one and another more of the other.
/// </summary>
internal sealed class KernelFileSchedules(KernelCapabilities capabilities, ScheduleKind kind)
{
    /// <summary>How many pages the file has at most at first. The shared mapping is before the private one.</summary>
    public const int Pages = 3;

    private const ulong Page = 4096;
    private const int CopiesOneIn = 12;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private static readonly ulong[] Lengths = [Page, Page + 8, 2 * Page, 2 * Page + 0x800, 3 * Page];

    /// <summary>What is to meet at one page, and how often it has to: by its kinds.</summary>
    public static ImmutableArray<(KernelCommandKind One, KernelCommandKind Other)> Meetings { get; } =
    [
        (KernelCommandKind.FileWrite, KernelCommandKind.Truncate),
        (KernelCommandKind.FileWrite, KernelCommandKind.PunchHole),
        (KernelCommandKind.FileWrite, KernelCommandKind.Splice),
        (KernelCommandKind.FileWrite, KernelCommandKind.PipeRead),
        (KernelCommandKind.FileWrite, KernelCommandKind.Load),
        (KernelCommandKind.FileRead, KernelCommandKind.FileWrite),
        (KernelCommandKind.FileRead, KernelCommandKind.Truncate),
        (KernelCommandKind.Store, KernelCommandKind.Truncate),
        (KernelCommandKind.Store, KernelCommandKind.PunchHole),
        (KernelCommandKind.Store, KernelCommandKind.Splice),
        (KernelCommandKind.Store, KernelCommandKind.Fsync),
        (KernelCommandKind.Load, KernelCommandKind.PunchHole),
        (KernelCommandKind.Splice, KernelCommandKind.Truncate),
        (KernelCommandKind.Splice, KernelCommandKind.PipeRead),
        (KernelCommandKind.VmSplice, KernelCommandKind.Store),
        (KernelCommandKind.Pin, KernelCommandKind.Truncate),
        (KernelCommandKind.Pin, KernelCommandKind.Store),
        (KernelCommandKind.Pin, KernelCommandKind.Pin),
        (KernelCommandKind.Pin, KernelCommandKind.PinStore),
        (KernelCommandKind.PinStore, KernelCommandKind.FileRead),
        (KernelCommandKind.PinStore, KernelCommandKind.Unpin),
        (KernelCommandKind.PinStore, KernelCommandKind.PunchHole),
        (KernelCommandKind.Reclaim, KernelCommandKind.FileWrite),
        (KernelCommandKind.Reclaim, KernelCommandKind.FileRead),
        (KernelCommandKind.Reclaim, KernelCommandKind.Store),
        (KernelCommandKind.Reclaim, KernelCommandKind.Splice),
        (KernelCommandKind.Reclaim, KernelCommandKind.Pin),
        (KernelCommandKind.Fork, KernelCommandKind.Truncate),
        (KernelCommandKind.Fork, KernelCommandKind.PinStore),
    ];

    private static readonly KernelCommandKind[] Any =
        [.. Meetings.Select(pair => pair.One).Union(Meetings.Select(pair => pair.Other))];

    // Of one case: the page that most is about.
    private int _focus;

    /// <summary>The case of a number.</summary>
    public ScheduledCase Generate(ulong seed, long index)
    {
        // Drawn apart, so that the others are what they would be without.
        CaseRandom random = new(seed, index), copying = new(~seed, index);
        if (copying.OneIn(CopiesOneIn))
        {
            KernelFile whole = new(new(Pages * Page), FileRights.Read | FileRights.Write);
            var (commands, first) = GiveUpInCopy(ref copying);
            var how = kind == ScheduleKind.Mixed ? ScheduleKind.Priority : kind;
            return new(new(new(2, 3, [whole]), [.. commands]), first, copying.Next(), how, default);
        }

        return new KernelFileSchedules(capabilities, kind) { _focus = random.Below(Pages) }.Make(ref random);
    }

    /// <summary>Which page of the file a command is about, as far as it says; -1 when it does not.</summary>
    public static int PageOf(KernelCapabilities capabilities, in KernelCommand command) => command.Kind switch
    {
        KernelCommandKind.FileRead or KernelCommandKind.FileWrite or KernelCommandKind.Truncate
            or KernelCommandKind.PunchHole or KernelCommandKind.Splice => (int)(command.Offset / Page),
        KernelCommandKind.Load or KernelCommandKind.Store or KernelCommandKind.VmSplice or KernelCommandKind.Pin =>
            (int)((command.Address.Value - capabilities.Arena.Value) / Page % Pages),
        _ => -1,
    };

    private ScheduledCase Make(ref CaseRandom random)
    {
        var (one, other) = random.Of(Meetings);
        var drawn = kind != ScheduleKind.Mixed ? kind : random.OneIn(2) ? ScheduleKind.Random : ScheduleKind.Priority;
        int cpus = random.OneIn(5) ? 3 : 2;
        List<KernelCommand> commands = [];
        if (random.OneIn(12))
        {
            KernelFile whole = new(new(Pages * Page), FileRights.Read | FileRights.Write);
            return new(new(new(2, 2, [whole]), [.. GiveUpInWrite()]), 0, random.Next(), drawn, default);
        }

        bool second = Prepare(ref random, one, other, commands);
        int first = commands.Count;
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            int process = second && random.OneIn(2) ? 1 : 0;
            var own = cpu == 0 ? one : other;
            for (int count = 1 + random.Below(cpus == 3 ? 2 : 3); count > 0; count--)
            {
                var does = cpu == 2 || random.OneIn(4) ? random.Of(Any) : own;
                commands.Add(Fill(ref random, does, cpu) with
                {
                    Cpu = new((byte)cpu),
                    Process = new((byte)process),
                });
            }
        }

        KernelFile file = new(new(random.Of(Lengths)), FileRights.Read | FileRights.Write);
        return new(new(new(2 + cpus, cpus, [file]), [.. commands]), first, random.Next(), drawn, default);
    }

    // Mappings, what is in them and on the device, perhaps another process, and what a pipe and a device have already.
    private bool Prepare(
        ref CaseRandom random, KernelCommandKind one, KernelCommandKind other, List<KernelCommand> commands)
    {
        commands.Add(Map(0, MmapFlags.Shared | MmapFlags.Fixed));
        if (random.OneIn(2))
        {
            commands.Add(Map(Pages, MmapFlags.Private | MmapFlags.Fixed));
        }

        for (int count = random.OneIn(2) ? 0 : random.Below(4); count > 0; count--)
        {
            var does = random.OneIn(3) ? KernelCommandKind.Store : KernelCommandKind.FileWrite;
            commands.Add(Fill(ref random, does, 0));
        }

        if (random.OneIn(3))
        {
            commands.Add(new() { Kind = KernelCommandKind.Fsync });
        }

        bool second = random.OneIn(3);
        if (second)
        {
            commands.Add(new() { Kind = KernelCommandKind.Fork, Other = new(1) });
        }

        if (one == KernelCommandKind.PipeRead || other == KernelCommandKind.PipeRead || random.OneIn(6))
        {
            commands.Add(Fill(ref random, random.OneIn(3) ? KernelCommandKind.VmSplice : KernelCommandKind.Splice, 0));
        }

        if (one == KernelCommandKind.PinStore || other == KernelCommandKind.PinStore || random.OneIn(6))
        {
            commands.Add(Fill(ref random, KernelCommandKind.Pin, 0));
        }

        return second;
    }

    // What was wrong once, and random commands seldom meet: a page is given up while another frame is taken.
    private static KernelCommand[] GiveUpInWrite() =>
    [
        new()
        {
            Kind = KernelCommandKind.FileWrite,
            Offset = Page - 4,
            Length = new(8),
            Value = 0x0807_0605_0403_0201,
        },
        new() { Kind = KernelCommandKind.Reclaim, Cpu = new(1), Length = new(8 * Page) },
    ];

    // Pages of a file are given up while others copy them, and their frames are taken again at once. Who copies has no
    // frames of its own before, so that it waits for one with the page in its hands.
    private (KernelCommand[] Commands, int First) GiveUpInCopy(ref CaseRandom random)
    {
        int page = random.Below(2);
        KernelCommand store = new() { Kind = KernelCommandKind.Store, Length = new(8) };
        KernelCommand fill = new() { Kind = KernelCommandKind.FileWrite, Length = new(8) };
        KernelCommand[] commands =
        [
            Map(0, MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed),
            Map(Pages, MmapFlags.Private | MmapFlags.Fixed),
            store with { Address = At(Pages - 1, 0), Value = 1 },
            fill with { Value = 2 },
            fill with { Offset = Page, Value = 3 },
            store with { Cpu = new(1), Address = At(Pages + page, 8), Value = 4 },
            store with { Cpu = new(2), Address = At(Pages + 1 - page, 8), Value = 5 },
            new() { Kind = KernelCommandKind.Reclaim, Length = new(8 * Page) },
            store with { Address = At(0, 16), Value = 6 },
            store with { Address = At(1, 16), Value = 7 },
        ];
        return (commands, 5);
    }

    private LinearAddress At(int page, ulong offset) => new(capabilities.Arena.Value + (ulong)page * Page + offset);

    private KernelCommand Fill(ref CaseRandom random, KernelCommandKind does, int cpu)
    {
        KernelCommand command = new() { Kind = does };
        ulong value = 1 + (ulong)random.Below(1 << 16);
        int page = PageOf(ref random);
        ulong place = (ulong)page * Page;
        switch (does)
        {
            case KernelCommandKind.Load:
            case KernelCommandKind.VmSplice:
                return command with { Address = At(ref random, page), Length = new(8) };
            case KernelCommandKind.Store:
                return command with { Address = At(ref random, page), Length = new(8), Value = value };
            case KernelCommandKind.FileRead:
            case KernelCommandKind.Splice:
                return command with { Offset = place, Length = new(random.OneIn(3) ? Page : 8) };
            case KernelCommandKind.FileWrite:
                // Half of them in two pages.
                ulong before = page > 0 && random.OneIn(2) ? 4UL : 0;
                return command with { Offset = place - before, Length = new(8), Value = value };
            case KernelCommandKind.Truncate:
                return command with { Offset = OneOrBefore(ref random, page) + (ulong)random.Below(3) * 4 };
            case KernelCommandKind.PunchHole:
                ulong hole = OneOrBefore(ref random, page);
                return command with { Offset = hole, Length = new(random.OneIn(4) ? 4 : Page) };
            case KernelCommandKind.PipeRead:
                return command with { Length = new(random.OneIn(3) ? 4UL : 8) };
            case KernelCommandKind.Pin:
                return command with
                {
                    Address = At(ref random, page),
                    Length = new(8),
                    Pinning = random.OneIn(4) ? PinFlags.None : PinFlags.Write | PinFlags.LongTerm,
                };
            case KernelCommandKind.PinStore:
                return command with { Length = new(8), Value = value };
            case KernelCommandKind.Reclaim:
                return command with { Length = new(8 * Page) };
            case KernelCommandKind.Fork:
                return command with { Other = new((byte)(2 + cpu)) };
            default:
                return command;
        }
    }

    private int PageOf(ref CaseRandom random) => random.OneIn(6) ? random.Below(Pages) : _focus;

    private static ulong OneOrBefore(ref CaseRandom random, int page) =>
        (ulong)Math.Max(0, page - random.Below(2)) * Page;

    // Mostly in the shared mapping; the private one is behind it.
    private LinearAddress At(ref CaseRandom random, int page) =>
        new(capabilities.Arena.Value + (ulong)(page + (random.OneIn(3) ? Pages : 0)) * Page);

    private KernelCommand Map(int page, MmapFlags flags) => new()
    {
        Kind = KernelCommandKind.Mmap,
        Address = new(capabilities.Arena.Value + (ulong)page * Page),
        Length = new(Pages * Page),
        Protection = ReadWrite,
        Flags = flags,
    };
}

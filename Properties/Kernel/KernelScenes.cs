using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// A few commands in a row for what needs several of them to meet, which random ones seldom do. Where a scene is played
/// and by whom is random, and what was there before is replaced or in its way.
/// </summary>
internal sealed class KernelScenes(KernelCapabilities capabilities, KernelFocus focus)
{
    private const int ScenesOneIn = 2;
    private const ulong SeedOfScenes = 0x5CE7E;
    private const int Scenes = 20;
    private const int PagesOfScene = 8;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;
    private const MmapFlags Common = MmapFlags.Shared | MmapFlags.Anonymous | MmapFlags.Fixed;
    private const MmapFlags CopyOfFile = MmapFlags.Private | MmapFlags.Fixed;
    private const MmapFlags File = MmapFlags.Shared | MmapFlags.Fixed;
    private const ulong Page = 0x1000;

    private readonly KernelFit _fit = new(capabilities);

    /// <summary>
    /// Adds a scene to every second sequence, drawn apart, so that all else is what it is without scenes.
    /// </summary>
    public void Add(
        ulong seed,
        long index,
        KernelStart start,
        KernelWorld world,
        bool locks,
        ImmutableArray<KernelCommand>.Builder commands)
    {
        CaseRandom random = new(seed ^ SeedOfScenes, index);
        if (world.Alive.Count == 0 || !random.OneIn(ScenesOneIn))
        {
            return;
        }

        foreach (var command in Play(ref random, start, world))
        {
            bool offered = capabilities.Commands.Contains(command.Kind) && focus.Factor(command.Kind) > 0;
            if (offered && _fit.IsWithin(command) && !(locks ? KernelFit.Leaves(command) : KernelFit.Locks(command)))
            {
                commands.Add(command);
                world.Note(command);
            }
        }
    }

    private IReadOnlyList<KernelCommand> Play(ref CaseRandom random, KernelStart start, KernelWorld world)
    {
        int scene = random.Below(Scenes);
        int room = Math.Max(1, Math.Min(world.Width, capabilities.ArenaPages - PagesOfScene));
        ulong first = capabilities.Arena.Value + (ulong)random.Below(room) * Page;
        byte child = 0;
        while (child < start.Processes && world.Alive.Contains(child))
        {
            child++;
        }

        KernelStage stage = new(
            new() { Process = new(random.Of(world.Alive)), Cpu = new((byte)random.Below(start.Cpus)) },
            first,
            new(child),
            new((byte)random.Below(Math.Max(1, start.Files.Length))));
        var played = scene switch
        {
            < 7 => OfAreas(scene, stage),
            < 11 => OfStacks(scene - 7, stage),
            < 14 => OfFiles(scene - 11, stage, start, world),
            < 17 => OfPipes(scene - 14, stage),
            _ => OfPins(scene - 17, stage),
        };
        return [.. played];
    }

    private static IEnumerable<KernelCommand> OfAreas(int scene, KernelStage at) => scene switch
    {
        // What is locked is there, whatever it is made to be.
        0 =>
        [
            at.Map(0, 2, MemoryProtection.Read, Own | MmapFlags.Locked), at.Protect(0, 2, ReadWrite),
            at.Range(KernelCommandKind.Msync, 0, 1) with { Sync = MsyncFlags.Invalidate },
            at.Range(KernelCommandKind.Mlock, 0, 1),
        ],
        1 =>
        [
            at.Map(0, 2, ReadWrite, Own), at.Store(0), at.Map(3, 1, ReadWrite, Own),
            at.Move(0, 1, 1, 3, MremapFlags.MayMove | MremapFlags.Fixed | MremapFlags.DontUnmap),
        ],
        2 =>
        [
            at.Map(0, 2, ReadWrite, Common), at.Store(0), at.Map(4, 1, ReadWrite, Own),
            at.Move(0, 0, 1, 4, MremapFlags.MayMove | MremapFlags.Fixed), at.Load(4),
        ],

        // Away and back again, and taken apart and together again.
        3 =>
        [
            at.Map(0, 3, ReadWrite, Own), at.Move(2, 1, 1, 5, MremapFlags.MayMove | MremapFlags.Fixed),
            at.Move(5, 1, 1, 2, MremapFlags.MayMove | MremapFlags.Fixed), at.Protect(1, 1, MemoryProtection.Read),
            at.Protect(1, 1, ReadWrite), at.Load(1),
        ],

        // It grows where it is, cannot any more, and goes elsewhere.
        4 =>
        [
            at.Map(0, 4, ReadWrite, Own), at.Range(KernelCommandKind.Munmap, 2, 2), at.Store(1),
            at.Move(0, 2, 3, 0, MremapFlags.None), at.Map(3, 1, MemoryProtection.Read, Own),
            at.Move(0, 3, 4, 0, MremapFlags.None), at.Move(0, 3, 4, 0, MremapFlags.MayMove),
        ],
        5 =>
        [
            at.Range(KernelCommandKind.Mlock, 0, 1) with { Length = new(ulong.MaxValue - 0x1FFF) },
            at.Range(KernelCommandKind.Munlock, 0, 1) with { Length = new(ulong.MaxValue - 0x1FFF) },
            at.Range(KernelCommandKind.Mlock, 0, 0),
        ],

        // Advice for oneself, which does something, and for another, which does not.
        _ =>
        [
            at.Map(0, 2, ReadWrite, Own), at.Store(0), at.Fork(), at.Advise(MemoryAdvice.Cold, at.Child),
            at.Advise(MemoryAdvice.DontNeed, at.By.Process), at.Advise(MemoryAdvice.PopulateWrite, at.By.Process),
        ],
    };

    private IEnumerable<KernelCommand> OfStacks(int scene, KernelStage at)
    {
        KernelStage below = at with { First = capabilities.Arena.Value };
        KernelStage low = at with { First = capabilities.MmapMinAddress };
        KernelStage high = at with { First = capabilities.Arena.Value + (KernelCapabilities.StackGapPages + 1) * Page };
        ulong longest = capabilities.StackLimit / Page - 1;
        return scene switch
        {
            // The gap is as long as it has to be.
            0 =>
            [
                below.Map(0, 1, ReadWrite, Own), high.Map(0, 1, ReadWrite, Own | MmapFlags.GrowsDown),
                high.Load(-1), high.Store(-1),
            ],
            1 => [low.Map(0, 1, ReadWrite, Own | MmapFlags.GrowsDown), low.Load(-1), low.Store(-1)],

            // Nothing is near, and it is still as short as it can be.
            2 =>
            [
                below.Range(KernelCommandKind.Munmap, 0, 65),
                high.Map(66, 1, ReadWrite, Own | MmapFlags.GrowsDown), high.Load(65), high.Store(64),
                high.Load(66 - (int)longest - 1), high.Store(66 - (int)longest - 2),
            ],

            // The second page is not there; the address is none.
            _ =>
            [
                at.Map(0, 2, MemoryProtection.Read, Own), at.Range(KernelCommandKind.Munmap, 1, 1),
                at.Force(Page - 4), at.Force(0) with { Address = new(1UL << 63) },
            ],
        };
    }

    private IEnumerable<KernelCommand> OfFiles(int scene, KernelStage at, KernelStart start, KernelWorld world)
    {
        ulong pages = (world.LengthOf(at.File.Value) + Page - 1) / Page;
        int readOnly = start.Files.IndexOf(start.Files.FirstOrDefault(file => file.Rights == FileRights.Read));
        KernelStage other = at with { File = readOnly < 0 ? at.File : new((byte)readOnly) };
        return scene switch
        {
            // Beyond the end there is nothing to be touched in advance, and then what is there is cut off.
            0 =>
            [
                at.Map(0, 3, MemoryProtection.Read, File) with { Offset = Math.Max(pages, 1) * Page - Page },
                at.Range(KernelCommandKind.Madvise, 0, 3) with { Advice = MemoryAdvice.PopulateRead },
                at.Range(KernelCommandKind.Madvise, 0, 1) with { Advice = MemoryAdvice.PopulateRead },
                at.OfFile(KernelCommandKind.Truncate, 0, 0),
            ],
            1 =>
            [
                at.OfFile(KernelCommandKind.PunchHole, long.MaxValue, 1),
                at.OfFile(KernelCommandKind.FileWrite, capabilities.FileSizeLimit, 8),
            ],
            _ =>
            [
                other.Map(0, 1, MemoryProtection.Read, File), other.Protect(0, 1, ReadWrite),
                other.Map(1, 1, ReadWrite, CopyOfFile), other.Store(1),
            ],
        };
    }

    private static IEnumerable<KernelCommand> OfPipes(int scene, KernelStage at) => scene switch
    {
        0 =>
        [
            at.Map(0, 1, ReadWrite, File), at.Store(0), at.Splice(0, 8), at.Splice(0, 0), at.Read(8),
        ],
        1 =>
        [
            at.Map(0, 1, ReadWrite, Own), at.Store(0), at.Fork(), at.Splice(0, 8), at.Store(0), at.Read(2 * Page),
        ],

        // The smaller pipe is full.
        _ =>
        [
            at.Write(3 * Page), at.Write(1),
            at.OfFile(KernelCommandKind.Splice, 0, 8) with { Pipe = at.Small }, at.Read(1), at.Read(3 * Page),
        ],
    };

    private static IEnumerable<KernelCommand> OfPins(int scene, KernelStage at) => scene switch
    {
        0 =>
        [
            at.Map(0, 1, ReadWrite, Own), at.Store(0), at.Fork(), at.Pin(), at.Device(KernelCommandKind.PinStore),
            at.Load(0), at.Device(KernelCommandKind.Unpin),
        ],
        1 =>
        [
            at.Pin() with { Address = new(ulong.MaxValue - 8) },
            at.Map(0, 1, ReadWrite, File), at.Pin(), at.Device(KernelCommandKind.PinStore), at.Load(0),
            at.Device(KernelCommandKind.Unpin),
        ],
        _ =>
        [
            at.Map(0, 1, ReadWrite, CopyOfFile), at.Pin(), at.Device(KernelCommandKind.PinStore), at.Load(0),
            at.Range(KernelCommandKind.Munmap, 0, 1), at.Device(KernelCommandKind.PinLoad),
            at.Device(KernelCommandKind.Unpin),
        ],
    };
}

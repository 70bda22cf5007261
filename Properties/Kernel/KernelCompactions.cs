using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Has pages moved to other frames: somewhere within a sequence, and in a scene of a few commands about a page that is
/// stored to, shared, pinned or hidden before or after it moves.
/// </summary>
internal sealed class KernelCompactions(KernelCapabilities capabilities, KernelFocus focus)
{
    private const int CasesOneIn = 12;
    private const ulong SeedOfMoves = 0x4D4F_5645;
    private const int Scenes = 9;
    private const int PagesOfScene = 8;
    private const ulong Page = 0x1000;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;
    private const MmapFlags Common = MmapFlags.Shared | MmapFlags.Anonymous | MmapFlags.Fixed;
    private const MmapFlags CopyOfFile = MmapFlags.Private | MmapFlags.Fixed;
    private const MmapFlags File = MmapFlags.Shared | MmapFlags.Fixed;

    private readonly KernelFit _fit = new(capabilities);

    /// <summary>Adds them to few sequences, drawn apart, so that all others are what they are without.</summary>
    public void Add(
        ulong seed,
        long index,
        KernelStart start,
        KernelWorld world,
        bool locks,
        ImmutableArray<KernelCommand>.Builder commands)
    {
        CaseRandom random = new(seed ^ SeedOfMoves, index);
        if (!capabilities.Commands.Contains(KernelCommandKind.Compact)
            || focus.Factor(KernelCommandKind.Compact) == 0 || !random.OneIn(CasesOneIn))
        {
            return;
        }

        for (int count = random.Below(4); count > 0 && commands.Count > 0; count--)
        {
            int place = random.Below(commands.Count);
            commands.Insert(place + 1, Within(ref random, start, commands[place]));
        }

        foreach (var command in world.Alive.Count == 0 ? [] : Play(ref random, start, world))
        {
            bool offered = capabilities.Commands.Contains(command.Kind) && focus.Factor(command.Kind) > 0;
            if (offered && _fit.IsWithin(command) && !(locks ? KernelFit.Leaves(command) : KernelFit.Locks(command)))
            {
                commands.Add(command);
                world.Note(command);
            }
        }
    }

    /// <summary>A move of pages behind a command: of where that was, of all that there is, or for a block.</summary>
    public KernelCommand Within(ref CaseRandom random, KernelStart start, in KernelCommand before)
    {
        KernelCommand command = new()
        {
            Kind = KernelCommandKind.Compact,
            Process = random.OneIn(12) ? new((byte)random.Below(start.Processes)) : before.Process,
            Cpu = new((byte)random.Below(start.Cpus)),
        };
        var there = command with { FromLast = before.FromLast, Address = before.Address, Length = before.Length };
        var all = command with
        {
            Address = capabilities.Arena,
            Length = new((ulong)capabilities.ArenaPages * Page),
        };
        return random.OneIn(4) ? command with { Value = (ulong)random.Below(5) }
            : random.OneIn(2) && before.Length.Value > 0 && _fit.IsWithin(there) ? there
            : all;
    }

    // The child's number is taken by nobody, mostly.
    private IReadOnlyList<KernelCommand> Play(ref CaseRandom random, KernelStart start, KernelWorld world)
    {
        int scene = random.OneIn(6) ? 0 : random.Below(Scenes);
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
        ProcessNumber other = child < start.Processes ? stage.Child : stage.By.Process;
        return [.. scene < 5 ? OfMemory(scene, stage, other) : OfOthers(scene - 5, stage)];
    }

    private static IEnumerable<KernelCommand> OfMemory(int scene, KernelStage at, ProcessNumber child) => scene switch
    {
        // Common to two processes, until one of them stores.
        0 =>
        [
            at.Map(0, 2, ReadWrite, Own), at.Store(0), at.Load(1), at.Fork(), Moves(at, 2),
            at.Store(0) with { Process = child, Value = 1 }, at.Load(0), at.Load(1),
        ],
        1 =>
        [
            at.Map(0, 2, ReadWrite, Common), at.Store(0), at.Fork(), Moves(at, 2) with { Process = child },
            at.Store(0) with { Process = child, Value = 1 }, at.Load(0),
        ],
        2 =>
        [
            at.OfFile(KernelCommandKind.Truncate, 2 * Page, 0), at.Map(0, 2, ReadWrite, File), at.Store(0),
            Moves(at, 2), at.OfFile(KernelCommandKind.FileRead, 0, 8), at.Store(0) with { Value = 1 },
            at.OfFile(KernelCommandKind.FileRead, 0, 8),
        ],
        3 =>
        [
            at.OfFile(KernelCommandKind.Truncate, 2 * Page, 0), at.Map(0, 2, ReadWrite, CopyOfFile), at.Load(0),
            at.Store(1), Moves(at, 2), at.OfFile(KernelCommandKind.FileWrite, 0, 8), at.Load(0), at.Load(1),
        ],

        // Hidden meanwhile, and the page of zeros.
        _ =>
        [
            at.Map(0, 2, ReadWrite, Own), at.Store(0), at.Load(1), at.Protect(0, 2, MemoryProtection.None),
            Moves(at, 2), at.Protect(0, 2, ReadWrite), at.Load(0), at.Store(1),
        ],
    };

    private static IEnumerable<KernelCommand> OfOthers(int scene, KernelStage at) => scene switch
    {
        // What a device has stays where it is.
        0 =>
        [
            at.Map(0, 1, ReadWrite, Own), at.Store(0), at.Pin(), Moves(at, 1),
            at.Device(KernelCommandKind.PinStore) with { Value = 1 }, at.Load(0), at.Device(KernelCommandKind.Unpin),
        ],
        1 =>
        [
            at.Map(0, 1, ReadWrite, Own), at.Store(0), at.Splice(0, 8), Moves(at, 1), at.Store(0) with { Value = 1 },
            at.Read(2 * Page), Moves(at, 1), at.Load(0),
        ],
        2 =>
        [
            at.Map(0, 2, ReadWrite, Own | MmapFlags.Locked), at.Store(0), Moves(at, 2),
            at.Range(KernelCommandKind.Presence, 0, 2), at.Load(0),
        ],

        // The page moves twice, and then its process to another place.
        _ =>
        [
            at.Map(0, 2, ReadWrite, Own), at.Store(0), Moves(at, 1), Moves(at, 2),
            at.Move(0, 1, 1, 4, MremapFlags.MayMove | MremapFlags.Fixed), at.Load(4),
            at.Range(KernelCommandKind.Compact, 4, 1), at.Store(4), Moves(at, 0) with { Value = 2 },
        ],
    };

    private static KernelCommand Moves(KernelStage at, int pages) =>
        pages == 0 ? at.By with { Kind = KernelCommandKind.Compact } : at.Range(KernelCommandKind.Compact, 0, pages);

    /// <summary>What is in the range that is moved.</summary>
    public static void Circumstances(KernelState before, in KernelCommand command, List<KernelCircumstance> found)
    {
        if (command.Length.Value == 0)
        {
            found.Add(KernelCircumstance.None);
            return;
        }

        var process = before.Processes[command.Process.Value]!;
        ulong start = AddressSpaceSpec.PageStart(command.Address.Value + (command.FromLast ? process.LastMapped : 0));
        ulong end = start + command.Length.Value;
        var areas = process.Areas.Where(area => area.Meets(start, end)).ToList();
        var pages = process.Pages.Where(page => page.Start >= start && page.Start < end && page.IsCopy).ToList();
        found.AddRange(areas.Select(area => KernelClassifier.BackingOf(area, before.Files)).Distinct());
        Add(KernelCircumstance.Nothing, areas.Count == 0);
        Add(KernelCircumstance.Locked, areas.Exists(area => area.Locked));
        Add(KernelCircumstance.AfterFork, pages.Exists(page => page.States == PageStates.Common));
        Add(KernelCircumstance.Pinned, pages.Exists(page => LoanSpec.IsPinned(before, page.Loan)));

        void Add(KernelCircumstance circumstance, bool isThere)
        {
            if (isThere)
            {
                found.Add(circumstance);
            }
        }
    }
}

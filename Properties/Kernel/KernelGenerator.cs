using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Sequences of commands, unfolded from a seed and a number. Each sequence switches some commands off and weighs
/// the others anew; later ones are longer. At the end everything that anybody has is read back.
/// </summary>
public sealed class KernelGenerator(KernelCapabilities capabilities, KernelFocus? focus = null)
{
    private const int LengthLeast = 3;
    private const int LengthMost = 70;
    private const int CasesPerLength = 25;
    private const ulong PipeBytes = 0x1_0000;
    private const int PinsOneIn = 3;
    private static readonly int[] Factors = [0, 1, 1, 2, 4];
    private static readonly ulong[] FileLengths = [0, 1, 100, 0xFFF, 0x1000, 0x1001, 0x2800, 0x4000, 0x1_0000];

    private readonly KernelAddresses _addresses = new(capabilities);
    private readonly KernelFit _fit = new(capabilities);
    private readonly KernelCompactions _compactions = new(capabilities, focus ?? KernelFocus.Everything);
    private readonly KernelScenes _scenes = new(capabilities, focus ?? KernelFocus.Everything);

    // What is asked for only where there is swap, others add.
    private readonly MemoryAdvice[] _advice =
        [.. capabilities.Advice.Where(advice => advice != MemoryAdvice.PageOut)];
    private readonly KernelFocus _focus = focus ?? KernelFocus.Everything;

    /// <summary>The sequence of this number.</summary>
    public KernelSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        KernelStart start = new(
            1 + random.Below(capabilities.Processes),
            1 + random.Below(Math.Min(capabilities.Cpus, KernelStart.CpusMax)),
            RandomFiles(ref random));
        KernelWorld world = new(start, capabilities.Heap.Value);
        _addresses.Begin(ref random, world);
        bool pipes = random.OneIn(3), pins = PinsSome(seed, index);
        var weights = RandomWeights(ref random, start, pipes, pins);
        int total = weights.Sum();
        long growth = Math.Min(LengthMost - LengthLeast, 8 + index / CasesPerLength);
        int length = LengthLeast + random.Below((int)growth + 1);

        // With pipes and pins there is more to do, and not less of all else.
        length += (pipes ? length / 2 : 0) + (pins ? length / 2 : 0);
        var commands = ImmutableArray.CreateBuilder<KernelCommand>(length + 40);
        bool locks = random.OneIn(2);
        while (commands.Count < length && total > 0)
        {
            var command = RandomCommand(ref random, start, world, weights, total);
            if (_fit.IsWithin(command) && !(locks ? KernelFit.Leaves(command) : KernelFit.Locks(command)))
            {
                commands.Add(command);
                world.Note(command);
            }
        }

        _scenes.Add(seed, index, start, world, locks, commands);
        _compactions.Add(seed, index, start, world, locks, commands);
        ReadBack(start, world, commands);
        return new(start, commands.ToImmutable());
    }

    // Drawn apart, so that sequences without pins are what they are to who cannot pin.
    private bool PinsSome(ulong seed, long index) => capabilities.Commands.Contains(KernelCommandKind.Pin)
        && _focus.Factor(KernelCommandKind.Pin) > 0 && new CaseRandom(~seed, index).OneIn(PinsOneIn);

    private ImmutableArray<KernelFile> RandomFiles(ref CaseRandom random)
    {
        var files = ImmutableArray.CreateBuilder<KernelFile>();
        for (int count = random.Below(KernelStart.FilesMax + 1); count > 0; count--)
        {
            var rights = !capabilities.RestrictedFiles || !random.OneIn(3)
                ? FileRights.Read | FileRights.Write
                : random.OneIn(2) ? FileRights.Read : (FileRights)random.Below(4);
            files.Add(new(new(random.Of(FileLengths)), rights));
        }

        return files.ToImmutable();
    }

    private int[] RandomWeights(ref CaseRandom random, KernelStart start, bool pipes, bool pins)
    {
        var kinds = Enum.GetValues<KernelCommandKind>();
        var weights = new int[kinds.Length];
        foreach (var kind in pins ? kinds : kinds.Where(kind => !KernelPins.IsOfDevice(kind)))
        {
            if (kind == KernelCommandKind.Compact)
            {
                // Drawn apart, so that nothing else is drawn otherwise.
                continue;
            }

            int usual = kind switch
            {
                KernelCommandKind.Mmap => 6,
                KernelCommandKind.Load or KernelCommandKind.Store => 8,
                KernelCommandKind.Mprotect or KernelCommandKind.Mremap => 4,
                KernelCommandKind.Munmap or KernelCommandKind.Madvise => 3,
                KernelCommandKind.ForceWrite or KernelCommandKind.Brk or KernelCommandKind.MadviseOther => 2,
                KernelCommandKind.Fork => start.Processes == 1 ? 0 : pipes || pins ? 4 : 2,
                KernelCommandKind.FileRead or KernelCommandKind.FileWrite => 2,
                KernelCommandKind.Truncate => start.Files.IsEmpty ? 1 : 3,
                KernelCommandKind.PipeWrite or KernelCommandKind.PipeRead or KernelCommandKind.Splice =>
                    pipes ? 3 : 0,
                KernelCommandKind.VmSplice => pipes ? 8 : 0,
                KernelCommandKind.Pin => 10,
                KernelCommandKind.PinLoad => 5,
                KernelCommandKind.PinStore => 8,
                KernelCommandKind.Unpin => 6,
                >= KernelCommandKind.SwapOn => 0,
                _ => 1,
            };
            bool offered = capabilities.Commands.Contains(kind);
            weights[(int)kind] = offered ? usual * random.Of(Factors) * _focus.Factor(kind) : 0;
        }

        weights[(int)KernelCommandKind.Mmap] += 6;
        weights[(int)KernelCommandKind.Store] += 3;
        return weights;
    }

    private KernelCommand RandomCommand(
        ref CaseRandom random, KernelStart start, KernelWorld world, int[] weights, int total)
    {
        int drawn = random.Below(total), kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        bool anyone = world.Alive.Count == 0 || random.OneIn(40);
        byte process = anyone ? (byte)random.Below(start.Processes) : random.Of(world.Alive);
        KernelCommand command = new()
        {
            Kind = (KernelCommandKind)kind,
            Process = new(process),
            Cpu = new((byte)random.Below(start.Cpus)),
        };
        return Fill(ref random, start, world, command);
    }

    private KernelCommand Fill(ref CaseRandom random, KernelStart start, KernelWorld world, KernelCommand command)
    {
        switch (command.Kind)
        {
            case KernelCommandKind.Mmap:
                return capabilities.Flags.HasFlag(MmapFlags.GrowsDown) && random.OneIn(14)
                    ? _addresses.Stack(ref random, command)
                    : RandomMmap(ref random, start, _addresses.Range(ref random, world, command));
            case KernelCommandKind.Munmap:
            case KernelCommandKind.Checksum:
            case KernelCommandKind.Presence:
            case KernelCommandKind.Mlock:
            case KernelCommandKind.Munlock:
                return _addresses.Range(ref random, world, command);
            case KernelCommandKind.Mprotect:
                return _addresses.Range(ref random, world, command) with { Protection = RandomProtection(ref random) };
            case KernelCommandKind.Madvise:
                return _addresses.Range(ref random, world, command) with { Advice = RandomAdvice(ref random) };
            case KernelCommandKind.Msync:
                return _addresses.Range(ref random, world, command) with { Sync = (MsyncFlags)random.Below(9) };
            case KernelCommandKind.Mremap:
                return RandomMremap(ref random, world, command);
            case KernelCommandKind.Load:
                return _addresses.Bytes(ref random, world, command);
            case KernelCommandKind.Store:
            case KernelCommandKind.ForceWrite:
            case KernelCommandKind.ForceRaced:
                return _addresses.Bytes(ref random, world, command) with { Value = random.Edgy() };
            case KernelCommandKind.Fork:
                bool shares = random.OneIn(2) && world.Alive.Contains(world.LastStorer);
                return command with
                {
                    Process = shares ? new(world.LastStorer) : command.Process,
                    Other = new((byte)random.Below(random.OneIn(20) ? 8 : start.Processes)),
                };
            case KernelCommandKind.FileRead:
            case KernelCommandKind.FileWrite:
            case KernelCommandKind.Truncate:
            case KernelCommandKind.PunchHole:
            case KernelCommandKind.Fsync:
                return RandomFileCall(ref random, start, world, command);
            case KernelCommandKind.Brk:
                return _addresses.Break(ref random, command);
            case KernelCommandKind.Exec:
                return _addresses.Image(ref random, command) with { File = RandomFile(ref random, start) };
            case KernelCommandKind.MadviseOther:
                return RandomMadviseOther(ref random, start, world, command);
            case KernelCommandKind.PipeWrite:
            case KernelCommandKind.PipeRead:
            case KernelCommandKind.Splice:
            case KernelCommandKind.VmSplice:
                return RandomPipeCall(ref random, start, world, command);
            case KernelCommandKind.Pin:
            case KernelCommandKind.Unpin:
            case KernelCommandKind.PinLoad:
            case KernelCommandKind.PinStore:
                return KernelPins.Fill(ref random, _addresses, world, command, capabilities);
            default:
                return command;
        }
    }

    private KernelCommand RandomMmap(ref CaseRandom random, KernelStart start, KernelCommand command)
    {
        bool anonymous = start.Files.IsEmpty ? !random.OneIn(12) : random.OneIn(2);
        MmapFlags flags = random.OneIn(20) ? (MmapFlags)(random.Below(2) * 3)
            : random.OneIn(3) ? MmapFlags.Shared : MmapFlags.Private;
        flags |= anonymous ? MmapFlags.Anonymous : 0;
        flags |= random.Below(10) switch
        {
            < 5 => MmapFlags.Fixed,
            5 => MmapFlags.FixedNoReplace,
            6 => MmapFlags.Fixed | MmapFlags.FixedNoReplace,
            _ => 0,
        };
        flags |= random.OneIn(4) ? capabilities.Flags & MmapFlags.Locked : 0;
        flags |= random.OneIn(8) ? capabilities.Flags & MmapFlags.Populate : 0;
        flags |= random.OneIn(8) ? capabilities.Flags & MmapFlags.GrowsDown : 0;
        bool anywhere = (flags & (MmapFlags.Fixed | MmapFlags.FixedNoReplace)) == 0 && random.OneIn(3);
        ulong offset = random.Below(60) switch
        {
            0 => 1UL << 63,
            1 => 0xFFFF_FFFF_FFFF_F000,
            2 => 0x1800,
            3 => (ulong)long.MaxValue & ~0xFFFUL,
            _ => (ulong)random.Below(random.OneIn(3) ? 6 : 2) * 0x1000,
        };
        FileNumber file = anonymous ? default : RandomFile(ref random, start);
        bool readOnly = !anonymous && file.Value < start.Files.Length
            && start.Files[file.Value].Rights == FileRights.Read && !random.OneIn(4);
        var protection = RandomProtection(ref random);
        return command with
        {
            FromLast = !anywhere && command.FromLast,
            Address = anywhere ? default : command.Address,
            Protection = readOnly ? protection & ~MemoryProtection.Write : protection,
            Flags = flags,
            File = file,
            Offset = anonymous && !random.OneIn(8) ? 0 : offset,
        };
    }

    private MemoryAdvice RandomAdvice(ref CaseRandom random) =>
        random.OneIn(12) ? (MemoryAdvice)(random.Below(3) * 111 - 111)
        : random.OneIn(2) ? MemoryAdvice.DontNeed : random.Of(_advice);

    // Where the other has mapped something, mostly.
    private KernelCommand RandomMadviseOther(
        ref CaseRandom random, KernelStart start, KernelWorld world, KernelCommand command)
    {
        bool anyone = world.Alive.Count == 0 || random.OneIn(10);
        ProcessNumber other = random.OneIn(3) ? command.Process
            : new(anyone ? (byte)random.Below(random.OneIn(3) ? 8 : start.Processes) : random.Of(world.Alive));
        var range = other.Value < start.Processes ? command with { Process = other } : command;
        range = _addresses.Range(ref random, world, range) with { Process = command.Process, Other = other };
        range = random.OneIn(12) ? _addresses.Strange(ref random, range) : range;
        bool harmless = other == command.Process ? random.OneIn(4) : !random.OneIn(5);
        return range with
        {
            Advice = !harmless ? RandomAdvice(ref random) : random.OneIn(2) ? MemoryAdvice.WillNeed : MemoryAdvice.Cold,
        };
    }

    private KernelCommand RandomMremap(ref CaseRandom random, KernelWorld world, KernelCommand command)
    {
        var source = _addresses.Range(ref random, world, command);
        var target = _addresses.Range(ref random, world, command);
        ulong length = source.Length.Value;
        MremapFlags flags = random.Below(16) switch
        {
            < 4 => MremapFlags.None,
            < 7 => MremapFlags.MayMove,
            7 or 8 => MremapFlags.MayMove | MremapFlags.DontUnmap,
            9 or 10 => MremapFlags.MayMove | MremapFlags.DontUnmap | MremapFlags.Fixed,
            11 => (MremapFlags)random.Below(16),
            _ => MremapFlags.MayMove | MremapFlags.Fixed,
        };
        bool elsewhere = (flags & (MremapFlags.Fixed | MremapFlags.DontUnmap)) != 0;
        return source with
        {
            Length = new(random.OneIn(6) ? 0 : length),
            NewLength = random.Below(4) switch
            {
                0 => new(length),
                1 => new(length / 2),
                2 => new(length + 0x1000),
                _ => target.Length,
            },
            Remap = flags,
            Target = elsewhere && !target.FromLast ? target.Address : elsewhere ? capabilities.Arena : default,
        };
    }

    private static MemoryProtection RandomProtection(ref CaseRandom random) => random.Below(20) switch
    {
        < 9 => MemoryProtection.Read | MemoryProtection.Write,
        < 13 => MemoryProtection.Read,
        13 or 14 => MemoryProtection.None,
        15 => MemoryProtection.Write,
        16 => (MemoryProtection)0x88 | MemoryProtection.Read,
        17 => (MemoryProtection)8 | MemoryProtection.Read | MemoryProtection.Write,
        _ => (MemoryProtection)random.Below(8),
    };

    private static FileNumber RandomFile(ref CaseRandom random, KernelStart start) =>
        new((byte)random.Below(random.OneIn(20) ? KernelStart.FilesMax : Math.Max(1, start.Files.Length)));

    private KernelCommand RandomFileCall(
        ref CaseRandom random, KernelStart start, KernelWorld world, KernelCommand command)
    {
        var file = RandomFile(ref random, start);
        ulong length = world.LengthOf(file.Value), limit = capabilities.FileSizeLimit;
        ulong offset = random.Below(30) switch
        {
            0 => ulong.MaxValue - (ulong)random.Below(9),
            1 => 1UL << 63,
            2 => limit - 8 + (ulong)random.Below(16),
            3 => limit + 1,
            4 => (ulong)long.MaxValue,
            < 12 => length + (ulong)random.Below(17) is var near && near >= 8 ? near - 8 : near,
            < 18 => (ulong)random.Below(6) * 0x1000 + (ulong)random.Below(9) is var edge && edge >= 4 ? edge - 4 : edge,
            < 24 => (ulong)random.Below(5) * 0x1000,
            24 => length,
            _ => (ulong)random.Below(0x5000),
        };
        ulong count = command.Kind switch
        {
            KernelCommandKind.Truncate or KernelCommandKind.Fsync => 0,
            KernelCommandKind.FileRead or KernelCommandKind.PunchHole when random.OneIn(3) =>
                (ulong)random.Below(0x4000),
            _ => (ulong)random.Below(9),
        };
        return command with
        {
            File = file,
            Offset = command.Kind == KernelCommandKind.Fsync ? 0 : offset,
            Length = new(count),
            Value = command.Kind == KernelCommandKind.FileWrite ? random.Edgy() : 0,
        };
    }

    private KernelCommand RandomPipeCall(
        ref CaseRandom random, KernelStart start, KernelWorld world, KernelCommand command)
    {
        ulong count = random.Below(8) switch
        {
            0 => 0,
            < 4 => (ulong)(1 + random.Below(8)),
            4 => 0x1000,
            5 => (ulong)(0xFF8 + random.Below(16)),
            6 => (ulong)random.Below(0x3000),
            _ => (ulong)(1 + random.Below(8)) * 0x1000,
        };
        var filled = command.Kind switch
        {
            KernelCommandKind.PipeWrite => command with { Length = new(count), Value = random.Edgy() },
            KernelCommandKind.PipeRead => command with { Length = new(random.OneIn(3) ? PipeBytes : count) },
            KernelCommandKind.Splice => RandomFileCall(ref random, start, world, command) with
            {
                Length = new(random.OneIn(3) ? PipeBytes : count),
            },
            _ when random.OneIn(2) => _addresses.Bytes(ref random, world, command) with
            {
                Process = new(world.LastStorer),
                FromLast = false,
                Address = world.LastStored,
            },
            _ when random.OneIn(2) => _addresses.Bytes(ref random, world, command),
            _ => _addresses.Range(ref random, world, command),
        };
        return filled with { Pipe = new((byte)random.Below(KernelSequence.PipeBuffers.Length)) };
    }

    // Everything that anybody can see.
    private void ReadBack(KernelStart start, KernelWorld world, ImmutableArray<KernelCommand>.Builder commands)
    {
        foreach (byte process in world.Alive)
        {
            KernelCommand by = new() { Process = new(process) };
            commands.Add(by with { Kind = KernelCommandKind.Maps });
            commands.Add(by with
            {
                Kind = KernelCommandKind.Checksum,
                Address = capabilities.Arena,
                Length = new((ulong)capabilities.ArenaPages * 0x1000),
            });
            commands.Add(by with
            {
                Kind = KernelCommandKind.Checksum,
                FromLast = true,
                Length = new(KernelSequence.FromLastMax),
            });
        }

        bool pipes = commands.Any(command => command.Kind is KernelCommandKind.PipeWrite or KernelCommandKind.Splice
            or KernelCommandKind.VmSplice);
        for (int pipe = 0; pipe < KernelSequence.PipeBuffers.Length && pipes && world.Alive.Count > 0; pipe++)
        {
            commands.Add(new()
            {
                Kind = KernelCommandKind.PipeRead,
                Process = new(world.Alive[0]),
                Pipe = new((byte)pipe),
                Length = new(PipeBytes),
            });
        }

        for (int pin = 0; pin < KernelSequence.Pins && world.Alive.Count > 0; pin++)
        {
            if (world.Pinned[pin] > 0)
            {
                commands.Add(new()
                {
                    Kind = KernelCommandKind.PinLoad,
                    Process = new(world.Alive[0]),
                    Pin = new((byte)pin),
                    Length = new(Math.Min(world.Pinned[pin], sizeof(ulong))),
                });
            }
        }

        for (int file = 0; file < start.Files.Length && world.Alive.Count > 0; file++)
        {
            commands.Add(new()
            {
                Kind = KernelCommandKind.FileRead,
                Process = new(world.Alive[0]),
                File = new((byte)file),
                Length = new(KernelSequence.FileReadMax),
            });
        }
    }
}

using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Sequences of kernels under pressure: those of kernels, most of them with few frames, among whose commands come swap
/// devices that are switched on, off and fail, frames that are given up, and runs of accesses in some order over more
/// pages than there are frames.
/// </summary>
public sealed class KernelPressureGenerator(KernelCapabilities capabilities)
{
    private const ulong Page = 4096;
    private const int FramesLeast = 18;
    private const int FramesMore = 34;
    private const int BlockFirst = 24;
    private const int BlockPages = 40;
    private const int FreedMost = 4;
    private const int MovesOneIn = 8;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const FileRights Both = FileRights.Read | FileRights.Write;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;

    // What pipes hold stays in memory, and of a raced write it would not be known what was dropped.
    private readonly KernelGenerator _tight = new(capabilities, KernelFocus.Everything with
    {
        Factor = kind => kind is KernelCommandKind.PipeWrite or KernelCommandKind.PipeRead or KernelCommandKind.Splice
            or KernelCommandKind.VmSplice or KernelCommandKind.ForceRaced ? 0 : 1,
    });

    private readonly KernelGenerator _roomy = new(capabilities);
    private readonly KernelCompactions _compactions = new(capabilities, KernelFocus.Everything);

    /// <summary>The sequence of this number.</summary>
    public KernelSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed ^ 0x5357_4150, index);
        bool tight = capabilities.FewFrames && random.Below(3) > 0;
        var plain = (tight ? _tight : _roomy).Generate(seed, index);
        bool files = tight && random.OneIn(2);
        var start = plain.Start with
        {
            Frames = tight ? FramesLeast + random.Below(FramesMore) : 0,
            Files = files || !tight ? plain.Start.Files : [],
        };
        KernelWorld world = new(start, capabilities.Heap.Value);
        var commands = ImmutableArray.CreateBuilder<KernelCommand>();
        bool fails = random.OneIn(3);
        // Apart, so that with it and without there are the same sequences.
        CaseRandom apart = new(seed ^ 0x5A53_5741, index);
        CaseRandom needs = new(seed ^ 0x4E45_4544, index);
        bool compresses = capabilities.Compressors.Count > 0 && apart.OneIn(2);
        if (compresses && !apart.OneIn(4))
        {
            commands.Add(Zswap(ref apart));
        }

        Begin(ref random, commands, start);
        foreach (var command in plain.Commands)
        {
            var kept = files ? WithoutAdvance(command) : command;
            commands.Add(kept);
            world.Note(kept);
            if (compresses && apart.OneIn(12) && world.Alive.Count > 0)
            {
                commands.Add(Zswap(ref apart) with { Process = new(apart.Of(world.Alive)) });
            }

            if (tight && needs.OneIn(8) && world.Alive.Count > 0)
            {
                commands.Add(Needing(ref needs, start, world));
                world.Note(commands[^1]);
            }

            if (random.OneIn(3) && world.Alive.Count > 0 && commands.Count < KernelSequence.CommandsMax / 2)
            {
                Press(ref random, commands, start, world, fails);
            }
        }

        // Apart as well, and in few.
        CaseRandom moves = new(seed ^ 0x4D4F_5645, index);
        bool offered = capabilities.Commands.Contains(KernelCommandKind.Compact);
        if (offered && moves.OneIn(MovesOneIn))
        {
            for (int count = 3 + moves.Below(6); count > 0; count--)
            {
                int place = moves.Below(commands.Count);
                commands.Insert(place + 1, _compactions.Within(ref moves, start, commands[place]));
            }

            if (world.Alive.Count > 0)
            {
                AddMoved(ref moves, commands, start, new() { Process = new(moves.Of(world.Alive)) });
            }
        }

        return new(start, commands.ToImmutable());
    }

    // Devices, and a block of memory that is larger than all frames mostly are.
    private void Begin(ref CaseRandom random, ImmutableArray<KernelCommand>.Builder commands, KernelStart start)
    {
        if (!random.OneIn(12))
        {
            commands.Add(SwapOn(ref random, start));
        }

        if (random.OneIn(3))
        {
            commands.Add(SwapOn(ref random, start));
        }

        bool common = random.OneIn(8);
        commands.Add(new()
        {
            Kind = KernelCommandKind.Mmap,
            Address = At(BlockFirst),
            Length = new(BlockPages * Page),
            Protection = ReadWrite,
            Flags = common ? Own & ~MmapFlags.Private | MmapFlags.Shared : Own,
        });
        for (int runs = 1 + random.Below(2); runs > 0; runs--)
        {
            AddRun(ref random, commands, start, 0);
        }
    }

    private void Press(
        ref CaseRandom random,
        ImmutableArray<KernelCommand>.Builder commands,
        KernelStart start,
        KernelWorld world,
        bool fails)
    {
        byte process = random.Of(world.Alive);
        KernelCommand by = new() { Process = new(process), Cpu = RandomCpu(ref random, start) };
        switch (random.Below(fails ? 16 : 14))
        {
            case < 3:
                commands.Add(by with { Kind = KernelCommandKind.Reclaim });
                break;
            case < 6:
                commands.Add(by with
                {
                    Kind = KernelCommandKind.Reclaim,
                    Length = new((ulong)(1 + random.Below(24)) * Page),
                });
                break;
            case < 9:
                int first = random.Below(BlockFirst + BlockPages);
                commands.Add(by with
                {
                    Kind = random.OneIn(6) ? KernelCommandKind.MadviseOther : KernelCommandKind.Madvise,
                    Address = At(first),
                    Length = new((ulong)(1 + random.Below(BlockFirst + BlockPages - first)) * Page),
                    Advice = MemoryAdvice.PageOut,
                    Other = default,
                });
                break;
            case < 11:
                AddRun(ref random, commands, start, process);
                break;
            case 11:
                AddFreed(ref random, commands, by);
                break;
            case 12:
                commands.Add(SwapOn(ref random, start) with { Process = new(process) });
                if (random.OneIn(2))
                {
                    AddDevice(ref random, commands, by);
                }

                break;
            case 13:
                if (fails && random.OneIn(2))
                {
                    commands.Add(by with { Kind = KernelCommandKind.SwapFault, Value = 1 });
                }

                commands.Add(by with { Kind = KernelCommandKind.SwapOff, Swap = RandomDevice(ref random) });
                break;
            default:
                commands.Add(by with { Kind = KernelCommandKind.SwapFault, Value = (ulong)random.Below(6) });
                break;
        }
    }

    // Accesses to pages of the block: forwards, backwards, with a stride, anywhere, or again and again to a few.
    private void AddRun(
        ref CaseRandom random, ImmutableArray<KernelCommand>.Builder commands, KernelStart start, byte process)
    {
        int order = random.Below(5), first = random.Below(BlockPages), stride = 2 + random.Below(6);
        int hot = 2 + random.Below(4), count = 3 + random.Below(24);
        bool stores = random.OneIn(2);
        for (int step = 0; step < count; step++)
        {
            int page = order switch
            {
                0 => first + step,
                1 => first + BlockPages * 2 - step,
                2 => first + step * stride,
                3 => random.Below(BlockPages),
                _ => step % 3 == 0 ? random.Below(BlockPages) : first + step % hot,
            };
            bool storing = random.OneIn(8) ? !stores : stores;
            commands.Add(new()
            {
                Kind = storing ? KernelCommandKind.Store : KernelCommandKind.Load,
                Process = new(process),
                Cpu = RandomCpu(ref random, start),
                Address = new(At(BlockFirst + page % BlockPages).Value + 8 * (ulong)random.Below(3)),
                Length = new(8),
                Value = storing ? random.Next() : 0,
            });
        }
    }

    // Pages that are not needed until some of them are stored to; room is made before or after that, and what is left
    // is looked at.
    private void AddFreed(
        ref CaseRandom random, ImmutableArray<KernelCommand>.Builder commands, KernelCommand by)
    {
        int first = BlockFirst + random.Below(BlockPages - FreedMost), pages = 1 + random.Below(FreedMost);
        var store = by with { Kind = KernelCommandKind.Store, Length = new(8) };
        var forced = capabilities.Commands.Contains(KernelCommandKind.ForceWrite)
            ? KernelCommandKind.ForceWrite
            : KernelCommandKind.Store;
        for (int page = 0; page < pages; page++)
        {
            commands.Add(store with { Address = At(first + page), Value = random.Next() });
        }

        commands.Add(by with
        {
            Kind = KernelCommandKind.Madvise,
            Address = At(first),
            Length = new((ulong)pages * Page),
            Advice = MemoryAdvice.Free,
        });
        for (int count = 1 + random.Below(3); count > 0; count--)
        {
            ulong page = At(first + random.Below(pages)).Value;
            var place = store with { Address = new(page + 8 * (ulong)random.Below(2)) };
            commands.Add(random.Below(5) switch
            {
                0 => place with { Value = random.Next() },
                4 => place with { Kind = forced, Value = random.Next() },
                1 => place with { Kind = KernelCommandKind.Load },
                _ => by with { Kind = KernelCommandKind.Reclaim, Length = new((ulong)(4 + random.Below(24)) * Page) },
            });
        }

        commands.Add(by with
        {
            Kind = KernelCommandKind.Checksum,
            Address = At(first),
            Length = new((ulong)pages * Page),
        });
    }

    // A device writes to a page that has come back from its slot.
    private void AddDevice(
        ref CaseRandom random, ImmutableArray<KernelCommand>.Builder commands, KernelCommand by)
    {
        var place = by with { Address = At(BlockFirst + random.Below(BlockPages)), Length = new(8) };
        var pin = by with { Pin = new(KernelSequence.Pins - 1) };
        var goes = place with { Kind = KernelCommandKind.Madvise, Length = new(Page), Advice = MemoryAdvice.PageOut };
        commands.Add(place with { Kind = KernelCommandKind.Store, Value = random.Next() });
        commands.Add(goes);
        commands.Add(place with { Kind = KernelCommandKind.Load });
        commands.Add(pin with
        {
            Kind = KernelCommandKind.Pin,
            Address = place.Address,
            Length = new(8),
            Pinning = PinFlags.Write,
        });
        commands.Add(pin with { Kind = KernelCommandKind.PinStore, Length = new(8), Value = random.Next() });
        commands.Add(pin with { Kind = KernelCommandKind.Unpin });
        commands.Add(goes);
        commands.Add(place with { Kind = KernelCommandKind.Load });
    }

    // What a slot or a file has not yet moves, and then goes: a page that has come back is stored to, or one of a file.
    private void AddMoved(
        ref CaseRandom random, ImmutableArray<KernelCommand>.Builder commands, KernelStart start, KernelCommand by)
    {
        var load = by with { Kind = KernelCommandKind.Load, Address = At(BlockFirst), Length = new(8) };
        var store = load with { Kind = KernelCommandKind.Store, Value = random.Next() };
        var moves = load with { Kind = KernelCommandKind.Compact, Length = new(Page) };
        var goes = moves with { Kind = KernelCommandKind.Madvise, Advice = MemoryAdvice.PageOut };
        bool file = start.Files.Any(each => each.Rights == Both) && random.OneIn(2);
        var map = moves with { Kind = KernelCommandKind.Mmap, Protection = ReadWrite, Flags = Own };
        commands.Add(file
            ? map with
            {
                Flags = MmapFlags.Shared | MmapFlags.Fixed,
                File = new((byte)start.Files.IndexOf(start.Files.First(each => each.Rights == Both))),
            }
            : map);
        KernelCommand[] played = file
            ? [load, store, moves, goes, load]
            : [store, goes, load, store with { Value = store.Value + 1 }, moves, goes, load];
        commands.AddRange(played);
    }

    // What is touched in advance is a copy of its file as it is then, and it would not be known whether there is one.
    private static KernelCommand WithoutAdvance(in KernelCommand command) => command.Kind switch
    {
        KernelCommandKind.Mmap =>
            command with { Flags = command.Flags & ~(MmapFlags.Locked | MmapFlags.Populate) },
        KernelCommandKind.Mlock => command with { Kind = KernelCommandKind.Munlock },
        KernelCommandKind.Pin => new() { Kind = KernelCommandKind.Maps, Process = command.Process, Cpu = command.Cpu },
        _ when command.Advice is MemoryAdvice.PopulateRead or MemoryAdvice.PopulateWrite =>
            command with { Advice = MemoryAdvice.Normal },
        _ => command,
    };

    private static KernelCommand SwapOn(ref CaseRandom random, KernelStart start) => new()
    {
        Kind = KernelCommandKind.SwapOn,
        Cpu = RandomCpu(ref random, start),
        Swap = RandomDevice(ref random),
        Value = random.OneIn(2) ? 0 : 1 + (ulong)random.Below(3),
    };

    // More than one frame at once.
    private KernelCommand Needing(ref CaseRandom random, KernelStart start, KernelWorld world)
    {
        KernelCommand by = new() { Process = new(random.Of(world.Alive)), Cpu = RandomCpu(ref random, start) };
        return random.OneIn(2)
            ? by with { Kind = KernelCommandKind.Fork, Other = new((byte)random.Below(start.Processes)) }
            : by with
            {
                Kind = KernelCommandKind.ForceWrite,
                Address = new(At(BlockFirst + 1 + random.Below(BlockPages - 1)).Value - sizeof(ulong) / 2),
                Length = new(sizeof(ulong)),
                Value = random.Next(),
            };
    }

    // Mostly with a pool that is soon full; switched off, too.
    private KernelCommand Zswap(ref CaseRandom random) => random.OneIn(6) ? new() { Kind = KernelCommandKind.Zswap }
        : new()
        {
            Kind = KernelCommandKind.Zswap,
            Compressor = random.Of(capabilities.Compressors),
            Value = (ulong)random.Below(random.OneIn(3) ? 12 : 4),
        };

    private static SwapDeviceNumber RandomDevice(ref CaseRandom random) =>
        new((byte)random.Below(KernelSequence.SwapSlots.Length));

    private static CpuNumber RandomCpu(ref CaseRandom random, KernelStart start) =>
        new((byte)random.Below(start.Cpus));

    private LinearAddress At(int page) => new(capabilities.Arena.Value + (ulong)page * Page);
}

using System.Runtime.InteropServices;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Swap.Compressed;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The memory manager behind the door. Commands are carried out one after the other, each on its CPU; an access
/// that finds no memory fails with ENOMEM, and its process goes on.
/// </summary>
public sealed class KernelMachine : IKernel, IKernelTables, IKernelSharing, IFrameFailures, IKernelReclaim
{
    private const int FramesUsual = 4096;

    // Not for ever, since a call can need more than there is.
    private const int RoomsMost = 64;

    private readonly KernelCore _core;
    private readonly List<AreaLine> _lines = [];
    private int _processes;

    /// <summary>A kernel on CPUs whose TLBs have these sizes, with so many frames of memory.</summary>
    public KernelMachine(TlbGeometry geometry, int frames = FramesUsual) => _core = new(geometry, frames);

    public KernelCapabilities Capabilities { get; } = new()
    {
        Commands = Enum.GetValues<KernelCommandKind>(),
        Flags = KernelCapabilities.PlainFlags | MmapFlags.Populate | MmapFlags.Locked | MmapFlags.GrowsDown,
        Advice = Enum.GetValues<MemoryAdvice>(),
        FewFrames = true,
        // Survivor: what is said where a library is not installed, nobody hears where both are.
        Compressors =
        [
            .. Lz4Library.IsInstalled(Lz4Library.Name) ? [ZswapCompressor.Lz4] : (ZswapCompressor[])[],
            .. ZstdLibrary.IsInstalled(ZstdLibrary.Name) ? [ZswapCompressor.Zstd] : (ZswapCompressor[])[],
        ],
        MmapMinAddress = MappingCalls.Lowest,
        StackLimit = StackGrowth.LengthMost,
    };

    public ReadOnlySpan<AreaLine> Lines => CollectionsMarshal.AsSpan(_lines);

    public long FailsAt { get; set; }

    public long FramesAsked { get; private set; }

    /// <summary>How many pages the last sequence wrote to the device of its files, and read from there.</summary>
    public (long Written, long Read) Transfers => _core.Store.Transfers;

    public ReclaimCounts Reclaims => _core.Swap.Counts;

    public IObserveSharing? Observer
    {
        get => _core.Watch?.Observer;
        set => _core.Watch = value is null ? null : new(value);
    }

    public FrameNumber Zeros => new(PhysicalPages.ZeroFrame);

    /// <summary>Whether faults take the slow path alone, which has to come to the same.</summary>
    public bool AlwaysSearches { get => _core.AlwaysSearches; set => _core.AlwaysSearches = value; }

    internal KernelCore Core => _core;

    public void Run(KernelStart start, ReadOnlySpan<KernelCommand> commands, Span<KernelAnswer> answers)
    {
        _lines.Clear();
        RunOne(start, commands, answers);
    }

    public void RunAll(ReadOnlySpan<KernelSequence> sequences, Span<KernelAnswer> answers)
    {
        _lines.Clear();
        foreach (ref readonly var sequence in sequences)
        {
            RunOne(sequence.Start, sequence.Commands.AsSpan(), answers);
            answers = answers[sequence.Commands.Length..];
        }
    }

    public void Dispose() => _core.Swap.Dispose();

    public ulong ContentOf(FrameNumber frame)
    {
        ulong content = 0;
        foreach (ulong word in _core.Pages.WordsOf(frame.Value))
        {
            content = ulong.RotateLeft(content, 5) ^ word;
        }

        return content;
    }

    public IReadOnlyList<TableLine> TablesOf(ProcessNumber process) =>
        _core.Spaces[process.Value].Shared is { } shared ? new TableListing(_core.Pages).Of(shared.Top.Value) : [];

    public string? Audit() => new KernelAudit(_core).Find();

    public int EndAll()
    {
        var cpu = _core.Sequential(0);
        foreach (var space in _core.Spaces)
        {
            if (space.Shared is not null)
            {
                ProcessCalls.Exit(cpu, space);
            }
        }

        foreach (var pipe in _core.Pipes)
        {
            PipeCalls.Empty(cpu, pipe);
        }

        foreach (var slot in _core.Pins)
        {
            PinCalls.Release(cpu, slot);
        }

        // The table of the space that idle CPUs run.
        return _core.Pages.Total - _core.Pages.Frames.FreeFrames - _core.Cache.Cached - 1;
    }

    /// <summary>Begins a sequence.</summary>
    internal void Begin(KernelStart start)
    {
        _lines.Clear();
        Reset(start);
    }

    private void Reset(KernelStart start)
    {
        _core.Reset(start, Capabilities.Arena.Value, Capabilities.Heap.Value);
        _processes = start.Processes;
    }

    private void RunOne(KernelStart start, ReadOnlySpan<KernelCommand> commands, Span<KernelAnswer> answers)
    {
        Reset(start);
        long before = _core.Pages.Frames.Asked;
        _core.Pages.Frames.FailsAt = FailsAt == 0 ? 0 : before + FailsAt;
        for (int place = 0; place < commands.Length; place++)
        {
            answers[place] = Answer(_core.Sequential(commands[place].Cpu.Value), commands[place]);
        }

        FramesAsked = _core.Pages.Frames.Asked - before;
    }

    /// <summary>Carries a command out.</summary>
    internal KernelAnswer Answer<TYield>(in KernelCpu<TYield> cpu, in KernelCommand command)
        where TYield : struct, IWait
    {
        var space = _core.Spaces[command.Process.Value];
        bool names = command.Kind is KernelCommandKind.Fork or KernelCommandKind.MadviseOther
            && command.Other.Value < _processes;
        var other = names ? _core.Spaces[command.Other.Value] : space;
        cpu.Enter(space, other);
        bool possible = space.Shared is not null
            && (command.Kind != KernelCommandKind.Fork || (names && other.Shared is null));

        // Nobody else works for a process that begins or ends, or gets another image.
        var changed = !possible ? null : command.Kind == KernelCommandKind.Fork ? other
            : command.Kind is KernelCommandKind.Exit or KernelCommandKind.Exec ? space : null;
        changed?.IsSettled = false;
        var answer = possible
            ? AnswerAtWork(cpu, space, command)
            : new() { Kind = KernelAnswerKind.NotPossible };
        changed?.IsSettled = true;
        cpu.Leave(space, other);
        return answer;
    }

    private KernelAnswer AnswerAtWork<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in KernelCommand command)
        where TYield : struct, IWait
    {
        PageReclaim.KeepReserve(cpu);
        cpu.Run(space);
        _core.Pages.Frames.CacheOf(command.Cpu.Value).Lacks = false;
        ulong address = command.Address.Value + (command.FromLast ? space.LastMapped : 0);
        var (minor, major) = (space.MinorFaults, space.MajorFaults);
        var answer = command.Kind switch
        {
            KernelCommandKind.Load or KernelCommandKind.Store => Access(cpu, space, address, command),
            KernelCommandKind.Checksum => Checksum(cpu, space, address, command.Length.Value),
            KernelCommandKind.Maps => Maps(cpu, space),
            KernelCommandKind.Exec => Of(ImageCalls.Exec(cpu, space, ImageRequest.Of(command, Capabilities))),
            _ => Of(CallAgain(cpu, space, address, command)),
        };

        // After an exit there is nobody whose faults could be told, and a call takes none.
        return space.Shared is null ? answer : answer with
        {
            MinorFaults = (ushort)(space.MinorFaults - minor),
            MajorFaults = (ushort)(space.MajorFaults - major),
        };
    }

    // What fails when no frame is free is tried again, when some can be given back.
    private CallEnd CallAgain<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        var end = Call(cpu, space, address, command);
        for (int rooms = 0; rooms < RoomsMost && end.Errno == Errno.ENOMEM && PageReclaim.TryMakeRoom(cpu); rooms++)
        {
            end = Call(cpu, space, address, command);
        }

        return end;
    }

    private CallEnd Call<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        switch (command.Kind)
        {
            case KernelCommandKind.FileRead:
            case KernelCommandKind.FileWrite:
            case KernelCommandKind.Truncate:
            case KernelCommandKind.PunchHole:
                var files = _core.Locks.Files;
                return command.File.Value < files.Length
                    ? CallAlone(cpu, space, address, command, files[command.File.Value])
                    : CallAtOnce(cpu, space, address, command);
            case KernelCommandKind.PipeWrite:
            case KernelCommandKind.PipeRead:
            case KernelCommandKind.Splice:
            case KernelCommandKind.VmSplice:
                return CallAlone(cpu, space, address, command, _core.Locks.Pipes[command.Pipe.Value]);
            case KernelCommandKind.Pin:
            case KernelCommandKind.Unpin:
            case KernelCommandKind.PinLoad:
            case KernelCommandKind.PinStore:
                return CallAlone(cpu, space, address, command, _core.Locks.Pins[command.Pin.Value]);
            default:
                return CallAtOnce(cpu, space, address, command);
        }
    }

    private CallEnd CallAlone<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command, CallLock held)
        where TYield : struct, IWait
    {
        // That of a file comes before that of a pipe.
        var file = command.Kind == KernelCommandKind.Splice && command.File.Value < KernelStart.FilesMax
            ? _core.Locks.Files[command.File.Value]
            : null;
        if (file is not null)
        {
            CallLocks.Take(cpu, file);
        }

        CallLocks.Take(cpu, held);
        var end = CallAtOnce(cpu, space, address, command);
        held.Release();
        file?.Release();
        return end;
    }

    private CallEnd CallAtOnce<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        ulong length = command.Length.Value, limit = Capabilities.FileSizeLimit;
        int file = command.File.Value;
        switch (command.Kind)
        {
            case KernelCommandKind.Mmap:
                return MappingCalls.Map(
                    cpu, space, new(address, length, command.Protection, command.Flags, file, command.Offset));
            case KernelCommandKind.Munmap:
                return MappingCalls.Unmap(cpu, space, address, length);
            case KernelCommandKind.Mprotect:
                return RangeCalls.Protect(cpu, space, address, length, command.Protection);
            case KernelCommandKind.Madvise:
                return RangeCalls.Advise(cpu, space, address, length, command.Advice);
            case KernelCommandKind.Fork:
                return ProcessCalls.Fork(cpu, space, _core.Spaces[command.Other.Value]);
            case KernelCommandKind.Mremap:
                return MoveCalls.Remap(cpu, space, new(
                    address,
                    AddressSpace.PageAlign(length),
                    AddressSpace.PageAlign(command.NewLength.Value),
                    command.Target.Value,
                    command.Remap));
            case KernelCommandKind.Mlock or KernelCommandKind.Munlock:
                return LockCalls.Lock(cpu, space, address, length, command.Kind == KernelCommandKind.Mlock);
            case KernelCommandKind.Msync:
                return LockCalls.Sync(cpu, space, address, length, command.Sync);
            case KernelCommandKind.ForceWrite:
            case KernelCommandKind.ForceRaced:
                bool raced = command.Kind == KernelCommandKind.ForceRaced;
                return InspectionCalls.ForceWrite(cpu, space, address, length, command.Value, raced);
            case KernelCommandKind.Presence:
                return InspectionCalls.Presence(cpu, space, address, length);
            case KernelCommandKind.Exit:
                ProcessCalls.Exit(cpu, space);
                return CallEnd.Done();
            case KernelCommandKind.FileRead:
                return FileCalls.Read(cpu, file, command.Offset, length);
            case KernelCommandKind.FileWrite:
                return FileCalls.Write(cpu, file, command.Offset, length, command.Value, limit);
            case KernelCommandKind.Truncate:
                return FileCalls.Truncate(cpu, file, command.Offset, limit);
            case KernelCommandKind.PunchHole:
                return FileCalls.PunchHole(cpu, file, command.Offset, length);
            case KernelCommandKind.Fsync:
                return FileCalls.Sync(cpu, file);
            case KernelCommandKind.Brk:
                return HeapCalls.Brk(cpu, space, address);
            case KernelCommandKind.MadviseOther:
                return command.Other.Value >= _processes ? CallEnd.Failed(Errno.ESRCH) : RangeCalls.AdviseOther(
                    cpu, space, _core.Spaces[command.Other.Value], address, length, command.Advice);
            default:
                return CallOnPipe(cpu, space, address, command);
        }
    }

    private CallEnd CallOnPipe<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        ulong length = command.Length.Value;
        var pipe = _core.Pipes[command.Pipe.Value];
        return command.Kind switch
        {
            KernelCommandKind.PipeWrite => PipeCalls.Write(cpu, pipe, (int)length, command.Value),
            KernelCommandKind.PipeRead => PipeCalls.Read(cpu, pipe, length),
            KernelCommandKind.Splice => PipeCalls.Splice(cpu, command.File.Value, command.Offset, length, pipe),
            KernelCommandKind.VmSplice => PipeCalls.VmSplice(cpu, space, address, length, pipe),
            _ => CallOfDevice(cpu, space, address, command),
        };
    }

    private CallEnd CallOfDevice<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        ulong length = command.Length.Value, offset = command.Offset;
        var slot = _core.Pins[command.Pin.Value];
        return command.Kind switch
        {
            KernelCommandKind.Pin => PinCalls.Pin(cpu, space, address, length, command.Pinning, slot),
            KernelCommandKind.Unpin => PinCalls.Unpin(cpu, slot),
            KernelCommandKind.PinLoad => PinCalls.Load(cpu, slot, offset, length),
            KernelCommandKind.PinStore => PinCalls.Store(cpu, slot, offset, length, command.Value),
            _ => SwapCalls.Call(cpu, space, address, command),
        };
    }

    private static KernelAnswer Access<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, in KernelCommand command)
        where TYield : struct, IWait
    {
        int count = (int)command.Length.Value;
        ulong loaded = 0;
        AccessEnd end = default;
        bool done = command.Kind == KernelCommandKind.Load
            ? UserAccess.TryLoad(cpu, space, address, count, out loaded, ref end)
            : UserAccess.TryStore(cpu, space, address, count, command.Value, ref end);
        return done ? new() { Kind = KernelAnswerKind.Done, Value = loaded }
            : end.NoMemory ? new() { Kind = KernelAnswerKind.Failed, Errno = Errno.ENOMEM }
            : new()
            {
                Kind = KernelAnswerKind.Signal,
                Signal = end.Signal,
                Code = end.Code,
                Address = new(end.Address),
            };
    }

    // Pages that cannot be read are skipped.
    private static KernelAnswer Checksum<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length)
        where TYield : struct, IWait
    {
        ulong sum = 0, read = 0;
        for (ulong place = 0; place < length; place += AddressSpace.PageBytes)
        {
            AccessEnd end = default;
            ulong multiplier = 1 + place / sizeof(ulong) * KernelAnswer.ChecksumStep;
            if (UserAccess.TrySum(cpu, space, start + place, multiplier, ref sum, ref end))
            {
                read++;
            }
            else if (end.NoMemory)
            {
                return new() { Kind = KernelAnswerKind.Failed, Errno = Errno.ENOMEM };
            }
        }

        return new() { Kind = KernelAnswerKind.Done, Value = sum, Length = read };
    }

    private KernelAnswer Maps<TYield>(in KernelCpu<TYield> cpu, AddressSpace space)
        where TYield : struct, IWait
    {
        cpu.LockToLook(space);
        int first = _lines.Count;
        for (int node = space.Areas.First; node != 0; node = space.Areas.NextOf(node))
        {
            ref readonly var area = ref space.Areas[node];
            bool file = !area.IsAnonymous && area.Object < _core.Cache.Files;
            _lines.Add(new(
                new(area.Start),
                new(area.End),
                area.Protection,
                area.IsShared,
                area.IsAnonymous ? AreaBacking.Anonymous : file ? AreaBacking.File : AreaBacking.SharedAnonymous,
                new(file ? (byte)area.Object : (byte)0),
                area.IsAnonymous ? 0 : area.Offset));
        }

        int count = _lines.Count - first;
        cpu.Unlock(space);
        return new() { Kind = KernelAnswerKind.Done, Value = (ulong)first, Length = (ulong)count };
    }

    private static KernelAnswer Of(in CallEnd end) => end.Errno != Errno.None
        ? new() { Kind = KernelAnswerKind.Failed, Errno = end.Errno }
        : new() { Kind = KernelAnswerKind.Done, Value = end.Value, Length = end.Length };
}

using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;

namespace PageProof.Reality.Linux;

/// <summary>
/// Turns commands into operations of the stub. Each sequence has processes and files of its own: the root makes
/// the files, forks the first process, and waits at the end for whoever is left.
/// </summary>
internal sealed class KernelOrder
{
    /// <summary>How many texts of areas there is room for.</summary>
    public const int TextsMax = 4;

    /// <summary>How many bytes a text of areas may have.</summary>
    public const int TextLength = 0x40000;

    /// <summary>Where in the buffer the first text lies.</summary>
    public const int Texts = 0x1000;

    /// <summary>The most operations that one step adds.</summary>
    public const int OperationsPerStep = 48;

    private const int FileBytes = Texts + TextsMax * TextLength;
    private const int FileRoom = StubLayout.BufferLength - FileBytes - sizeof(ulong);
    private const int MapsPath = 0x00;
    private const int DescriptorPath = 0x20;
    private const int MemoryPath = 0x60;
    private const int PagesPath = 0x80;
    private const int FileNames = 0x40;
    private const int FileNameLength = 8;
    private const int PipeEnds = 0xA0;
    private const int FirstDescriptor = 10;
    private const ulong FileMemory = StubLayout.Shared + StubLayout.Buffer + FileBytes;
    private const ulong WriteOnly = 1;
    private const ulong ReadWrite = 2;
    private const ulong PunchHole = 3; // FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE
    private const int NoDescriptor = -1;
    private const ulong NobodysNumber = int.MaxValue; // above the largest that there can be
    private const int FirstPipe = FirstDescriptor + KernelStart.FilesMax;
    private const ulong NoWait = 0x800; // O_NONBLOCK
    private const ulong SetPipeSize = 1031; // F_SETPIPE_SZ

    private readonly List<StubOperation> _operations = [];
    private readonly bool[] _isAlive = new bool[KernelStart.ProcessesMax];
    private KernelStart _start = new(0, 0, []);
    private bool _pipes;
    private bool _pins;

    /// <summary>The operations so far.</summary>
    public List<StubOperation> Operations => _operations;

    /// <summary>How many texts of areas they write.</summary>
    public int TextCount { get; private set; }

    /// <summary>Writes the names that operations refer to.</summary>
    public static void WriteNames(Span<byte> buffer)
    {
        "/proc/self/maps\0"u8.CopyTo(buffer[MapsPath..]);
        "/proc/self/fd/0\0"u8.CopyTo(buffer[DescriptorPath..]);
        "/proc/self/mem\0"u8.CopyTo(buffer[MemoryPath..]);
        "/proc/self/pagemap\0"u8.CopyTo(buffer[PagesPath..]);
        for (int file = 0; file < KernelStart.FilesMax; file++)
        {
            buffer[FileNames + file * FileNameLength] = (byte)'f';
            buffer[FileNames + file * FileNameLength + 1] = (byte)('0' + file);
            buffer[FileNames + file * FileNameLength + 2] = 0;
        }
    }

    /// <summary>The text of areas of that number.</summary>
    public static Span<byte> Text(Span<byte> buffer, int number) =>
        buffer.Slice(Texts + number * TextLength, TextLength);

    /// <summary>Begins anew after what is there was carried out.</summary>
    public void Clear()
    {
        _operations.Clear();
        TextCount = 0;
    }

    public void Begin(KernelStart start, ReadOnlySpan<KernelCommand> commands)
    {
        _start = start;
        (_pipes, _pins) = (false, false);
        foreach (ref readonly var command in commands)
        {
            _pipes |= command.Kind is KernelCommandKind.PipeWrite or KernelCommandKind.PipeRead
                or KernelCommandKind.Splice or KernelCommandKind.VmSplice;
            _pins |= command.Kind == KernelCommandKind.Pin;
        }

        for (int file = 0; file < start.Files.Length; file++)
        {
            if (start.Files[file].Rights != FileRights.None)
            {
                Open(file);
            }
        }

        for (int pipe = 0; _pipes && pipe < KernelSequence.PipeBuffers.Length; pipe++)
        {
            OpenPipe(pipe);
        }

        AddFork(StubTree.Root, 0);
    }

    public void End()
    {
        for (int process = 0; process < _isAlive.Length; process++)
        {
            if (_isAlive[process])
            {
                AddExit(process);
            }
        }

        for (int pin = 0; _pins && pin < KernelSequence.Pins; pin++)
        {
            _operations.Add(StubOperation.UnpinAny(StubTree.Root, pin));
        }

        for (int file = 0; file < _start.Files.Length; file++)
        {
            if (_start.Files[file].Rights != FileRights.None)
            {
                Root(SystemCall.Close, FirstDescriptor + (ulong)file);
            }
        }

        for (int pipe = 0; _pipes && pipe < KernelSequence.PipeBuffers.Length; pipe++)
        {
            Root(SystemCall.Close, (ulong)ReadEnd(pipe));
            Root(SystemCall.Close, (ulong)WriteEnd(pipe));
        }
    }

    /// <summary>
    /// Adds what carries a command out; the answer is which operation tells its answer, or -1 when it is not
    /// possible.
    /// </summary>
    public int Add(in KernelCommand command)
    {
        int process = command.Process.Value;
        if (!_isAlive[process])
        {
            return -1;
        }

        switch (command.Kind)
        {
            case KernelCommandKind.Fork:
                int child = command.Other.Value;
                if (child >= _start.Processes || _isAlive[child])
                {
                    return -1;
                }

                AddFork(process, child);
                return _operations.Count - 2;
            case KernelCommandKind.Exit:
                AddExit(process);
                return _operations.Count - 1;
            case KernelCommandKind.MadviseOther:
                int other = command.Other.Value;
                bool isThere = other < _isAlive.Length && _isAlive[other];
                _operations.Add(isThere
                    ? Relative(command, StubOperation.MadviseOther(
                        process, command.Address.Value, command.Length.Value, other, (ulong)command.Advice))
                    : StubOperation.Call(process, SystemCall.PidfdOpen, NobodysNumber));
                return _operations.Count - 1;
            case KernelCommandKind.Maps:
                AddMaps(process);
                return _operations.Count - 2;
            case KernelCommandKind.ForceWrite:
                AddWithFile(process, MemoryPath, ReadWrite, Relative(command, StubOperation.ForceWrite(
                    process, command.Address.Value, command.Value, command.Length.Value)));
                return _operations.Count - 2;
            case KernelCommandKind.Presence:
                AddWithFile(process, PagesPath, 0, Relative(command, StubOperation.Presence(
                    process, command.Address.Value, command.Length.Value / StubLayout.PageSize, FileMemory)));
                return _operations.Count - 2;
            default:
                _operations.Add(Relative(command, Single(process, command)));
                return _operations.Count - 1;
        }
    }

    private static StubOperation Relative(in KernelCommand command, in StubOperation operation) =>
        operation with { IsRelative = command.FromLast };

    private static StubOperation Single(int process, in KernelCommand command)
    {
        ulong address = command.Address.Value;
        ulong length = command.Length.Value;
        int descriptor = FirstDescriptor + command.File.Value;
        return command.Kind switch
        {
            KernelCommandKind.Mmap => Map(process, command),
            KernelCommandKind.Munmap => StubOperation.Call(process, SystemCall.Munmap, address, length),
            KernelCommandKind.Mprotect =>
                StubOperation.Call(process, SystemCall.Mprotect, address, length, (ulong)command.Protection),
            KernelCommandKind.Madvise =>
                StubOperation.Call(process, SystemCall.Madvise, address, length, (ulong)command.Advice),
            KernelCommandKind.Load => StubOperation.Load(process, address, (int)length),
            KernelCommandKind.Store => StubOperation.Store(process, address, (int)length, command.Value),
            KernelCommandKind.Checksum => StubOperation.Sum(process, address, length),

            // The memory is ours, so it is no answer that it is too short. No file is as long.
            KernelCommandKind.FileRead => StubOperation.ReadFile(
                process, descriptor, FileMemory, Math.Min(length, FileRoom), command.Offset),
            KernelCommandKind.FileWrite =>
                StubOperation.WriteFile(process, descriptor, command.Value, length, command.Offset),
            KernelCommandKind.Truncate =>
                StubOperation.Call(process, SystemCall.Ftruncate, (ulong)descriptor, command.Offset),
            KernelCommandKind.Mremap => StubOperation.Map(
                process, SystemCall.Mremap, address, length, command.NewLength.Value, (ulong)command.Remap,
                command.Target.Value),
            KernelCommandKind.Mlock => StubOperation.Call(process, SystemCall.Mlock, address, length),
            KernelCommandKind.Munlock => StubOperation.Call(process, SystemCall.Munlock, address, length),
            KernelCommandKind.Msync =>
                StubOperation.Call(process, SystemCall.Msync, address, length, (ulong)command.Sync),
            KernelCommandKind.PunchHole => StubOperation.Call(
                process, SystemCall.Fallocate, (ulong)descriptor, PunchHole, command.Offset, length),
            KernelCommandKind.Fsync => StubOperation.Call(process, SystemCall.Fsync, (ulong)descriptor),
            KernelCommandKind.Brk => StubOperation.Call(process, SystemCall.Brk, address),
            KernelCommandKind.PipeWrite => StubOperation.WritePipe(
                process, WriteEnd(command.Pipe.Value), command.Value, length, FileMemory),
            KernelCommandKind.PipeRead => StubOperation.ReadPipe(
                process, ReadEnd(command.Pipe.Value), FileMemory, Math.Min(length, FileRoom)),
            KernelCommandKind.Splice => StubOperation.Splice(
                process, descriptor, command.Offset, WriteEnd(command.Pipe.Value), length),
            KernelCommandKind.VmSplice =>
                StubOperation.VmSplice(process, address, length, WriteEnd(command.Pipe.Value)),
            KernelCommandKind.Pin => StubOperation.Pin(process, command.Pin.Value, address, length),
            KernelCommandKind.Unpin => StubOperation.Unpin(process, command.Pin.Value),
            KernelCommandKind.PinLoad =>
                StubOperation.PinLoad(process, command.Pin.Value, command.Offset, length),
            KernelCommandKind.PinStore =>
                StubOperation.PinStore(process, command.Pin.Value, command.Offset, length, command.Value),
            var kind => throw new ArgumentOutOfRangeException(nameof(command), kind, "Linux is not asked this."),
        };
    }

    private static StubOperation Map(int process, in KernelCommand command)
    {
        bool anonymous = command.Flags.HasFlag(Contract.AddressSpaces.MmapFlags.Anonymous);
        int descriptor = anonymous ? NoDescriptor : FirstDescriptor + command.File.Value;
        return StubOperation.Map(
            process, SystemCall.Mmap, command.Address.Value, command.Length.Value, (ulong)command.Protection,
            (ulong)command.Flags, (ulong)descriptor, command.Offset);
    }

    // The lowest descriptor that is free is 0, and then 1: the root has no others below those of the files.
    private void Open(int file)
    {
        var (length, rights) = _start.Files[file];
        ulong name = StubTree.BufferAddress + (ulong)(FileNames + file * FileNameLength);
        Root(SystemCall.MemfdCreate, name, 0);
        Root(SystemCall.Ftruncate, 0, length.Value);
        if (rights == (FileRights.Read | FileRights.Write))
        {
            Root(SystemCall.Dup2, 0, FirstDescriptor + (ulong)file);
        }
        else
        {
            ulong path = StubTree.BufferAddress + DescriptorPath;
            Root(SystemCall.Open, path, rights == FileRights.Write ? WriteOnly : 0);
            Root(SystemCall.Dup2, 1, FirstDescriptor + (ulong)file);
            Root(SystemCall.Close, 1);
        }

        Root(SystemCall.Close, 0);
    }

    private static int ReadEnd(int pipe) => FirstPipe + 2 * pipe;

    private static int WriteEnd(int pipe) => ReadEnd(pipe) + 1;

    // Its ends are the lowest descriptors, 0 and 1, at first.
    private void OpenPipe(int pipe)
    {
        Root(SystemCall.Pipe2, StubTree.BufferAddress + PipeEnds, NoWait);
        Root(SystemCall.Dup2, 0, (ulong)ReadEnd(pipe));
        Root(SystemCall.Dup2, 1, (ulong)WriteEnd(pipe));
        Root(SystemCall.Close, 0);
        Root(SystemCall.Close, 1);
        Root(SystemCall.Fcntl, (ulong)ReadEnd(pipe), SetPipeSize,
            (ulong)KernelSequence.PipeBuffers[pipe] * StubLayout.PageSize);
    }

    private void AddFork(int process, int child)
    {
        _isAlive[child] = true;
        var (fork, begin) = StubOperation.Fork(process, child);
        _operations.Add(fork);
        _operations.Add(begin);
    }

    private void AddExit(int process)
    {
        _isAlive[process] = false;
        var (exit, wait) = StubOperation.Exit(process);
        _operations.Add(exit);
        _operations.Add(wait);
    }

    private void AddMaps(int process)
    {
        ulong text = StubTree.BufferAddress + (ulong)(Texts + TextCount * TextLength);
        TextCount++;
        AddWithFile(process, MapsPath, 0, StubOperation.ReadToEnd(process, 0, text, TextLength));
    }

    // As descriptor 0, which no process has otherwise.
    private void AddWithFile(int process, int path, ulong flags, in StubOperation use)
    {
        _operations.Add(StubOperation.Call(process, SystemCall.Open, StubTree.BufferAddress + (ulong)path, flags));
        _operations.Add(use);
        _operations.Add(StubOperation.Call(process, SystemCall.Close, 0));
    }

    private void Root(SystemCall number, ulong a, ulong b = 0, ulong c = 0) =>
        _operations.Add(StubOperation.Call(StubTree.Root, number, a, b, c));
}

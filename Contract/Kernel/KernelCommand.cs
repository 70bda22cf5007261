using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.PageCache;
using PageProof.Contract.Tlb;

namespace PageProof.Contract.Kernel;

/// <summary>The number of a process of a sequence, from 0; it can be taken again when its process is gone.</summary>
public readonly record struct ProcessNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"process {Value}";
}

/// <summary>The number of a pipe of a sequence, from 0. All processes have both ends of each.</summary>
public readonly record struct PipeNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"pipe {Value}";
}

/// <summary>The number of a pin of a sequence, from 0: of the bytes that a device can reach.</summary>
public readonly record struct PinNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"pin {Value}";
}

/// <summary>The number of a swap device of a sequence, from 0.</summary>
public readonly record struct SwapDeviceNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"swap device {Value}";
}

/// <summary>What a device wants with what it pins. Source: Linux, FOLL_WRITE and FOLL_LONGTERM.</summary>
[Flags]
public enum PinFlags : byte
{
    /// <summary>It reads, and soon unpins.</summary>
    None,
    /// <summary>It writes, too.</summary>
    Write = 1,
    /// <summary>It keeps them for as long as it likes.</summary>
    LongTerm = 2,
}

/// <summary>What compresses the pages that go to swap devices.</summary>
public enum ZswapCompressor : byte
{
    /// <summary>Nothing does.</summary>
    None,
    /// <summary>LZ4.</summary>
    Lz4,
    /// <summary>Zstandard.</summary>
    Zstd,
}

/// <summary>What a command does.</summary>
public enum KernelCommandKind : byte
{
    /// <summary>mmap(2).</summary>
    Mmap,
    /// <summary>munmap(2).</summary>
    Munmap,
    /// <summary>mprotect(2).</summary>
    Mprotect,
    /// <summary>madvise(2).</summary>
    Madvise,
    /// <summary>An instruction loads 1, 2, 4 or 8 bytes.</summary>
    Load,
    /// <summary>An instruction stores 1, 2, 4 or 8 bytes.</summary>
    Store,
    /// <summary>
    /// The program reads the pages of a range in rising order, by loads of 8 bytes; pages that it cannot read
    /// it skips. The range lies on page boundaries. See <see cref="KernelAnswer.Value"/>.
    /// </summary>
    Checksum,
    /// <summary>fork(2); the child takes another number.</summary>
    Fork,
    /// <summary>_exit(2). The process is gone when this is answered.</summary>
    Exit,
    /// <summary>pread(2).</summary>
    FileRead,
    /// <summary>pwrite(2), of at most 8 bytes.</summary>
    FileWrite,
    /// <summary>ftruncate(2).</summary>
    Truncate,
    /// <summary>Tells the areas of the process, as <c>/proc/PID/maps</c> does.</summary>
    Maps,
    /// <summary>mremap(2).</summary>
    Mremap,
    /// <summary>mlock(2).</summary>
    Mlock,
    /// <summary>munlock(2).</summary>
    Munlock,
    /// <summary>msync(2).</summary>
    Msync,
    /// <summary>fallocate(2) with FALLOC_FL_PUNCH_HOLE and FALLOC_FL_KEEP_SIZE.</summary>
    PunchHole,
    /// <summary>fsync(2).</summary>
    Fsync,
    /// <summary>
    /// The process writes up to 8 bytes of its own memory as <c>/proc/PID/mem</c> does it: also where the process
    /// may not store. Its faults count.
    /// </summary>
    ForceWrite,
    /// <summary>
    /// Tells which pages of a range of at most 64 are present, as <c>/proc/PID/pagemap</c> does: a bit of
    /// <see cref="KernelAnswer.Value"/> for each, the lowest for the first.
    /// </summary>
    Presence,
    /// <summary>
    /// brk(2), as the kernel answers it: <see cref="KernelAnswer.Value"/> is the break after the call, which is the
    /// one before it when the call was refused.
    /// </summary>
    Brk,
    /// <summary>
    /// process_madvise(2) of one range, by a descriptor that pidfd_open(2) gives for <see cref="KernelCommand.Other"/>,
    /// which may be the process itself.
    /// </summary>
    MadviseOther,
    /// <summary>
    /// write(2) to a pipe: the bytes of <see cref="KernelCommand.Value"/>, and then zeros. Nothing waits.
    /// </summary>
    PipeWrite,
    /// <summary>read(2) from a pipe. Nothing waits.</summary>
    PipeRead,
    /// <summary>splice(2) from a place of a file to a pipe. Nothing waits.</summary>
    Splice,
    /// <summary>vmsplice(2) of bytes of the process to a pipe. Nothing waits.</summary>
    VmSplice,
    /// <summary>
    /// A forced write, and another thread of the process advises MADV_DONTNEED for the page of its first byte, once:
    /// when the kernel has made that page one to write to, and before it writes.
    /// </summary>
    ForceRaced,
    /// <summary>
    /// execve(2) of a file, with the image that the command describes: text, data that follow it in the file on the
    /// next page, and zeros behind the data. What the process had mapped is gone; it has a heap and a stack of its own.
    /// </summary>
    Exec,
    /// <summary>
    /// A device that the process drives pins the pages of a range, all or none of them, as pin_user_pages() does it: to
    /// read or to write them behind the page tables, whatever becomes of the process.
    /// </summary>
    Pin,
    /// <summary>The device is done with what it pinned.</summary>
    Unpin,
    /// <summary>The device reads up to 8 bytes of what it pinned.</summary>
    PinLoad,
    /// <summary>The device writes up to 8 bytes of what it pinned.</summary>
    PinStore,
    /// <summary>swapon(2) of a device that is formatted; with a priority if one is told.</summary>
    SwapOn,
    /// <summary>swapoff(2).</summary>
    SwapOff,
    /// <summary>
    /// Frames are given up: so many bytes of pages as a write to <c>memory.reclaim</c> asks for; of none, one round of
    /// what the kernel does in the background, which is nothing while enough is free.
    /// </summary>
    Reclaim,
    /// <summary>One transfer of a swap device is to fail, which comes after so many others as are told.</summary>
    SwapFault,
    /// <summary>
    /// zswap is switched on, or over to another compressor or limit, as by its parameters <c>enabled</c>,
    /// <c>compressor</c> and <c>max_pool_percent</c>; without a compressor it is switched off. What is in its pool
    /// stays there until it is asked for, written back or given up.
    /// </summary>
    Zswap,
    /// <summary>
    /// Pages are moved to other frames: those of a range of the process, as move_pages(2) does it, with whoever else
    /// has them; without a length, those of whomever that are in the way of a free block of
    /// <see cref="FrameOrder"/> <see cref="KernelCommand.Value"/>, as a write to <c>compact_memory</c> does it. What
    /// cannot be moved stays.
    /// </summary>
    Compact,
}

/// <summary>
/// One step of a sequence, done by one process, flat. Members that do not belong to its kind are zero.
/// Addresses and lengths of calls can be any numbers.
/// </summary>
public readonly record struct KernelCommand
{
    /// <summary>What is done.</summary>
    public KernelCommandKind Kind { get; init; }

    /// <summary>Which process does it.</summary>
    public ProcessNumber Process { get; init; }

    /// <summary>On which CPU it is done, where the system can choose.</summary>
    public CpuNumber Cpu { get; init; }

    /// <summary>
    /// <see cref="Address"/> is added to the address that the last mmap or mremap of the process which succeeded
    /// has given; before the first one, to the start of the arena. A child begins with that of its parent. What is
    /// named so lies within <see cref="KernelSequence.FromLastMax"/> from there.
    /// </summary>
    public bool FromLast { get; init; }

    /// <summary>The first address. Exec: that of the text, on a page boundary.</summary>
    public LinearAddress Address { get; init; }

    /// <summary>How many bytes. Exec: of text.</summary>
    public ByteCount Length { get; init; }

    /// <summary>Mremap: the address to move to. Exec: that of the data.</summary>
    public LinearAddress Target { get; init; }

    /// <summary>Mremap: how many bytes it is to have. Exec: how many bytes of data the file has.</summary>
    public ByteCount NewLength { get; init; }

    /// <summary>Mmap and mprotect: the protection.</summary>
    public MemoryProtection Protection { get; init; }

    /// <summary>Mmap: the flags.</summary>
    public MmapFlags Flags { get; init; }

    /// <summary>Mremap: the flags.</summary>
    public MremapFlags Remap { get; init; }

    /// <summary>Msync: the flags.</summary>
    public MsyncFlags Sync { get; init; }

    /// <summary>Madvise, also of another: the advice.</summary>
    public MemoryAdvice Advice { get; init; }

    /// <summary>Mmap without anonymous memory, and all that is done to files: which one.</summary>
    public FileNumber File { get; init; }

    /// <summary>
    /// Mmap: where in the file the area begins, in bytes. File read and write, splice and hole: where they begin,
    /// and truncate: the length of the file, as a signed number. Exec: where the text begins, on a page boundary.
    /// Pin load and store: which of the pinned bytes comes first.
    /// </summary>
    public ulong Offset { get; init; }

    /// <summary>
    /// Store, file write, forced write, pipe write and pin store: the bytes, lowest first. Exec: how many zeros. Swap
    /// on: a priority and one; 0 for none. Swap fault: the number of the transfer, from 1 on; 0 when none is to fail.
    /// Zswap: how many pages the pool may have. Compact: the order of a block.
    /// </summary>
    public ulong Value { get; init; }

    /// <summary>Fork: the number of the child. Madvise of another: whose memory it is about.</summary>
    public ProcessNumber Other { get; init; }

    /// <summary>All that is done to pipes: which one.</summary>
    public PipeNumber Pipe { get; init; }

    /// <summary>All that is done with pins: which one.</summary>
    public PinNumber Pin { get; init; }

    /// <summary>Pin: what for.</summary>
    public PinFlags Pinning { get; init; }

    /// <summary>Swap on and off: which device.</summary>
    public SwapDeviceNumber Swap { get; init; }

    /// <summary>Zswap: what compresses.</summary>
    public ZswapCompressor Compressor { get; init; }

    /// <inheritdoc/>
    public override string ToString() => KernelText.Of(this);
}

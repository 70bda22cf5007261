using PageProof.Contract.Paging;

namespace PageProof.Contract.Kernel;

/// <summary>The kinds of answers to commands.</summary>
public enum KernelAnswerKind : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>The command was carried out.</summary>
    Done,
    /// <summary>The call failed with an errno.</summary>
    Failed,
    /// <summary>An instruction ended in a signal.</summary>
    Signal,
    /// <summary>
    /// The command is by a process that is not there, or forks to a number that is taken or none of the
    /// sequence's: nothing happened.
    /// </summary>
    NotPossible,
}

/// <summary>Why a call failed, in the values of Linux x86-64. Source: errno(3).</summary>
public enum Errno : byte
{
    /// <summary>It did not.</summary>
    None = 0,
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,
    /// <summary>No such file.</summary>
    ENOENT = 2,
    /// <summary>No such process.</summary>
    ESRCH = 3,
    /// <summary>Input or output failed.</summary>
    EIO = 5,
    /// <summary>No such device or address.</summary>
    ENXIO = 6,
    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,
    /// <summary>Try again, or a limit is reached.</summary>
    EAGAIN = 11,
    /// <summary>Not enough memory, or addresses that are not mapped.</summary>
    ENOMEM = 12,
    /// <summary>Permission denied.</summary>
    EACCES = 13,
    /// <summary>Bad address.</summary>
    EFAULT = 14,
    /// <summary>Something is busy.</summary>
    EBUSY = 16,
    /// <summary>Something is there.</summary>
    EEXIST = 17,
    /// <summary>No such device, or it cannot do this.</summary>
    ENODEV = 19,
    /// <summary>Invalid argument.</summary>
    EINVAL = 22,
    /// <summary>The file is in use by the kernel itself.</summary>
    ETXTBSY = 26,
    /// <summary>The file would be too large.</summary>
    EFBIG = 27,
    /// <summary>No space is left on the device.</summary>
    ENOSPC = 28,
    /// <summary>It can only be read.</summary>
    EROFS = 30,
    /// <summary>A number is too large.</summary>
    EOVERFLOW = 75,
    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,
}

/// <summary>The signals of memory accesses, with their codes. Source: sigaction(2).</summary>
public enum MemorySignal : byte
{
    /// <summary>No signal.</summary>
    None,
    /// <summary>SIGSEGV, SEGV_MAPERR: there is no area.</summary>
    NoArea,
    /// <summary>SIGSEGV, SEGV_ACCERR: the area forbids it.</summary>
    Forbidden,
    /// <summary>SIGSEGV, SEGV_PKUERR: a protection key forbids it.</summary>
    ForbiddenByKey,
    /// <summary>SIGSEGV, SI_KERNEL: the address is not canonical. The address is then told as 0.</summary>
    NotCanonical,
    /// <summary>SIGBUS, BUS_ADRERR: the file has no such page.</summary>
    BeyondFile,
}

/// <summary>What a system says of one command. Members that do not belong to the answer are zero.</summary>
public readonly record struct KernelAnswer
{
    /// <summary>The multiplier of a word of a checksum is that of the word before, and this.</summary>
    public const ulong ChecksumStep = 0x3C6E_F372_FE94_F82A;

    /// <summary>Which kind of answer this is.</summary>
    public KernelAnswerKind Kind { get; init; }

    /// <summary>Why the call failed.</summary>
    public Errno Errno { get; init; }

    /// <summary>The signal of an access.</summary>
    public MemorySignal Signal { get; init; }

    /// <summary>Signal: the error code of the page fault, as the frame of the signal holds it.</summary>
    public PageFaultCode Code { get; init; }

    /// <summary>Signal: the address that it names.</summary>
    public LinearAddress Address { get; init; }

    /// <summary>
    /// Mmap and mremap: the address. Brk: the break. Presence: the bits. Maps: the place of its first line. Loads,
    /// reads of files and pipes, and checksums: the sum, modulo 2^64, of every word times its multiplier, which is 1
    /// for the first and grows by <see cref="ChecksumStep"/>; words have 8 bytes, lowest first, and missing bytes are
    /// zero; those of pages that are skipped count as zero. So up to 8 bytes are told as they are.
    /// </summary>
    public ulong Value { get; init; }

    /// <summary>
    /// Reads and writes of files and pipes, splices, forced writes, and advice about another: how many bytes.
    /// Checksums: how many pages were read. Maps: how many lines.
    /// </summary>
    public ulong Length { get; init; }

    /// <summary>By how many the minor faults of the process grew with this command; a fork tells none.</summary>
    public ushort MinorFaults { get; init; }

    /// <summary>By how many the major faults of the process grew with this command; a fork tells none.</summary>
    public ushort MajorFaults { get; init; }

    /// <inheritdoc/>
    public override string ToString() => KernelText.Of(this);
}

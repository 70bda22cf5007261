using PageProof.Contract.AddressSpaces;

namespace PageProof.Contract.Kernel;

/// <summary>
/// The door of kernels: processes with address spaces and files, one command after the other.
/// </summary>
public interface IKernel : IDisposable
{
    /// <summary>What sequences this kernel can be asked.</summary>
    KernelCapabilities Capabilities { get; }

    /// <summary>
    /// The lines that the commands of the last <see cref="Run"/> or <see cref="RunAll"/> told, all together;
    /// the answers say which are whose.
    /// </summary>
    ReadOnlySpan<AreaLine> Lines { get; }

    /// <summary>
    /// Begins anew from <paramref name="start"/>, and carries the commands out in their order, each answered
    /// in its place.
    /// </summary>
    void Run(KernelStart start, ReadOnlySpan<KernelCommand> commands, Span<KernelAnswer> answers);

    /// <summary>
    /// Runs sequences one after the other. The answers of each follow those of the one before.
    /// </summary>
    void RunAll(ReadOnlySpan<KernelSequence> sequences, Span<KernelAnswer> answers);
}

/// <summary>What a kernel offers. Whoever makes sequences stays within.</summary>
public sealed record KernelCapabilities
{
    /// <summary>How many numbers of processes there can be.</summary>
    public int Processes { get; init; } = KernelStart.ProcessesMax;

    /// <summary>How many CPUs there can be.</summary>
    public int Cpus { get; init; } = KernelStart.CpusMax;

    /// <summary>
    /// The first address of the arena. It is empty at the start, and there is nothing within half its length
    /// below it, and within as much and <see cref="StackGapPages"/> above. What a command maps, unmaps or protects at
    /// an address of its own choice lies there, in the lowest <see cref="LowPages"/> that there can be, or outside
    /// user addresses.
    /// </summary>
    public LinearAddress Arena { get; init; } = new(0x10_0000_0000);

    /// <summary>How many pages of 4 KiB the arena has.</summary>
    public int ArenaPages { get; init; } = 64;

    /// <summary>
    /// The first break of every process, on a page boundary: the heap that brk(2) moves begins there. It lies in the
    /// arena, and is empty at the start.
    /// </summary>
    public LinearAddress Heap { get; init; } = new(0x10_0000_A000);

    /// <summary>How many pages a stack keeps free to what can be accessed below it: stack_guard_gap.</summary>
    public const int StackGapPages = 256;

    /// <summary>
    /// How many pages from <see cref="MmapMinAddress"/> on are empty at the start, like all below, if it is tried out
    /// what lies there.
    /// </summary>
    public const int LowPages = 64;

    /// <summary>How far a stack can grow: RLIMIT_STACK of every process, in whole pages.</summary>
    public ulong StackLimit { get; init; } = 48 * 4096;

    /// <summary>The address after the last of the stack that an exec makes, in the arena's surroundings.</summary>
    public LinearAddress StackTop { get; init; } = new(0x10_0015_0000);

    /// <summary>The commands that every kernel can be given.</summary>
    public static IReadOnlyList<KernelCommandKind> PlainCommands { get; } =
        [.. Enum.GetValues<KernelCommandKind>().Where(kind => kind <= KernelCommandKind.Maps)];

    /// <summary>The flags of mmap that every kernel can be given.</summary>
    public const MmapFlags PlainFlags = MmapFlags.Shared | MmapFlags.Private | MmapFlags.Fixed
        | MmapFlags.Anonymous | MmapFlags.FixedNoReplace;

    /// <summary>The advice that every kernel can be given.</summary>
    public static IReadOnlyList<MemoryAdvice> PlainAdvice { get; } = [MemoryAdvice.Normal, MemoryAdvice.DontNeed];

    /// <summary>
    /// The lowest address that a hint can lead to, on a page boundary: mmap_min_addr.
    /// </summary>
    public ulong MmapMinAddress { get; init; } = 1 << 16;

    /// <summary>The commands that can be given.</summary>
    public IReadOnlyList<KernelCommandKind> Commands { get; init; } = PlainCommands;

    /// <summary>The flags of mmap that can be passed.</summary>
    public MmapFlags Flags { get; init; } = PlainFlags;

    /// <summary>The advice that can be given; what is no advice at all can be given always.</summary>
    public IReadOnlyList<MemoryAdvice> Advice { get; init; } = PlainAdvice;

    /// <summary>
    /// What pins can be for. Registered buffers of io_uring are always for writing and for long.
    /// </summary>
    public IReadOnlyList<PinFlags> Pinnings { get; init; } =
        [PinFlags.None, PinFlags.Write, PinFlags.LongTerm, PinFlags.Write | PinFlags.LongTerm];

    /// <summary>A process may give advice about another: it has CAP_SYS_NICE.</summary>
    public bool AdvisesOthers { get; init; } = true;

    /// <summary>
    /// A sequence may have files that are open for reading or for writing alone, or not at all.
    /// </summary>
    public bool RestrictedFiles { get; init; } = true;

    /// <summary>A sequence may say how many frames of memory there are.</summary>
    public bool FewFrames { get; init; }

    /// <summary>What zswap can compress with.</summary>
    public IReadOnlyList<ZswapCompressor> Compressors { get; init; } = [];

    /// <summary>
    /// The most bytes that a call may give a file, RLIMIT_FSIZE of every process, with SIGXFSZ ignored. At
    /// least <see cref="KernelStart.FileLengthMax"/>.
    /// </summary>
    public ulong FileSizeLimit { get; init; } = 1 << 24;

    /// <summary>
    /// Bytes that were stored through a shared mapping beyond the end of a file, in its last page, are there
    /// when the file grows. Otherwise they are zero then.
    /// </summary>
    public bool KeepsTails { get; init; }

    /// <summary>How many sequences are best put at once.</summary>
    public int SequencesAtOnce { get; init; } = 64;

    /// <summary>Classes of answers that the kernel never gives: no run has to reach them.</summary>
    public IReadOnlyList<KernelClass> NeverShown { get; init; } = [];

    /// <summary>The ways in which the kernel is known to differ from its manual.</summary>
    public IReadOnlyList<KernelDeviation> Deviations { get; init; } = [];
}

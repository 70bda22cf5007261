namespace PageProof.Contract.Hardening;

/// <summary>
/// The random words of a layout. The lower half of each chooses among the places of one region: by its remainder,
/// or for vdso and entry areas, whose places are no power of two, scaled to them.
/// </summary>
/// <param name="Stack">For the page at which the stack begins.</param>
/// <param name="StackPointer">For the bytes that are left out at its beginning.</param>
/// <param name="Mmap">For where mappings begin.</param>
/// <param name="Program">For a position-independent program.</param>
/// <param name="Vdso">For a vdso above the stack.</param>
/// <param name="Brk">For the heap.</param>
/// <param name="EntryArea">For the entry area of the first CPU.</param>
/// <param name="SecondEntryArea">For that of the second.</param>
public readonly record struct LayoutDraws(
    RandomWord Stack,
    RandomWord StackPointer,
    RandomWord Mmap,
    RandomWord Program,
    RandomWord Vdso,
    RandomWord Brk,
    RandomWord EntryArea,
    RandomWord SecondEntryArea);

/// <summary>
/// What a new address space is to hold, and the words by which it is placed. Sizes are whole pages; those of
/// the interpreter, the heap and the mapping may be zero.
/// </summary>
public readonly record struct LayoutRequest
{
    /// <summary>A limit that is none (RLIM_INFINITY).</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>How much is placed at random.</summary>
    public AslrLevel Level { get; init; }

    /// <summary>The addresses that the process has.</summary>
    public AddressSpaceKind Kind { get; init; }

    /// <summary>How the program says where it lies.</summary>
    public ProgramKind Program { get; init; }

    /// <summary>The kernel that lays it out.</summary>
    public KernelVersion Kernel { get; init; }

    /// <summary>Mappings go up from a third of the address space (vm.legacy_va_layout, ADDR_COMPAT_LAYOUT).</summary>
    public bool IsLegacy { get; init; }

    /// <summary>Paging has five levels.</summary>
    public bool HasFiveLevels { get; init; }

    /// <summary>The kernel places itself at random (no nokaslr).</summary>
    public bool IsKernelRandomized { get; init; }

    /// <summary>The bits by which mappings move: vm.mmap_rnd_bits, or vm.mmap_rnd_compat_bits.</summary>
    public byte MmapBits { get; init; }

    /// <summary>How far the stack may grow (RLIMIT_STACK), or <see cref="Unlimited"/>.</summary>
    public ByteCount StackLimit { get; init; }

    /// <summary>The stack at first.</summary>
    public ByteCount StackSize { get; init; }

    /// <summary>The program, from its first page to its last.</summary>
    public ByteCount ProgramSize { get; init; }

    /// <summary>Its interpreter.</summary>
    public ByteCount InterpreterSize { get; init; }

    /// <summary>The vdso, and the data before it.</summary>
    public ByteCount VdsoSize { get; init; }

    /// <summary>The heap, as far as the program will take it.</summary>
    public ByteCount HeapSize { get; init; }

    /// <summary>The first mapping of anonymous memory that the program asks for.</summary>
    public ByteCount MappingSize { get; init; }

    /// <summary>The random words.</summary>
    public LayoutDraws Draws { get; init; }

    /// <inheritdoc/>
    public override string ToString() => LayoutText.Print(this).TrimEnd().Replace("\n", "; ");
}

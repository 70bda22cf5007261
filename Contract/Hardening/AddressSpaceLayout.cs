namespace PageProof.Contract.Hardening;

/// <summary>
/// Where the regions of a new address space lie, and the entry areas of two CPUs in the kernel's half. A
/// region of no pages lies where it would begin.
/// </summary>
public readonly record struct AddressSpaceLayout
{
    /// <summary>Behind the last page that the stack could have.</summary>
    public LinearAddress StackTop { get; init; }

    /// <summary>Where the stack pointer begins: some bytes below.</summary>
    public LinearAddress StackPointer { get; init; }

    /// <summary>Where mappings begin: they go down from here, or up where the layout is the legacy one.</summary>
    public LinearAddress MmapBase { get; init; }

    /// <summary>The first page of the program.</summary>
    public LinearAddress Program { get; init; }

    /// <summary>The first page of the interpreter.</summary>
    public LinearAddress Interpreter { get; init; }

    /// <summary>The first page of the vdso and its data.</summary>
    public LinearAddress Vdso { get; init; }

    /// <summary>Where the heap begins.</summary>
    public LinearAddress Brk { get; init; }

    /// <summary>The first page of the first mapping.</summary>
    public LinearAddress Mapping { get; init; }

    /// <summary>The entry area of the first CPU.</summary>
    public LinearAddress EntryArea { get; init; }

    /// <summary>The entry area of the second CPU.</summary>
    public LinearAddress SecondEntryArea { get; init; }

    /// <inheritdoc/>
    public override string ToString() => LayoutText.Of(this).Replace("\n", ", ");
}

/// <summary>What a random word places.</summary>
public enum LayoutRegion : byte
{
    /// <summary>The stack, by the page.</summary>
    Stack,
    /// <summary>The stack pointer in it.</summary>
    StackPointer,
    /// <summary>All mappings together.</summary>
    Mmap,
    /// <summary>The program.</summary>
    Program,
    /// <summary>The vdso.</summary>
    Vdso,
    /// <summary>The heap.</summary>
    Brk,
    /// <summary>The entry area of the first CPU.</summary>
    EntryArea,
    /// <summary>The entry area of the second CPU.</summary>
    SecondEntryArea,
    /// <summary>The first mapping, by the word of <see cref="Mmap"/>.</summary>
    Mapping,
}

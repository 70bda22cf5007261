namespace PageProof.Contract.Hardening;

/// <summary>
/// The door of random placement: what lays out the address spaces of processes, from words that somebody
/// drew at random. It keeps nothing from one request to the next.
/// </summary>
public interface IAslr : IDisposable
{
    /// <summary>The words that a seed stands for: the same for the same seed, and otherwise as if drawn.</summary>
    LayoutDraws Draw(ulong seed);

    /// <summary>Lays out an address space for each request.</summary>
    void Place(ReadOnlySpan<LayoutRequest> requests, Span<AddressSpaceLayout> layouts);
}

/// <summary>How much is placed at random: the numbers of /proc/sys/kernel/randomize_va_space.</summary>
public enum AslrLevel : byte
{
    /// <summary>Nothing.</summary>
    Off = 0,
    /// <summary>Stack, mappings, vdso and position-independent programs.</summary>
    WithoutHeap = 1,
    /// <summary>And the heap that brk moves.</summary>
    Full = 2,
}

/// <summary>The addresses that a process has.</summary>
public enum AddressSpaceKind : byte
{
    /// <summary>A 64-bit process: 47 bits, also where paging has five levels.</summary>
    Bits64,
    /// <summary>A 32-bit process of a 64-bit kernel: nearly 4 GiB.</summary>
    Bits32,
    /// <summary>A 32-bit process that is limited to 3 GiB, as all are of kernels of 32 bits.</summary>
    Bits32Of3GiB,
}

/// <summary>How a program says where it lies.</summary>
public enum ProgramKind : byte
{
    /// <summary>At the address for which it was linked.</summary>
    Fixed,
    /// <summary>Anywhere: it is position-independent, and an interpreter is loaded with it.</summary>
    PositionIndependent,
    /// <summary>Anywhere, without an interpreter: a static program, or the interpreter itself.</summary>
    StaticPositionIndependent,
}

/// <summary>A version of the Linux kernel.</summary>
public readonly record struct KernelVersion(byte Major, byte Minor)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}";
}

/// <summary>64 bits that somebody drew at random.</summary>
public readonly record struct RandomWord(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x}";
}

using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>What a command to a software-filled TLB does.</summary>
public enum SoftwareTlbCommandKind : byte
{
    /// <summary>DMTC0: software writes a register.</summary>
    WriteRegister,
    /// <summary>DMFC0: software reads a register.</summary>
    ReadRegister,
    /// <summary>TLBP: Index becomes the place of the entry that EntryHi matches.</summary>
    Probe,
    /// <summary>TLBR: the registers take the entry at Index.</summary>
    ReadEntry,
    /// <summary>TLBWI: the entry at Index takes the registers.</summary>
    WriteIndexed,
    /// <summary>TLBWR: the entry at Random takes the registers.</summary>
    WriteRandom,
    /// <summary>TLBWI when the last probe has found an entry, else TLBWR: a branch and an instruction.</summary>
    WriteProbed,
    /// <summary>An access through a virtual address.</summary>
    Access,
    /// <summary>ERET: the handler of an exception is left.</summary>
    ReturnFromException,
}

/// <summary>
/// A register of coprocessor 0 that has to do with translation, by its number.
/// Source: MIPS R4000 User's Manual, chapter 4.
/// </summary>
public enum SoftwareTlbRegister : byte
{
    /// <summary>The place that TLBWI and TLBR use, and P, by which a probe says that it has failed.</summary>
    Index = 0,
    /// <summary>The place that TLBWR uses.</summary>
    Random = 1,
    /// <summary>The even page of a pair.</summary>
    EntryLo0 = 2,
    /// <summary>The odd page of a pair.</summary>
    EntryLo1 = 3,
    /// <summary>The size of the pages of a pair.</summary>
    PageMask = 5,
    /// <summary>How many entries TLBWR never writes: the first ones.</summary>
    Wired = 6,
    /// <summary>The address that the last exception is about.</summary>
    BadVAddr = 8,
    /// <summary>The virtual address of a pair, and the current ASID.</summary>
    EntryHi = 10,
    /// <summary>The place of a pair in a page table that starts at PTEBase.</summary>
    XContext = 20,
}

/// <summary>Whose access it is, while no exception is handled.</summary>
public enum ProcessorMode : byte
{
    /// <summary>A program's.</summary>
    User,
    /// <summary>A supervisor's.</summary>
    Supervisor,
    /// <summary>The kernel's.</summary>
    Kernel,
}

/// <summary>The content of a register.</summary>
public readonly record struct RegisterWord(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x}";
}

/// <summary>One step of a sequence, flat. Members that do not belong to its kind are zero.</summary>
public readonly record struct SoftwareTlbCommand
{
    /// <summary>What is done.</summary>
    public SoftwareTlbCommandKind Kind { get; init; }

    /// <summary>The register that is written or read.</summary>
    public SoftwareTlbRegister Register { get; init; }

    /// <summary>What is written to it.</summary>
    public RegisterWord Operand { get; init; }

    /// <summary>Access: the virtual address.</summary>
    public LinearAddress Address { get; init; }

    /// <summary>Access: a read, a write or a fetch.</summary>
    public AccessKind Access { get; init; }

    /// <summary>Access: whose it is.</summary>
    public ProcessorMode Mode { get; init; }

    /// <inheritdoc/>
    public override string ToString() => SoftwareTlbText.Of(this);
}

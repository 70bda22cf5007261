namespace PageProof.Contract.Tlb;

/// <summary>The kinds of answers of a software-filled TLB.</summary>
public enum SoftwareTlbAnswerKind : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>The command was carried out.</summary>
    Done,
    /// <summary>
    /// It was carried out, and this word came of it: of a read the register; of TLBP Index; of TLBR EntryHi;
    /// of TLBWR, and of a write as probed, the place that was written.
    /// </summary>
    Value,
    /// <summary>The access goes to a physical address.</summary>
    Translated,
    /// <summary>The access traps.</summary>
    Exception,
    /// <summary>Two entries match: the TLB has shut itself down, and the processor has to be reset.</summary>
    Shutdown,
}

/// <summary>The codes of exceptions of translation. Source: MIPS R4000 User's Manual, chapter 5, Cause.</summary>
public enum ExceptionCode : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>TLB modified: a write to a page whose D is clear.</summary>
    Modified = 1,
    /// <summary>TLB refill or TLB invalid by a load or a fetch.</summary>
    Load = 2,
    /// <summary>TLB refill or TLB invalid by a store.</summary>
    Store = 3,
    /// <summary>Address error by a load or a fetch.</summary>
    AddressLoad = 4,
    /// <summary>Address error by a store.</summary>
    AddressStore = 5,
}

/// <summary>
/// Where the handler of an exception begins, as an offset. Source: MIPS R4000 User's Manual, chapter 5.
/// </summary>
public enum ExceptionVector : ushort
{
    /// <summary>None: there was no exception.</summary>
    None = 0,
    /// <summary>XTLB refill: no entry matches.</summary>
    ExtendedRefill = 0x080,
    /// <summary>Every other exception of translation, and each that comes while one is handled.</summary>
    General = 0x180,
}

/// <summary>What a software-filled TLB says of one command.</summary>
public readonly record struct SoftwareTlbAnswer
{
    /// <summary>Which kind of answer this is.</summary>
    public SoftwareTlbAnswerKind Kind { get; init; }

    /// <summary>What came of a command that has a value.</summary>
    public RegisterWord Value { get; init; }

    /// <summary>Translated: where the access goes.</summary>
    public PhysicalAddress Address { get; init; }

    /// <summary>Translated: the cache algorithm, three bits.</summary>
    public byte Cacheability { get; init; }

    /// <summary>Exception: which.</summary>
    public ExceptionCode Code { get; init; }

    /// <summary>Exception: where its handler begins.</summary>
    public ExceptionVector Vector { get; init; }

    /// <inheritdoc/>
    public override string ToString() => SoftwareTlbText.Of(this);
}

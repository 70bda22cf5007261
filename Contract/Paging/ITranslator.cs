namespace PageProof.Contract.Paging;

/// <summary>
/// The door of paging: any system that turns linear addresses into physical ones. It keeps nothing
/// from case to case.
/// </summary>
public interface ITranslator : IDisposable
{
    /// <summary>What cases this system can be asked.</summary>
    TranslatorCapabilities Capabilities { get; }

    /// <summary>Answers each case in its place. All cases are within <see cref="Capabilities"/>.</summary>
    void Translate(ReadOnlySpan<TranslationCase> cases, Span<TranslationAnswer> answers);
}

/// <summary>
/// What a translator offers and what it cannot answer. Whoever makes cases stays within.
/// </summary>
public sealed record TranslatorCapabilities
{
    /// <summary>The most memory a case may have.</summary>
    public required ByteCount Memory { get; init; }

    /// <summary>The parts that at least some answers tell.</summary>
    public AnswerParts Answers { get; init; } = AnswerParts.All;

    /// <summary>The bits of CR0 that a case may set or clear. Others stay clear.</summary>
    public Cr0 Cr0 { get; init; } = (Cr0)ulong.MaxValue;

    /// <summary>The bits of CR4 that a case may set or clear, besides PAE, which is always set.</summary>
    public Cr4 Cr4 { get; init; } = (Cr4)ulong.MaxValue;

    /// <summary>The bits of EFER that a case may set or clear, besides LME, which is always set.</summary>
    public Efer Efer { get; init; } = (Efer)ulong.MaxValue;

    /// <summary>The widths of physical addresses that can be had.</summary>
    public IReadOnlyList<PhysicalAddressWidth> Widths { get; init; } =
        [.. Enumerable.Range(PhysicalAddressWidth.Least, PhysicalAddressWidth.Most - PhysicalAddressWidth.Least + 1)
            .Select(bits => new PhysicalAddressWidth((byte)bits))];

    /// <summary>Whether there may be processors with 1-GiB pages, and processors without.</summary>
    public IReadOnlyList<bool> GigabytePages { get; init; } = [false, true];

    /// <summary>The makers that can be had.</summary>
    public IReadOnlyList<Vendor> Vendors { get; init; } = [Vendor.Intel, Vendor.Amd];

    /// <summary>The privilege levels at which accesses can be made.</summary>
    public IReadOnlyList<PrivilegeLevel> PrivilegeLevels { get; init; } =
        [PrivilegeLevel.Ring0, PrivilegeLevel.Ring1, PrivilegeLevel.Ring2, PrivilegeLevel.Ring3];

    /// <summary>The accesses that can be made.</summary>
    public IReadOnlyList<AccessKind> Kinds { get; init; } = Enum.GetValues<AccessKind>();

    /// <summary>Whether implicit supervisor accesses can be made.</summary>
    public bool ImplicitAccesses { get; init; } = true;

    /// <summary>Whether references through SS can be made.</summary>
    public bool StackReferences { get; init; } = true;

    /// <summary>
    /// The system makes the access and does not only translate it. Then accesses are aligned to eight
    /// bytes and end inside the memory, no table outside it is read, and no store or fetch falls on a
    /// listed word.
    /// </summary>
    public bool Accesses { get; init; }

    /// <summary>
    /// The index into the top table under which the system maps itself, if it does: no walk of a case
    /// reads that word, no access reaches it, and the case does not list it.
    /// </summary>
    public int? OwnTopIndex { get; init; }

    /// <summary>
    /// How many cases in a row should share width, 1-GiB pages and vendor, because a change of them
    /// means another machine.
    /// </summary>
    public int CasesPerMachine { get; init; } = 1;

    /// <summary>The ways in which the system is known to differ from the manual.</summary>
    public IReadOnlyList<Deviation> Deviations { get; init; } = [];
}

using System.Diagnostics;

namespace PageProof.Contract.Paging;

/// <summary>How a translation ends.</summary>
public enum OutcomeKind : byte
{
    /// <summary>No answer was given.</summary>
    None,

    /// <summary>The access is permitted and has a physical address.</summary>
    Translated,

    /// <summary>#PF with an error code and CR2.</summary>
    PageFault,

    /// <summary>#GP(0): the address is not canonical.</summary>
    GeneralProtection,

    /// <summary>#SS(0): the address is not canonical and was referenced through SS.</summary>
    StackFault,

    /// <summary>The walk read a table outside the simulated memory.</summary>
    OutsideMemory,
}

/// <summary>The end of one translation. Members that do not belong to its kind are zero.</summary>
public readonly record struct TranslationOutcome
{
    // All at once: a walker returns this on its hot path, and an initializer would first clear it.
    private TranslationOutcome(
        OutcomeKind kind,
        PhysicalAddress address = default,
        LinearAddress faultAddress = default,
        PageFaultCode code = default,
        PageSize size = default,
        PageRights rights = default,
        bool global = false,
        bool dirty = false,
        ProtectionKey key = default,
        MemoryType type = default)
    {
        Address = address;
        FaultAddress = faultAddress;
        Kind = kind;
        Code = code;
        Size = size;
        Rights = rights;
        Global = global;
        Dirty = dirty;
        Key = key;
        Type = type;
    }

    /// <summary>Translated: where the access goes. Outside memory: the entry that is not there.</summary>
    public PhysicalAddress Address { get; }

    /// <summary>Page fault: the content of CR2.</summary>
    public LinearAddress FaultAddress { get; }

    /// <summary>Which of the ends this is.</summary>
    public OutcomeKind Kind { get; }

    /// <summary>Page fault: the error code.</summary>
    public PageFaultCode Code { get; }

    /// <summary>Translated: the size of the page.</summary>
    public PageSize Size { get; }

    /// <summary>Translated: what the entries together permit.</summary>
    public PageRights Rights { get; }

    /// <summary>Translated: the page is global, and global pages are switched on.</summary>
    public bool Global { get; }

    /// <summary>Translated: D of the leaf after the access.</summary>
    public bool Dirty { get; }

    /// <summary>Translated: the protection key; zero when keys are switched off.</summary>
    public ProtectionKey Key { get; }

    /// <summary>Translated: the memory type before the MTRRs.</summary>
    public MemoryType Type { get; }

    /// <summary>The access reaches <paramref name="address"/>.</summary>
    public static TranslationOutcome Translated(
        PhysicalAddress address,
        PageSize size,
        PageRights rights,
        bool global,
        bool dirty,
        ProtectionKey key,
        MemoryType type) =>
        new(OutcomeKind.Translated, address, default, default, size, rights, global, dirty, key, type);

    /// <summary>The access ends in #PF.</summary>
    public static TranslationOutcome PageFault(PageFaultCode code, LinearAddress address) =>
        new(OutcomeKind.PageFault, faultAddress: address, code: code);

    /// <summary>The access ends in #GP(0).</summary>
    public static TranslationOutcome GeneralProtection() => new(OutcomeKind.GeneralProtection);

    /// <summary>The access ends in #SS(0).</summary>
    public static TranslationOutcome StackFault() => new(OutcomeKind.StackFault);

    /// <summary>The entry at <paramref name="address"/> would be read, and no memory is there.</summary>
    public static TranslationOutcome OutsideMemory(PhysicalAddress address) =>
        new(OutcomeKind.OutsideMemory, address);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        OutcomeKind.None => "no answer",
        OutcomeKind.Translated => PagingText.Translated(this),
        OutcomeKind.PageFault => $"#PF code 0x{(int)Code:x} ({PagingText.Of(Code)}), CR2 {FaultAddress}",
        OutcomeKind.GeneralProtection => "#GP(0), the address is not canonical",
        OutcomeKind.StackFault => "#SS(0), the address is not canonical",
        OutcomeKind.OutsideMemory => $"no memory at {Address}, where a table was to be read",
        _ => throw new UnreachableException(),
    };
}

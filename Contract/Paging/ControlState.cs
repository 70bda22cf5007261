namespace PageProof.Contract.Paging;

/// <summary>
/// Everything outside memory that decides a translation, except the access itself: registers and
/// what the processor reports about itself by CPUID.
/// </summary>
public readonly record struct ControlState
{
    /// <summary>The bits of CR0.</summary>
    public Cr0 Cr0 { get; init; }

    /// <summary>Where the top table lies.</summary>
    public Cr3 Cr3 { get; init; }

    /// <summary>The bits of CR4.</summary>
    public Cr4 Cr4 { get; init; }

    /// <summary>The bits of IA32_EFER.</summary>
    public Efer Efer { get; init; }

    /// <summary>IA32_PAT.</summary>
    public PageAttributeTable Pat { get; init; }

    /// <summary>The rights of the protection keys.</summary>
    public Pkru Pkru { get; init; }

    /// <summary>The width of physical addresses: address bits from here to 51 are reserved.</summary>
    public PhysicalAddressWidth MaxPhyAddr { get; init; }

    /// <summary>Whether a PDPTE may map a 1-GiB page (CPUID 80000001H: EDX bit 26).</summary>
    public bool HasGigabytePages { get; init; }

    /// <summary>The maker of the processor.</summary>
    public Vendor Vendor { get; init; }

    /// <summary>A long-mode processor in which nothing optional is switched on.</summary>
    public static ControlState LongMode { get; } = new()
    {
        Cr4 = Cr4.PhysicalAddressExtension,
        Efer = Efer.LongModeEnable,
        Pat = PageAttributeTable.AtReset,
        MaxPhyAddr = new(PhysicalAddressWidth.Most),
    };
}

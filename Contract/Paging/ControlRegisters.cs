namespace PageProof.Contract.Paging;

/// <summary>The bits of CR0 that paging reads. Source: Intel SDM vol. 3A, 2.5.</summary>
[Flags]
public enum Cr0 : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>WP: supervisor writes, too, need R/W.</summary>
    WriteProtect = 1UL << 16,
}

/// <summary>The bits of CR4 that paging reads. Source: Intel SDM vol. 3A, 2.5.</summary>
[Flags]
public enum Cr4 : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>PSE: 4-MiB pages in 32-bit paging. Long mode ignores it.</summary>
    PageSizeExtensions = 1UL << 4,

    /// <summary>PAE: 64-bit entries. Long mode needs it.</summary>
    PhysicalAddressExtension = 1UL << 5,

    /// <summary>PGE: the G bit of a leaf counts.</summary>
    PageGlobalEnable = 1UL << 7,

    /// <summary>LA57: five levels and 57-bit linear addresses.</summary>
    FiveLevelPaging = 1UL << 12,

    /// <summary>PCIDE: CR3 bits 11:0 hold a process-context identifier.</summary>
    ProcessContextIdentifiers = 1UL << 17,

    /// <summary>SMEP: a supervisor does not fetch from user pages.</summary>
    SupervisorExecutionPrevention = 1UL << 20,

    /// <summary>SMAP: a supervisor reads and writes user pages only with EFLAGS.AC set.</summary>
    SupervisorAccessPrevention = 1UL << 21,

    /// <summary>PKE: the protection keys of user pages count.</summary>
    ProtectionKeys = 1UL << 22,

    /// <summary>CET: control-flow enforcement, hence shadow-stack pages. It needs CR0.WP.</summary>
    ControlFlowEnforcement = 1UL << 23,
}

/// <summary>The bits of IA32_EFER that paging reads. Source: Intel SDM vol. 3A, 2.2.1.</summary>
[Flags]
public enum Efer : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>LME: long mode.</summary>
    LongModeEnable = 1UL << 8,

    /// <summary>NXE: bit 63 of an entry forbids fetches. Without it the bit is reserved.</summary>
    NoExecuteEnable = 1UL << 11,
}

/// <summary>
/// CR3: bits 51:12 address the top table; bits 11:0 hold a PCID, or PWT and PCD of the top table.
/// Source: Intel SDM vol. 3A, 4.5.2.
/// </summary>
public readonly record struct Cr3(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x}";
}

/// <summary>
/// PKRU: two bits for each of the sixteen protection keys, AD (bit 2i) and WD (bit 2i+1).
/// Source: Intel SDM vol. 3A, 4.6.2.
/// </summary>
public readonly record struct Pkru(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x8}";
}

/// <summary>
/// IA32_PAT: eight memory types of three bits, one in each byte. Source: Intel SDM vol. 3A, 12.12.2.
/// </summary>
public readonly record struct PageAttributeTable(ulong Value)
{
    /// <summary>The value after a reset: WB, WT, UC-, UC, and the same again.</summary>
    public static PageAttributeTable AtReset { get; } = new(0x0007_0406_0007_0406);

    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x16}";
}

/// <summary>MAXPHYADDR: the width of a physical address in bits, from 36 to 52 in long mode.</summary>
public readonly record struct PhysicalAddressWidth(byte Bits)
{
    /// <summary>The least width of a processor with long mode.</summary>
    public const byte Least = 36;
    /// <summary>The width that the format of an entry leaves room for.</summary>
    public const byte Most = 52;

    /// <inheritdoc/>
    public override string ToString() => $"{Bits}";
}

/// <summary>The maker of a processor, where the manuals of the two differ.</summary>
public enum Vendor : byte
{
    /// <summary>Ignores bit 8 of the upper entries.</summary>
    Intel,
    /// <summary>Reserves bit 8 of the entries above the PDPT. Source: AMD APM vol. 2, 5.3.3.</summary>
    Amd,
}

using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Spec.Hardening;

/// <summary>
/// How the two tables of an address space, and their PCIDs, are told apart by one bit each.
/// <code>
///  CR3   63  62  52 51                        13 12 11 10              0
///      +----+------+----------------------------+--+--+-----------------+
///      |keep|  0   | pair of top tables, 8 KiB  |u |u | asid + 1        |
///      +----+------+----------------------------+--+--+-----------------+
/// </code>
/// Of each pair the lower table is the kernel's and the upper the user's (bit 12); so are their PCIDs
/// (bit 11). PCID 0 belongs to no address space.
/// Source: Linux, Documentation/arch/x86/pti.rst, and the comments on PCIDs in arch/x86/mm/tlb.c and on CR3
/// in arch/x86/entry/calling.h; Intel SDM vol. 3A, 4.10.1 and 4.10.4.1.
/// </summary>
public static class KptiFormat
{
    private const ulong UserTable = 1UL << 12;
    private const ushort UserPcidBit = 1 << 11;
    private const ulong Keep = 1UL << 63;
    private const ulong TopTable = 0x000F_FFFF_FFFF_F000;

    /// <summary>The PCID under which the kernel runs in an address space.</summary>
    [Lifted("hardening.spec.kernelPcid")]
    public static Pcid KernelPcid(Asid asid) => new((ushort)(asid.Value + 1));

    /// <summary>The PCID under which its user runs.</summary>
    [Lifted("hardening.spec.userPcid")]
    public static Pcid UserPcid(Asid asid) => new((ushort)(KernelPcid(asid).Value | UserPcidBit));

    /// <summary>The user's top table beside the kernel's.</summary>
    [Lifted("hardening.spec.userTop")]
    public static PhysicalAddress UserTop(PhysicalAddress kernelTop) => new(kernelTop.Value | UserTable);

    /// <summary>The kernel's top table beside the user's.</summary>
    [Lifted("hardening.spec.kernelTop")]
    public static PhysicalAddress KernelTop(PhysicalAddress userTop) => new(userTop.Value & ~UserTable);

    /// <summary>The operand by which CR3 takes on a top table and a PCID.</summary>
    [Lifted("hardening.spec.operand")]
    public static Cr3 Operand(PhysicalAddress top, Pcid pcid, bool keeps) =>
        new((top.Value & TopTable) | pcid.Value | (keeps ? Keep : 0));

    /// <summary>What CR3 is in the kernel, when it was this in user mode: on entry.</summary>
    [Lifted("hardening.spec.entered")]
    public static Cr3 Entered(Cr3 user) => new(user.Value & ~(UserTable | UserPcidBit));

    /// <summary>
    /// What the kernel's top table says of a part of the user's half: the same, but nothing there can be
    /// fetched. An entry that leads nowhere stays as it is.
    /// </summary>
    [Lifted("hardening.spec.kernelCopy")]
    public static PagingEntry KernelCopy(PagingEntry entry) =>
        (entry.Value & (ulong)EntryBit.Present) != 0
            ? new(entry.Value | (ulong)EntryBit.ExecuteDisable)
            : entry;
}
